import type { mineEn } from './mine-en.ts';

export const mineDe: Record<keyof typeof mineEn, string> = {
  'mine.standing.title': 'So stehst du',
  'mine.standing.none': 'Noch zählt nichts',
  'mine.standing.required.minutes': 'Gefordert: {required} der Minuten',
  'mine.standing.required.meetings': 'Gefordert: {required} der Termine',

  'mine.outlook.nothing':
    'Noch wurde kein Termin von dir gehalten und erfasst, und keiner ist geplant, der für deine Quote zählt.',
  'mine.outlook.can-miss.minutes':
    '{meetings, plural, =0 {Du kannst keinen ganzen Termin mehr versäumen, {minutes, plural, =0 {und auch keine Minute} one {höchstens # Minute} other {höchstens # Minuten}}.} one {Du kannst noch # Termin versäumen ({minutes, plural, one {# Minute} other {# Minuten}}).} other {Du kannst noch # Termine versäumen ({minutes, plural, one {# Minute} other {# Minuten}}).}}',
  'mine.outlook.can-miss.meetings':
    '{meetings, plural, =0 {Du kannst keinen Termin mehr versäumen.} one {Du kannst noch # Termin versäumen.} other {Du kannst noch # Termine versäumen.}}',
  'mine.outlook.unreachable':
    '{required} sind nicht mehr erreichbar: Mit allem, was noch geplant ist, wären es {best}.',
  'mine.outlook.unreachable.over': '{required} sind nicht mehr erreichbar: Es ist nichts mehr geplant.',
  'mine.outlook.safe': '{required} sind dir sicher, auch ohne alles, was noch geplant ist.',
  'mine.outlook.safe.over': '{required} sind erreicht, und es ist nichts mehr geplant.',
  'mine.outlook.excuse': 'Eine anerkannte Entschuldigung kann das ändern.',
  'mine.outlook.untaken':
    '{count, plural, one {# Termin wurde gehalten und ist noch nicht erfasst: Bis dahin zählt er nirgends.} other {# Termine wurden gehalten und sind noch nicht erfasst: Bis dahin zählen sie nirgends.}}',

  'mine.part.until-now': 'Bis jetzt',
  'mine.part.untaken': 'Gehalten, noch nicht erfasst',
  'mine.part.coming': 'Noch geplant',
  'mine.part.in-all': 'Insgesamt',
  'mine.part.meetings': '{count, plural, one {# Termin} other {# Termine}}',
  'mine.part.units': '{count} UE',
  'mine.part.units-of': '{counted} von {expected} UE',
  'mine.rate.minutes': '{rate} der Minuten',
  'mine.rate.meetings': '{rate} der Termine',

  'mine.counts.excused.exempt': 'Entschuldigte Zeit bleibt außen vor.',
  'mine.counts.excused.absent': 'Entschuldigte Zeit zählt als versäumt.',
  'mine.counts.excused.present': 'Entschuldigte Zeit zählt als anwesend.',
  'mine.counts.rounding': 'Minuten zählen in ganzen Schritten von {step}, abgerundet.',
  'mine.counts.unit': 'Eine Unterrichtseinheit (UE) hat {minutes} Minuten.',

  'mine.weeks.title': 'Woche für Woche',
  'mine.weeks.picture':
    'Eine Säule je Woche: Der Rahmen ist, was erwartet wurde, gefüllt ist, was zählt. Die Tabelle sagt dasselbe in Zahlen.',
  'mine.weeks.latest': 'Die letzten {count} Wochen',
  'mine.weeks.frame': 'erwartet',
  'mine.weeks.filled': 'zählt',
  'mine.weeks.table': 'Als Tabelle zeigen',
  'mine.weeks.week': 'Woche',

  'mine.coming.more': '{count, plural, one {# weiterer} other {# weitere}}',
  'mine.past.older': '{count, plural, one {# früherer} other {# frühere}}',
  'mine.from': 'ab {time}',
  'mine.set-aside':
    'Deine Lehrperson hat entschieden, dass dein Check-in nicht zählt. Warst du da? Sprich sie an: Sie kann es ändern.',
  'mine.unnoticed': 'Andere wurden erfasst, du nicht: Für den Moment zählt er als versäumt.',
  'mine.excuse': 'Entschuldigung einreichen',
  'mine.excuse.handed-in': 'Entschuldigung',
  'mine.excuse.of': 'für {meeting}',
  'mine.excuses': 'Meine Entschuldigungen',
  'mine.privacy.title': 'Datenschutz',
  'mine.privacy.lead': 'Was hier über dich gespeichert ist, wie lange, und wie du es bekommst.',
  'mine.privacy.go': 'Meine Daten',
};
