export const privacyEn = {
  'privacy.days': '{count, plural, one {# day} other {# days}}',
  'privacy.years': '{count, plural, one {# year} other {# years}}',
  'privacy.erased-person': 'Erased person {number}',

  'my-data.title': 'My data',
  'my-data.file-name': 'my-attendance-data.zip',
  'my-data.kept': 'What is kept',
  'my-data.who': 'Who sees it',
  'my-data.long': 'How long',
  'my-data.account': 'Name and account',
  'my-data.records': 'Attendance',
  'my-data.check-ins': 'Check-ins',
  'my-data.excuses': 'Excuses',
  'my-data.phones': 'Remembered phones and links',
  'my-data.messages': 'E-mails',
  'my-data.log': 'Log of changes',

  'my-data-student.lead':
    'This is what the attendance tool keeps of you, in all your courses. It does not follow you around, keeps no places, and asks for no diagnosis.',
  'my-data-student.download': 'Download my data',
  'my-data-student.download.hint':
    'One ZIP file with everything below, and with the documents that are still there.',
  'my-data-student.account.kept':
    'Your name, your e-mail address, and the numbers by which your learning platform knows you; your courses and since when you have been in them.',
  'my-data-student.account.who':
    'Your name: those who run your courses. Everything: whoever operates the tool.',
  'my-data-student.account.long':
    'Until {span} after your last course. From then on your attendance belongs to nobody who can be told.',
  'my-data-student.records.kept':
    '{count, plural, =0 {Nothing so far. It would be your status at each meeting, with times, minutes and the note beside it.} one {# entry: your status at a meeting, with times, minutes and the note beside it.} other {# entries: your status at each meeting, with times, minutes and the note beside it.}}',
  'my-data-student.records.who': 'You, and those who run the course.',
  'my-data-student.records.long':
    'It stays, because the course has to be able to prove it; without your name as soon as that is erased.',
  'my-data-student.check-ins.kept':
    '{count, plural, =0 {Nothing so far. It would be when and how you check in.} one {# check-in: when and how.} other {# check-ins: when and how.}} Beside it: how old the code was, which phone and browser it was, a fingerprint of the network, and how many metres from the room you were, if you allowed that. Never where you were.',
  'my-data-student.check-ins.who':
    'You see your times. Those who run the course also see hints such as “two people with one phone”.',
  'my-data-student.check-ins.long':
    'What it tells of phone, browser, network and distance: {span} after the meeting. The check-in itself stays with your attendance.',
  'my-data-student.excuses.kept':
    '{count, plural, =0 {None so far.} one {# excuse} other {# excuses}}{count, plural, =0 { The kind, your words, the decision, and your documents would be kept.} other {{documents, plural, =0 {} one { with # document} other { with # documents}}: the kind, your words, the decision, and your documents.}}',
  'my-data-student.excuses.who.teachers':
    'You and the teachers of the course. Whoever opens a document stands in the log.',
  'my-data-student.excuses.who.assistants':
    'You, and the teachers and assistants of the course. Whoever opens a document stands in the log.',
  'my-data-student.excuses.long':
    'Documents: {documents} after the decision. Words: {texts} after it. Of an excuse that you take back, documents go at once. That there was one, its kind, its days and the decision stay.',
  'my-data-student.phones.kept':
    '{count, plural, =0 {No remembered phone.} one {# remembered phone.} other {# remembered phones.}} {calendar, select, yes {A calendar link.} other {No calendar link.}} {code, select, yes {A personal code.} other {No personal code.}}',
  'my-data-student.phones.who': 'You. Those who run the course see your phones, and can end them.',
  'my-data-student.phones.long':
    'Phones: until they end, or you end them. Links: until you renew them, or your data are erased.',
  'my-data-student.messages.kept':
    '{count, plural, =0 {No e-mail to you is noted.} one {That # e-mail was meant for you, and when it was sent.} other {That # e-mails were meant for you, and when they were sent.}} Their words are not kept.',
  'my-data-student.messages.who': 'Nobody but whoever operates the tool.',
  'my-data-student.messages.long':
    '{span}. Of the one e-mail about a low rate it is noted that you have had it, as long as your name is kept.',
  'my-data-student.log.kept':
    'Every change of your attendance, your excuses and your place in the course, and who made it.',
  'my-data-student.log.who': 'Those who run the course.',
  'my-data-student.log.long': 'As long as your name is kept. Then what it tells of you is erased.',
  'my-data-student.erase':
    'If something is wrong, tell those who run the course. If you want your data erased, turn to your institution.',
  'my-data-student.nobody':
    'You are looking as the platform’s test student. Nothing is kept of a real person here.',

  'my-data-staff.lead':
    'This is what the attendance tool keeps of you, in all your courses. It does not follow you around.',
  'my-data-staff.download': 'Download my data',
  'my-data-staff.download.hint': 'One ZIP file with everything below.',
  'my-data-staff.account.kept':
    'Your name, your e-mail address, and the numbers by which your learning platform knows you; your courses and your roles in them.',
  'my-data-staff.account.who':
    'Your name: those who run your courses. Everything: whoever operates the tool.',
  'my-data-staff.account.long':
    'Until {span} after your last course. From then on what you did belongs to nobody who can be told.',
  'my-data-staff.phones.title': 'Calendar link',
  'my-data-staff.phones.kept': '{calendar, select, yes {A calendar link.} other {No calendar link.}}',
  'my-data-staff.phones.who': 'You.',
  'my-data-staff.phones.long': 'Until you renew it, or your data are erased.',
  'my-data-staff.messages.kept':
    '{count, plural, =0 {No e-mail to you is noted.} one {That # e-mail was meant for you, and when it was sent.} other {That # e-mails were meant for you, and when they were sent.}} Their words are not kept.',
  'my-data-staff.messages.who': 'Nobody but whoever operates the tool.',
  'my-data-staff.messages.long': '{span}.',
  'my-data-staff.log.kept':
    'What you changed in your courses: records, meetings, excuses, settings; and which documents you opened.',
  'my-data-staff.log.who':
    'Those who run the course. In a student’s own download you appear as “teacher” or “assistant”.',
  'my-data-staff.log.long':
    'As long as the course’s records, for it is others’ evidence; with a number instead of your name once your data are erased.',
  'my-data-staff.elsewhere':
    'In courses that you attend yourself, more is kept of you: it stands on the same page there. The download holds it, too.',
  'my-data-staff.erase':
    'If you want your data erased, turn to whoever operates the tool in your institution.',

  'settings.data.title': 'Data',
  'settings.data.lead': 'How long what is kept. Your institution sets it for all its courses.',
  'settings.data.excuseDocumentDays': 'Documents of an excuse, after the decision',
  'settings.data.excuseTextDays': 'Words of an excuse and of its decision',
  'settings.data.evidenceDays': 'What check-ins tell of phone, browser, network and distance',
  'settings.data.messageDays': 'That an e-mail was sent',
  'settings.data.personDays': 'Names and addresses, after somebody’s last course',
  'settings.data.records': 'Attendance itself stays, without a name once the name is erased.',
  'settings.data.mine': 'What is kept of me',
} as const;
