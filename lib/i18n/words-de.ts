import type { wordsEn } from './words-en.ts';

export const wordsDe: Record<keyof typeof wordsEn, string> = {
  'app.name': 'Anwesenheit',
  'outside.title': 'SK Attendance',
  'outside.what':
    'Anwesenheit in der Lernplattform: Lehrende öffnen einen Check-in, Teilnehmende scannen ihn mit dem Handy.',
  'outside.todo': 'Hier gibt es nichts zum Anmelden. Bitte „Anwesenheit“ im Kurs öffnen.',
  'outside.code': 'Ich habe einen Code von der Wand',

  'status.present': 'anwesend',
  'status.late': 'verspätet',
  'status.partial': 'früher gegangen',
  'status.absent': 'abwesend',
  'status.excused': 'entschuldigt',
  'status.untaken': 'noch nicht erfasst',

  'excuse.state.submitted': 'eingereicht',
  'excuse.state.accepted': 'anerkannt',
  'excuse.state.declined': 'abgelehnt',
  'excuse.state.withdrawn': 'zurückgezogen',
  'excuse.reason.illness': 'Krankheit',
  'excuse.reason.care': 'Pflege oder Betreuung',
  'excuse.reason.appointment': 'Arzt- oder anderer Termin',
  'excuse.reason.authority': 'Behörde oder Gericht',
  'excuse.reason.work': 'Arbeit',
  'excuse.reason.other': 'anderer Grund',

  'meeting.problem.title': 'Bitte höchstens 200 Zeichen.',
  'meeting.problem.date': 'Bitte wählen Sie einen Tag.',
  'meeting.problem.from': 'Bitte geben Sie den Beginn ein, zum Beispiel 09:00.',
  'meeting.problem.to': 'Bitte geben Sie das Ende ein, zum Beispiel 12:45.',
  'meeting.problem.end-before-start':
    'Das Ende muss nach dem Beginn liegen. Geht der Termin über Mitternacht, kreuzen Sie „Endet am nächsten Tag“ an.',
  'meeting.problem.no-such-time':
    'In dieser Nacht werden die Uhren umgestellt: Diese Uhrzeit gibt es nicht. Bitte wählen Sie eine andere.',
  'meeting.problem.break': 'Die Pause muss kürzer sein als der Termin.',
  'meeting.problem.room': 'Bitte höchstens 100 Zeichen.',

  'window.blocked':
    'Ihr Browser hat das Fenster nicht geöffnet. Bitte erlauben Sie Pop-ups für diese Seite und versuchen Sie es erneut.',
};
