/** Mails, and the page on which somebody asks for no more of them. Subjects say nothing that others should not read. */
export const mailEn = {
  'mail.hello': 'Hello {name},',
  'mail.hello.nobody': 'Hello,',
  'mail.meeting': '{meeting}, {day}, {time}',
  'mail.open': 'Open attendance',
  'mail.why': 'You get this mail because you are a member of the course “{course}”.',
  'mail.no-reply': 'It was written by a program: nobody reads answers.',
  'mail.stop': 'No more mails of this kind:',
  'mail.stop.short': 'No more mails of this kind',

  'mail.excuse-decided.subject': '{course}: your excuse was decided',
  'mail.excuse-decided.lead': 'Your excuse in the course “{course}” was decided:',
  'mail.excuse-decided.line': '{meeting}: {decision}',
  'mail.excuse-decided.more': '{count, plural, one {and # more meeting} other {and # more meetings}}',
  'mail.excuse-decided.accepted': 'accepted',
  'mail.excuse-decided.declined': 'declined',
  'mail.excuse-decided.close': 'If your teacher has written something about it, it stands there.',

  'mail.excuses-received.subject':
    '{course}: {count, plural, one {# excuse waits} other {# excuses wait}} for a decision',
  'mail.excuses-received.lead':
    'In the course “{course}” {count, plural, one {# excuse waits} other {# excuses wait}} for your decision.',
  'mail.excuses-received.close':
    'You get at most one such mail within three hours, and only when something new has come.',

  'mail.marked-absent.subject': '{course}: please look at your attendance',
  'mail.marked-absent.lead': 'In the course “{course}” you were marked absent:',
  'mail.marked-absent.close':
    'Is that wrong? Please tell your teacher. Did you have a reason? Then you can hand in an excuse there.',

  'mail.rate-below.subject': '{course}: please look at your attendance',
  'mail.rate-below.lead':
    'In the course “{course}” your attendance is {rate} now. At least {required} % are required.',
  'mail.rate-below.close':
    'There you see which meetings count, and what you can still reach. We tell you this only once.',

  'mail.kind.excuse-decided': 'Decisions about your excuses',
  'mail.kind.excuses-received': 'Excuses that wait for a decision',
  'mail.kind.marked-absent': 'Meetings at which you were marked absent',
  'mail.kind.rate-below': 'An attendance rate below what is required',

  'mail.sample.name': 'Anna',
  'mail.sample.course': 'Sample course',

  'mail.stop.title': 'Mails about attendance',
  'mail.stop.ask': 'No more mails of this kind?',
  'mail.stop.all-courses': 'This holds in all courses. Other kinds of mails are not concerned.',
  'mail.stop.go': 'No more of these',
  'mail.stop.done': 'These mails are off',
  'mail.stop.done.text':
    'No more mails of this kind are sent, in no course. What they would tell stands in the course.',
  'mail.stop.undo': 'Turn them on again',
  'mail.stop.undone': 'These mails are on again',
  'mail.stop.undone.text': 'Mails of this kind are sent again where a course wants them.',
  'mail.stop.wrong': 'This link does not work',
  'mail.stop.wrong.text':
    'It is incomplete or too old. Please open it from a newer mail, by a click on the link rather than by copying it.',
} as const;
