/** How a student stands, and what of it comes from where. The server alone says these. */
export const mineEn = {
  'mine.standing.title': 'How you stand',
  'mine.standing.none': 'Nothing counts yet',
  'mine.standing.required.minutes': 'Required: {required} of the minutes',
  'mine.standing.required.meetings': 'Required: {required} of the meetings',

  'mine.outlook.nothing':
    'No meeting of yours was held and taken yet, and none is planned that counts for your rate.',
  'mine.outlook.can-miss.minutes':
    '{meetings, plural, =0 {You can miss no whole meeting any more, {minutes, plural, =0 {and no minute either} one {and # minute at most} other {and # minutes at most}}.} one {You can still miss # meeting ({minutes, plural, one {# minute} other {# minutes}}).} other {You can still miss # meetings ({minutes, plural, one {# minute} other {# minutes}}).}}',
  'mine.outlook.can-miss.meetings':
    '{meetings, plural, =0 {You can miss no meeting any more.} one {You can still miss # meeting.} other {You can still miss # meetings.}}',
  'mine.outlook.unreachable':
    '{required} can no longer be reached: with all that is still planned it would be {best}.',
  'mine.outlook.unreachable.over': '{required} can no longer be reached: nothing more is planned.',
  'mine.outlook.safe': '{required} are safe: you reach them even without all that is still planned.',
  'mine.outlook.safe.over': '{required} are reached, and nothing more is planned.',
  'mine.outlook.excuse': 'An accepted excuse can change that.',
  'mine.outlook.untaken':
    '{count, plural, one {# meeting was held and is not taken yet: it counts nowhere until then.} other {# meetings were held and are not taken yet: they count nowhere until then.}}',

  'mine.part.until-now': 'Until now',
  'mine.part.untaken': 'Held, not taken yet',
  'mine.part.coming': 'Still to come',
  'mine.part.in-all': 'In all',
  'mine.part.meetings': '{count, plural, one {# meeting} other {# meetings}}',
  'mine.part.units': '{count} lesson units',
  'mine.part.units-of': '{counted} of {expected} lesson units',
  'mine.rate.minutes': '{rate} of the minutes',
  'mine.rate.meetings': '{rate} of the meetings',

  'mine.counts.excused.exempt': 'Excused time is left out.',
  'mine.counts.excused.absent': 'Excused time counts as missed.',
  'mine.counts.excused.present': 'Excused time counts as attended.',
  'mine.counts.rounding': 'Minutes count in whole steps of {step}, rounded down.',
  'mine.counts.unit': 'A lesson unit has {minutes} minutes.',

  'mine.weeks.title': 'Week by week',
  'mine.weeks.picture':
    'A column a week: its frame is what was expected, what is filled is what counts. The table says the same in numbers.',
  'mine.weeks.latest': 'The last {count} weeks',
  'mine.weeks.frame': 'expected',
  'mine.weeks.filled': 'counts',
  'mine.weeks.table': 'Show as a table',
  'mine.weeks.week': 'Week',

  'mine.coming.more': '{count, plural, one {# more} other {# more}}',
  'mine.past.older': '{count, plural, one {# earlier one} other {# earlier ones}}',
  'mine.from': 'from {time}',
  'mine.set-aside':
    'Your teacher has decided that your check-in does not count. Were you there? Talk to them: they can change it.',
  'mine.unnoticed': 'Others were taken and you were not: for now it counts as missed.',
  'mine.excuse': 'Hand in excuse',
  'mine.excuse.handed-in': 'Excuse',
  'mine.excuse.of': 'for {meeting}',
  'mine.excuses': 'My excuses',
  'mine.privacy.title': 'Privacy',
  'mine.privacy.lead': 'What is kept of you here, for how long, and how to get it.',
  'mine.privacy.go': 'My data',
} as const;
