/** Words that several screens share. */
export const wordsEn = {
  'app.name': 'Attendance',
  'outside.title': 'SK Attendance',
  'outside.what':
    'Attendance inside your learning platform: teachers open a check-in, students scan it with their phones.',
  'outside.todo': 'There is nothing to sign in to here. Open Attendance from your course.',
  'outside.code': 'I have a code from the wall',

  'status.present': 'present',
  'status.late': 'late',
  'status.partial': 'left early',
  'status.absent': 'absent',
  'status.excused': 'excused',
  'status.untaken': 'not taken yet',

  'excuse.state.submitted': 'submitted',
  'excuse.state.accepted': 'accepted',
  'excuse.state.declined': 'declined',
  'excuse.state.withdrawn': 'withdrawn',
  'excuse.reason.illness': 'illness',
  'excuse.reason.care': 'caring for somebody',
  'excuse.reason.appointment': 'doctor’s or other appointment',
  'excuse.reason.authority': 'authority or court',
  'excuse.reason.work': 'work',
  'excuse.reason.other': 'another reason',

  'meeting.problem.title': 'Please use at most 200 characters.',
  'meeting.problem.date': 'Please choose a day.',
  'meeting.problem.from': 'Please enter when it begins, like 09:00.',
  'meeting.problem.to': 'Please enter when it ends, like 12:45.',
  'meeting.problem.end-before-start':
    'The end must come after the beginning. If the meeting goes on over midnight, tick “Ends on the next day”.',
  'meeting.problem.no-such-time': 'The clocks change that night: this time does not exist. Choose another.',
  'meeting.problem.break': 'The break must be shorter than the meeting.',
  'meeting.problem.room': 'Please use at most 100 characters.',

  'window.blocked': 'Your browser did not open the window. Allow pop-ups for this page and try again.',
} as const;
