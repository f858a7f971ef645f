/** Meetings that come from a file, and the calendar that goes out. `import.says.` and `calendar.feed.` stay on the server. */
export const calendarEn = {
  'import.title': 'Import meetings',
  'import.lead':
    'Choose a calendar (.ics) or a table (.csv). You see what would happen before anything is saved, and you can repeat it whenever the file has changed.',
  'import.drop': 'Drop a file here',
  'import.choose': 'Choose a file',
  'import.sample': 'Sample table',
  'import.columns':
    'A table needs the columns date, from and to; title, room, kind, break, description, online, mandatory and key can be added, in any order.',
  'import.paste': 'Paste text instead',
  'import.paste.label': 'Content of a calendar or a table',
  'import.paste.go': 'Look at it',
  'import.reading': 'Reading the file…',
  'import.of': 'From {name}',
  'import.pasted': 'the pasted text',
  'import.other': 'Choose another file',
  'import.zone': 'Times as the clock shows them in {zone}.',
  'import.rows': 'Meetings in the file',
  'import.nothing': 'There is nothing to import: every meeting of this file is here already as it says.',
  'import.all': 'Tick all',
  'import.none': 'Tick none',
  'import.go': '{count, plural, =0 {Import} one {Import # meeting} other {Import # meetings}}',
  'import.going': 'Importing…',
  'import.unchanged':
    '{count, plural, one {# meeting is} other {# meetings are}} here already, as the file says',
  'import.kind.new': 'new',
  'import.kind.changed': 'changes',
  'import.kind.unchanged': 'unchanged',
  'import.kind.problem': 'not possible',
  'import.kind.left-out': 'left out',
  'import.was': 'was',
  'import.becomes': 'becomes',
  'import.outdated':
    'Somebody changed this course in the meantime, so nothing was imported. Below stands what the file would do now: please look again.',
  'import.failed': 'Nothing was imported.',
  'import.unreachable':
    'We cannot reach the server, so nothing was imported. Your choice is still here: try again in a moment.',
  'import.done':
    '{made, plural, =0 {No new meeting} one {# new meeting} other {# new meetings}}, {changed, plural, =0 {none changed} one {# changed} other {# changed}}.',
  'import.done.title': 'Imported',
  'import.done.recomputed':
    '{count, plural, one {The minutes of # record follow} other {The minutes of # records follow}} from the new times.',
  'import.done.meetings': 'To the meetings',
  'import.done.more': 'Import another file',

  'import.says.line': 'Line {line}',
  'import.says.summary':
    '{fresh, plural, =0 {Nothing new} one {# new} other {# new}}, {changed, plural, =0 {no changes} one {# change} other {# changes}}, {same} unchanged{problems, plural, =0 {} one {, # not possible} other {, # not possible}}.',
  'import.says.file.empty': 'There is nothing in this file.',
  'import.says.file.too-large':
    'This file is larger than 900 KB, so it was not read. Export a shorter time from your calendar, or delete columns that are not needed.',
  'import.says.file.not-text':
    'This is not text: perhaps it is a picture, or the spreadsheet itself. Save the spreadsheet as CSV, or export the calendar as .ics, and choose that file.',
  'import.says.file.not-known':
    'This is neither a calendar nor a table that we know. In a table the first line names the columns, such as date; from; to.',
  'import.says.file.calendar-without-events': 'There are no events in this calendar.',
  'import.says.file.columns-missing':
    'The first line does not name these columns: {columns}. Please write them into it.',
  'import.says.file.table-broken':
    'A quotation mark in line {line} does not end. Close it, or delete it, and choose the file again.',
  'import.says.file.too-many':
    'There are more than {most} meetings in this file, so it was not read. Export a shorter time from your calendar.',
  'import.says.file.takes-too-long':
    'A repetition in this calendar cannot be worked out, so it was not read. Delete the repeated event there, or change how it repeats.',
  'import.says.row.event-broken':
    'This event is not written as calendars are. Save it once more in your calendar.',
  'import.says.row.no-start': 'This event does not say when it begins.',
  'import.says.row.end-before-start': 'The end must come after the beginning.',
  'import.says.row.too-long': 'It is longer than a day.',
  'import.says.row.rule-unreadable':
    'We cannot work out how this event repeats. Please plan it here as a series.',
  'import.says.row.change-of-many':
    'This changes a series from one day on, in a way that is not read. End the series in your calendar and make a new one.',
  'import.says.row.twice': 'The same meeting stands further up already.',
  'import.says.row.date': 'This is not a date: write it like 28.11.2026 or 2026-11-28.',
  'import.says.row.from': 'This is not a time to begin: write it like 9:00.',
  'import.says.row.to': 'This is not a time to end: write it like 12:45.',
  'import.says.row.kind': 'We do not know this kind: write regular, weekend, evening or online.',
  'import.says.row.break': 'This is not a break: write its minutes, like 15.',
  'import.says.row.online-url': 'This is not a link that begins with https://.',
  'import.says.row.mandatory': 'Write yes or no into the column mandatory.',
  'import.says.row.title-too-long': 'The title has more than 200 characters.',
  'import.says.row.room-too-long': 'The room has more than 100 characters.',
  'import.says.left-out.all-day': 'It takes whole days, so it is not a meeting of the course.',
  'import.says.left-out.series-cut':
    'This series goes on longer than a year: what is within a year from now is listed. Import the file again later for the rest.',
  'import.says.left-out.long-past': 'What ended more than a year ago is not listed.',
  'import.says.note.zone-unknown':
    'Its time zone is not known: the times are read by the clock of the course.',
  'import.says.note.text-cut': 'A text was too long and has been cut.',
  'import.says.caution.edited':
    'Somebody changed this meeting here after it was imported. That would be overwritten.',
  'import.says.caution.has-records':
    'Attendance is recorded for it: minutes would be worked out anew from the new times.',
  'import.says.caution.same-time': 'Another meeting of this course begins at the same time.',
  'import.says.caution.past': 'It is over already.',
  'import.says.field.time': 'Time',
  'import.says.field.title': 'Title',
  'import.says.field.room': 'Room',
  'import.says.field.breakMinutes': 'Break',
  'import.says.field.kind': 'Kind',
  'import.says.field.onlineUrl': 'Link',
  'import.says.field.onlinePlatform': 'Platform',
  'import.says.field.description': 'Description',
  'import.says.field.isMandatory': 'Mandatory',
  'import.says.field.state': 'State',
  'import.says.value.none': 'nothing',
  'import.says.value.regular': 'regular',
  'import.says.value.weekend': 'weekend',
  'import.says.value.evening': 'evening',
  'import.says.value.online': 'online',
  'import.says.value.yes': 'yes',
  'import.says.value.no': 'no',
  'import.says.value.planned': 'takes place',
  'import.says.value.cancelled': 'cancelled',
  'import.says.column.date': 'date',
  'import.says.column.from': 'from',
  'import.says.column.to': 'to',
  'import.says.untitled': 'Without a title',

  'calendar.title': 'In your own calendar',
  'calendar.lead':
    'Subscribe once, and your meetings from all courses here appear in your own calendar, with every change.',
  'calendar.subscribe': 'Subscribe',
  'calendar.link': 'Your secret link',
  'calendar.secret': 'Whoever has this link sees your meetings. Keep it to yourself.',
  'calendar.copy': 'Copy',
  'calendar.copied': 'Copied',
  'calendar.open': 'Open in my calendar',
  'calendar.renew': 'New link',
  'calendar.renew.hint': 'With a new link the old one stops at once.',
  'calendar.renewed': 'This is your new link. The old one has stopped.',
  'calendar.working': 'One moment…',
  'calendar.unreachable': 'We cannot reach the server. Try again in a moment.',
  'calendar.feed.name': 'Attendance: my meetings',
  'calendar.feed.summary': '{meeting} · {course}',
  'calendar.feed.cancelled': 'Cancelled: {meeting} · {course}',
} as const;
