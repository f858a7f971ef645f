export const phoneEn = {
  'phone.code.title': 'Type the code',
  'phone.code.lead': 'It stands beside the QR code and may change: the newest one counts.',
  'phone.code.label': 'Code',
  'phone.code.go': 'Next',
  'phone.code.instead': 'Type the code',

  'phone.confirm.title.in': 'Check in for {meeting}?',
  'phone.confirm.title.out': 'Check out of {meeting}?',
  'phone.confirm.as': 'as {name}',
  'phone.confirm.nameless': 'the owner of this phone',
  'phone.confirm.go.in': 'Check in',
  'phone.confirm.go.out': 'Check out',
  'phone.confirm.not-you': 'Not you?',
  'phone.confirm.changed':
    'In the meantime this phone was remembered for somebody else. Please look at the name.',

  'phone.sign-in.title': 'Your code is saved',
  'phone.sign-in.lead': 'Sign in to {course} to finish. Take your time: {time} counts.',
  'phone.sign-in.lead.typed': 'Sign in to finish. Take your time: {time} counts.',
  'phone.sign-in.go.in': 'Sign in and check in',
  'phone.sign-in.go.out': 'Sign in and check out',
  'phone.sign-in.manual.title': 'Almost there',
  'phone.sign-in.manual.lead':
    'Open the course {course} in your learning platform, choose Attendance, and type:',
  'phone.sign-in.manual.lead.typed':
    'Open the course in your learning platform, choose Attendance, and type:',
  'phone.sign-in.manual.note':
    'The code may change; the newest one stands on the wall. The time at which you type it counts.',

  'phone.waiting.title': 'Your scan is kept',
  'phone.waiting.lead':
    'The service is busy at the moment. The time of your scan counts. This page tries again by itself.',
  'phone.waiting.go': 'Try again',

  'phone.result.checked-in.title': 'You are checked in',
  'phone.result.checked-out.title': 'You are checked out',
  'phone.result.already.title.in': 'You are checked in already',
  'phone.result.already.title.out': 'You are checked out already',
  'phone.result.noted.title.in': 'Your check-in is noted',
  'phone.result.noted.title.out': 'Your check-out is noted',
  'phone.result.unpaired.title': 'Your check-in is missing',
  'phone.result.unpaired.lead':
    'Your check-out is kept, but you were not checked in before, so no minutes count yet. Please tell your teacher.',
  'phone.result.noted.lead': 'Your teacher has entered your attendance already; that entry stays.',
  'phone.result.set-aside.title.in': 'Your check-in does not count',
  'phone.result.set-aside.title.out': 'Your check-out does not count',
  'phone.result.set-aside.lead':
    'Your teacher has decided so. Were you there? Please talk to them: they can change it.',
  'phone.result.time.in': 'Checked in at',
  'phone.result.time.out': 'Checked out at',
  'phone.result.status': 'Status',
  'phone.result.minutes.in': '{duration} count, if you stay until {end}.',
  'phone.result.minutes.out': '{duration} count.',
  'phone.result.open': 'Please check out at the end as well: only then your minutes count.',
  'phone.result.done': 'You may close this page.',

  'phone.age.seconds': '{count, plural, one {# second} other {# seconds}}',
  'phone.age.minutes': '{count, plural, one {# minute} other {# minutes}}',
  'phone.refused.code-too-old.title': 'This code is {age} old',
  'phone.refused.code-too-old.plain': 'This code is too old',
  'phone.refused.code-too-old.todo': 'Scan again: the code on the wall changes all the time.',
  'phone.refused.code-unknown.title': 'This code is not known',
  'phone.refused.code-unknown.todo': 'Scan the code on the wall again, or type it letter by letter.',
  'phone.refused.not-open-yet.title': 'This code is not open yet',
  'phone.refused.not-open-yet.todo': 'You are early. Scan again once it has opened; nothing was entered.',
  'phone.more-time.lead': 'Have you been given more time for the check-in?',
  'phone.more-time.go': 'Sign in to go on',
  'phone.refused.closed.title': 'This code is closed',
  'phone.refused.closed.todo':
    'If you are in the room, ask your teacher, who can open it again or enter you.',
  'phone.refused.meeting-over.title': 'This meeting is over',
  'phone.refused.meeting-over.todo': 'If you were there, ask your teacher to enter you.',
  'phone.refused.not-a-member.title': 'You are not a member of this course',
  'phone.refused.not-a-member.todo':
    'Nothing was entered. If you belong to it, ask your teacher to enrol you, or sign in with your other account.',
  'phone.refused.not-a-student.title': 'You run this course',
  'phone.refused.not-a-student.todo': 'Only its students check in. The code works, so all is well.',
  'phone.refused.test-user.title': 'This is Student View',
  'phone.refused.test-user.todo':
    'The code works. Student View is nobody’s attendance, so nothing was entered.',
  'phone.refused.ticket-expired.title': 'Your scan is more than ten minutes old',
  'phone.refused.ticket-expired.todo': 'Scan the code on the wall again. If it is gone, ask your teacher.',
  'phone.refused.ticket-used.title': 'This scan was used by somebody else',
  'phone.refused.ticket-used.todo': 'Each scan checks in one person. Scan the code on the wall yourself.',
  'phone.refused.too-many-attempts.title': 'Too many wrong codes',
  'phone.refused.too-many-attempts.todo':
    'Wait ten minutes, scan the QR code, or ask your teacher to check you in.',
} as const;
