/** A student's own excuses: the form, and what became of them. */
export const excusesMineEn = {
  'my-excuse.title': 'My excuses',
  'my-excuse.new': 'Hand in an excuse',
  'my-excuse.back': 'My attendance',
  'my-excuse.test-user': 'You are looking as a student. Student View’s test student hands in no excuses.',
  'my-excuse.needs-script':
    'Handing in needs JavaScript, because documents are uploaded here. Please allow it for this page, or give your excuse to your teacher.',

  'my-excuse.empty.title': 'You have handed in no excuse',
  'my-excuse.empty.lead': 'If you miss a meeting, hand in an excuse here: before it or afterwards.',

  'my-excuse.step.which': '1. What is it about?',
  'my-excuse.step.why': '2. Why?',
  'my-excuse.step.documents': '3. Is there a document?',

  'my-excuse.way': 'You choose',
  'my-excuse.way.meetings': 'single meetings',
  'my-excuse.way.days': 'a range of days',
  'my-excuse.meetings.missed': 'Missed',
  'my-excuse.meetings.coming': 'Coming',
  'my-excuse.meetings.earlier': 'Earlier meetings',
  'my-excuse.meetings.more': '{count, plural, one {# more} other {# more}}',
  'my-excuse.meetings.chosen':
    '{count, plural, =0 {No meeting chosen} one {# meeting chosen} other {# meetings chosen}}',
  'my-excuse.meetings.none': 'Choose none',
  'my-excuse.meetings.covered': 'There is an excuse for this already: {state}',
  'my-excuse.meetings.empty':
    'No meeting of yours is planned yet. Once one is planned, you can excuse yourself here.',
  'my-excuse.days.from': 'First day',
  'my-excuse.days.to': 'Last day',
  'my-excuse.days.meetings':
    '{count, plural, =0 {On these days there is no meeting that you could excuse.} one {On these days there is # meeting:} other {On these days there are # meetings:}}',
  'my-excuse.days.hint':
    'Meetings that are planned into these days later are included while your excuse waits.',

  'my-excuse.reason': 'Reason',
  'my-excuse.text': 'Something you want to add',
  'my-excuse.text.hint': '{count} of {max} characters',
  'my-excuse.text.diagnosis': 'You need not write what you are ill with.',
  'my-excuse.text.readers.teachers': 'What you write is read by the teachers of this course.',
  'my-excuse.text.readers.staff': 'What you write is read by the teachers and assistants of this course.',

  'my-excuse.documents.lead':
    'For example a photo of a doctor’s note. You can also hand it in later, as long as nothing is decided.',
  'my-excuse.documents.drop': 'Drop files here, or',
  'my-excuse.documents.camera': 'Take a photo',
  'my-excuse.documents.choose': 'Choose files',
  'my-excuse.documents.limits':
    '{count, plural, one {# document} other {Up to # documents}}: PDF, JPEG, PNG or HEIC, each up to {size}. Larger photos are made smaller.',
  'my-excuse.documents.left-over':
    '{count, plural, one {# file was left out} other {# files were left out}}: there is room for {room}.',
  'my-excuse.documents.list': 'Documents',

  'my-excuse.upload.progress': 'Upload of {name}',
  'my-excuse.upload.waiting': 'Waits for its turn · {size}',
  'my-excuse.upload.preparing': 'Is being prepared · {size}',
  'my-excuse.upload.sending': '{percent} % of {size}',
  'my-excuse.upload.quarter': '{percent} %',
  'my-excuse.upload.checking': 'Has left, is being checked …',
  'my-excuse.upload.kept': 'Uploaded · {size}',
  'my-excuse.upload.unreachable': 'Did not arrive: the connection broke off.',
  'my-excuse.upload.left': 'Was not uploaded when the page was left. Remove it and choose it once more.',
  'my-excuse.upload.gone': 'Waited too long and was deleted. Remove it and choose it once more.',
  'my-excuse.upload.retry': 'Try again',
  'my-excuse.upload.retry-one': 'Try again: {name}',
  'my-excuse.upload.cancel': 'Cancel: {name}',
  'my-excuse.upload.remove': 'Remove: {name}',

  'my-excuse.send': 'Hand in',
  'my-excuse.send.uploading': 'Hands in as soon as the documents are there …',
  'my-excuse.send.busy': 'Handing in …',
  'my-excuse.send.draft': 'Until then what you enter stays in this tab; documents are deleted after a day.',
  'my-excuse.offline': 'There is no network. What you enter stays here.',

  'my-excuse.problem.title': 'Nothing is handed in yet',
  'my-excuse.problem.meetings': 'Choose at least one meeting.',
  'my-excuse.problem.days':
    'Enter the first and the last day; the last not before the first, a year apart at most.',
  'my-excuse.problem.reason': 'Choose a reason.',
  'my-excuse.problem.text': 'Please use at most {max} characters.',
  'my-excuse.problem.files': 'There is room for {room} documents.',
  'my-excuse.problem.nothing':
    'There is nothing to excuse here: no meeting is planned, or excuses stand for all of them. Once a meeting is planned, you can hand it in.',
  'my-excuse.problem.documents': 'A document is not there yet. Try it again or remove it, then hand in.',
  'my-excuse.problem.gone':
    'Some documents are no longer there. Remove and choose them once more, then hand in.',
  'my-excuse.problem.unreachable':
    'We cannot reach the server. What you entered is still here: try again in a moment. Twice is no harm, it is handed in once.',
  'my-excuse.problem.kept': 'What you entered is still here.',

  'my-excuse.done.title': 'Handed in',
  'my-excuse.done.what':
    'Your teacher sees it now, with {documents, plural, =0 {no document} one {# document} other {# documents}}, for {meetings, plural, one {# meeting} other {# meetings}}.',
  'my-excuse.done.next': 'What happens next',
  'my-excuse.done.decides':
    'A teacher decides for each meeting. Until then nothing changes in your attendance.',
  'my-excuse.done.told': 'You find the decision under “My excuses”.',
  'my-excuse.done.later': 'Until then you can add a document, or withdraw the excuse.',
  'my-excuse.done.deleted':
    'Documents are deleted {days, plural, =0 {on the day of the decision} one {# day after the decision} other {# days after the decision}}; the decision stays.',

  'my-excuse.days': '{from} to {to}',
  'my-excuse.submitted-at': 'Handed in {at}',
  'my-excuse.decided-at': 'Decided {at}',
  'my-excuse.withdrawn-at': 'Withdrawn {at}',
  'my-excuse.partly': 'for {accepted} of {count} meetings',
  'my-excuse.waits': 'It waits for a teacher’s decision.',
  'my-excuse.no-meetings': 'No meeting lies in these days at present.',
  'my-excuse.changed-nothing': 'You were there: your attendance stays.',
  'my-excuse.note': 'Note on the decision',
  'my-excuse.your-words': 'Your words',
  'my-excuse.documents': 'Documents',
  'my-excuse.document.deleted': 'deleted {at}',
  'my-excuse.document.erased': 'Document',
  'my-excuse.document.open': 'Download {name}',

  'my-excuse.add': 'Add a document',
  'my-excuse.add.send': 'Hand in documents',
  'my-excuse.add.close': 'Close',
  'my-excuse.add.done': 'Your documents were added.',
  'my-excuse.add.nothing': 'Choose a document first.',
  'my-excuse.unreachable': 'We cannot reach the server. Try again in a moment; twice is no harm.',
  'my-excuse.decided-already': 'It was decided in the meantime: see above.',
  'my-excuse.withdraw': 'Withdraw',
  'my-excuse.withdraw.title': 'Withdraw this excuse?',
  'my-excuse.withdraw.lost':
    '{documents, plural, =0 {Nobody decides on it any more.} one {Nobody decides on it any more, and its document is deleted.} other {Nobody decides on it any more, and its # documents are deleted.}} You can hand in another.',
  'my-excuse.withdraw.go': 'Withdraw the excuse',
  'my-excuse.withdraw.keep': 'Keep it',
  'my-excuse.withdraw.busy': 'Withdrawing …',
} as const;
