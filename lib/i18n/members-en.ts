/** Members of a course: their list, one member's page, the platform's roster. `member-*`: in the browser too. */
export const membersEn = {
  'members.title': 'Members',
  'members.empty.title': 'Nobody is here yet',
  'members.empty.todo':
    'Members come from the course’s list on {platform}, or by opening “Attendance” themselves. Read the list now, or wait until somebody opens “Attendance”.',
  'members.empty.no-list':
    'Members appear here as soon as they open “Attendance” in the course: {platform} offers this tool no list of them.',

  'members.sync.counted': '{count, plural, =0 {Nobody} other {#}} from {platform}, {when}',
  'members.sync.never': 'The list of {platform} has not been read yet.',
  'members.sync.not-offered':
    '{platform} offers this tool no list of members. Everybody is added when they open “Attendance” themselves.',
  'members.sync.failed':
    'The last try, {when}, did not work: {why} Nobody was taken off. Check-ins and marks work as always, and whoever opens “Attendance” is added.',
  'members.sync.running':
    '{count, plural, =0 {The list is being read…} one {# member read so far…} other {# members read so far…}}',

  'members.why.platform-unreachable': '{platform} could not be reached.',
  'members.why.platform-answer': '{platform} answered with an error ({status}).',
  'members.why.refused':
    '{platform} refused us the list ({status}). An administrator can allow it where the tool is installed.',
  'members.why.address-refused': 'The address that {platform} gave us may not be called.',
  'members.why.interrupted': 'it broke off in the middle.',
  'members.why.other': 'something went wrong on our side.',

  'members.held.many':
    '{missing} of {enrolled} members {missing, plural, one {is} other {are}} no longer on the list of {platform}. Nothing was changed: that is more than a fifth at once.',
  'members.held.concluded':
    '{missing} of {enrolled} members {missing, plural, one {is} other {are}} no longer on the list of {platform}. Nothing was changed: the course is concluded there.',
  'members.held.todo':
    'If that is right, confirm it: whoever is missing leaves the lists from that day on and keeps what was recorded. Otherwise there is nothing to do.',

  'members.conflict.title': 'Is this one person?',
  'members.conflict.lead':
    '{platform} gave both entries the same number. Often that is one person whose accounts were joined there.',
  'members.conflict.merge.lead':
    'Joined, everything that was recorded for both is kept, in every course. Where both have an entry for the same meeting, a teacher’s counts before a check-in, then the longer one. This cannot be undone.',
  'members.conflict.number': 'Number on {platform}',
  'members.conflict.sis': 'SIS id',
  'members.conflict.first-seen': 'First seen',
  'members.conflict.last-launch': 'Last opened',
  'members.conflict.sections': 'Sections',
  'members.conflict.records': 'Recorded meetings',
  'members.conflict.other-courses': 'Other courses',
  'members.conflict.not-here': 'not a member of this course',
  'members.conflict.assistants': 'A teacher of this course can decide it.',

  'members.log.title': 'How the list was read',
  'members.log.none': 'It has not been read yet.',
  'members.log.complete':
    '{kept} of {listed, plural, one {# member} other {# members}}{joined, plural, =0 {} other {, # new}}{departed, plural, =0 {} other {, # left}}{missing, plural, =0 {} other {, # missing}}, {seconds} s',
  'members.log.failed':
    'Not complete: {why} {kept, plural, =0 {Nobody was read} one {# member was kept} other {# members were kept}}, nobody was taken off.',
  'members.log.by.launch': 'when a teacher opened the course',
  'members.log.by.check-in': 'when a check-in opened',
  'members.log.by.teacher': 'by the button',
  'members.log.by.night': 'at night',
  'members.log.by.operator': 'by the operator',
  'members.log.rest': 'Canvas’ own list',

  'members.role.teacher': 'teacher',
  'members.role.assistant': 'assistant',
  'members.role.student': 'student',
  'members.role.observer': 'observer',
  'members.role.designer': 'designer',
  'members.source.list': 'list of {platform}',
  'members.source.launch': 'own launch',
  'members.since.start': 'from the start',
  'members.missing': 'missing from the list since {day}',
  'members.left': 'left {day}',
  'members.never': 'never',

  'members.one.back': 'Members',
  'members.one.since': 'Since',
  'members.one.last-launch': 'Last opened',
  'members.one.source': 'Comes from',
  'members.spans.title': 'When they belong to the course',
  'members.spans.lead': 'Meetings outside of these times are not expected of them, and count in no rate.',
  'members.spans.none': 'At no time.',
  'members.span.anywhere': 'In the course',
  'members.span.open': '{section} from the start',
  'members.span.from': '{section} from {from}',
  'members.span.to': '{section} until {to}',
  'members.span.from-to': '{section} from {from} to {to}',
  'members.span.by-teacher': 'set by a teacher: the list of {platform} does not change it',

  'members.figures.title': 'Attendance',
  'members.figures.rate': '{rate} attended',
  'members.figures.minutes': '{counted} of {expected}',
  'members.figures.meetings': '{attended} of {expected, plural, one {# meeting} other {# meetings}}',
  'members.figures.none':
    'Nothing was expected of them so far: no meeting within their time was held and taken.',
  'members.figures.open': 'Show the meetings that this comes from',
  'members.figures.meeting': 'Meeting',
  'members.figures.status': 'Status',
  'members.figures.counts': 'Counts',
  'members.figures.no-check-out': 'check-out missing',
  'members.figures.exempt': 'excused, left out',
  'members.figures.replaced': 'attended elsewhere: {meeting}',
  'members.figures.not-taken': 'does not count',
  'members.history.title': 'History',

  'member-list.search': 'Find a name',
  'member-list.show': 'Show',
  'member-list.enrolled': 'enrolled',
  'member-list.left': 'left',
  'member-list.name': 'Name',
  'member-list.section': 'Section',
  'member-list.since': 'Since',
  'member-list.launched': 'Last opened',
  'member-list.source': 'Comes from',
  'member-list.rate': 'Rate',
  'member-list.count': '{count, plural, =0 {Nobody fits.} one {# member} other {# members}}',
  'member-list.more': 'Show all {count}',
  'member-list.standing.below': 'below what is required',
  'member-list.standing.at-risk': 'at risk',

  'member-sync.now': 'Read the list now',
  'member-sync.asked': 'The list is being read…',
  'member-sync.confirm': 'Confirm that they left',
  'member-sync.confirmed':
    '{count, plural, =0 {Nothing was left to confirm.} one {# member has left.} other {# members have left.}}',
  'member-sync.merge': 'One person: join them',
  'member-sync.apart': 'Two people: leave apart',
  'member-sync.changed': 'Somebody has decided this in the meantime.',

  'member-spans.edit': 'Edit',
  'member-spans.section': 'Section',
  'member-spans.anywhere': 'no section',
  'member-spans.from': 'First day',
  'member-spans.to': 'Last day',
  'member-spans.from.hint': 'empty: from the start',
  'member-spans.to.hint': 'empty: no end',
  'member-spans.number': 'Time {number}',
  'member-spans.add': 'Add a time',
  'member-spans.remove': 'Remove time {number}',
  'member-spans.clear': 'Clear',
  'member-spans.save': 'Save',
  'member-spans.saving': 'Saving…',
  'member-spans.cancel': 'Cancel',
  'member-spans.saved': 'Saved. What is expected of them follows it.',
  'member-spans.problem.from': 'Please choose a whole day, or empty the field.',
  'member-spans.problem.to': 'Please choose a whole day, or empty the field.',
  'member-spans.problem.end-before-start': 'The last day must not come before the first.',
  'member-spans.problem.overlap': 'This time overlaps with another one in the same section.',
  'member-spans.problems': 'Nothing is saved yet: please look at the marked fields.',
  'member-spans.none': 'Leave at least one time. Whoever has left gets a last day.',
  'member-spans.conflict':
    'The list or another teacher has changed these times since you opened them. Nothing is saved, and what you entered is still here. This stands there now:',
  'member-spans.conflict.take': 'Take what stands there',
  'member-spans.conflict.keep': 'Save mine',
} as const;
