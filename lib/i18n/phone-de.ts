import type { phoneEn } from './phone-en.ts';

export const phoneDe: Record<keyof typeof phoneEn, string> = {
  'phone.code.title': 'Code eingeben',
  'phone.code.lead': 'Er steht neben dem QR-Code und kann wechseln: Es zählt der neueste.',
  'phone.code.label': 'Code',
  'phone.code.go': 'Weiter',
  'phone.code.instead': 'Code eintippen',

  'phone.confirm.title.in': 'Check-in für {meeting}?',
  'phone.confirm.title.out': 'Check-out für {meeting}?',
  'phone.confirm.as': 'als {name}',
  'phone.confirm.nameless': 'Besitzer:in dieses Handys',
  'phone.confirm.go.in': 'Einchecken',
  'phone.confirm.go.out': 'Auschecken',
  'phone.confirm.not-you': 'Das bist nicht du?',
  'phone.confirm.changed': 'Dieses Handy gehört inzwischen jemand anderem. Bitte achte auf den Namen.',

  'phone.sign-in.title': 'Dein Code ist gesichert',
  'phone.sign-in.lead':
    'Melde dich bei {course} an, um fertig zu werden. Lass dir Zeit: Es zählt {time} Uhr.',
  'phone.sign-in.lead.typed': 'Melde dich an, um fertig zu werden. Lass dir Zeit: Es zählt {time} Uhr.',
  'phone.sign-in.go.in': 'Anmelden und einchecken',
  'phone.sign-in.go.out': 'Anmelden und auschecken',
  'phone.sign-in.manual.title': 'Fast geschafft',
  'phone.sign-in.manual.lead':
    'Öffne den Kurs {course} in deiner Lernplattform, wähle „Anwesenheit“ und tippe ein:',
  'phone.sign-in.manual.lead.typed':
    'Öffne den Kurs in deiner Lernplattform, wähle „Anwesenheit“ und tippe ein:',
  'phone.sign-in.manual.note':
    'Der Code kann wechseln; der neueste steht an der Wand. Es zählt die Zeit, zu der du ihn eingibst.',

  'phone.waiting.title': 'Dein Scan ist gesichert',
  'phone.waiting.lead':
    'Der Dienst ist gerade ausgelastet. Es zählt die Zeit deines Scans. Diese Seite versucht es von selbst noch einmal.',
  'phone.waiting.go': 'Noch einmal versuchen',

  'phone.result.checked-in.title': 'Du bist eingecheckt',
  'phone.result.checked-out.title': 'Du bist ausgecheckt',
  'phone.result.already.title.in': 'Du bist schon eingecheckt',
  'phone.result.already.title.out': 'Du bist schon ausgecheckt',
  'phone.result.noted.title.in': 'Dein Check-in ist vermerkt',
  'phone.result.noted.title.out': 'Dein Check-out ist vermerkt',
  'phone.result.unpaired.title': 'Dein Check-in fehlt',
  'phone.result.unpaired.lead':
    'Dein Check-out ist vermerkt, aber du warst vorher nicht eingecheckt. Darum zählen noch keine Minuten. Sag bitte deiner Lehrperson Bescheid.',
  'phone.result.noted.lead': 'Deine Lehrperson hat deine Anwesenheit schon eingetragen; dabei bleibt es.',
  'phone.result.set-aside.title.in': 'Dein Check-in zählt nicht',
  'phone.result.set-aside.title.out': 'Dein Check-out zählt nicht',
  'phone.result.set-aside.lead':
    'Das hat deine Lehrperson entschieden. Warst du da? Sprich sie bitte an: Sie kann es ändern.',
  'phone.result.time.in': 'Eingecheckt um',
  'phone.result.time.out': 'Ausgecheckt um',
  'phone.result.status': 'Status',
  'phone.result.minutes.in': '{duration} zählen, wenn du bis {end} Uhr bleibst.',
  'phone.result.minutes.out': '{duration} zählen.',
  'phone.result.open': 'Checke dich am Ende bitte auch aus: Erst dann zählen deine Minuten.',
  'phone.result.done': 'Du kannst diese Seite schließen.',

  'phone.age.seconds': '{count, plural, one {# Sekunde} other {# Sekunden}}',
  'phone.age.minutes': '{count, plural, one {# Minute} other {# Minuten}}',
  'phone.refused.code-too-old.title': 'Dieser Code ist {age} alt',
  'phone.refused.code-too-old.plain': 'Dieser Code ist zu alt',
  'phone.refused.code-too-old.todo': 'Scanne noch einmal: Der Code an der Wand wechselt ständig.',
  'phone.refused.code-unknown.title': 'Dieser Code ist nicht bekannt',
  'phone.refused.code-unknown.todo':
    'Scanne den Code an der Wand noch einmal oder tippe ihn Zeichen für Zeichen ein.',
  'phone.refused.not-open-yet.title': 'Dieser Code ist noch nicht offen',
  'phone.refused.not-open-yet.todo':
    'Du bist früh dran. Scanne noch einmal, sobald er offen ist; eingetragen wurde nichts.',
  'phone.more-time.lead': 'Hast du mehr Zeit für den Check-in bekommen?',
  'phone.more-time.go': 'Anmelden und weiter',
  'phone.refused.closed.title': 'Dieser Code ist geschlossen',
  'phone.refused.closed.todo':
    'Bist du im Raum, dann frag deine Lehrperson: Sie kann ihn wieder öffnen oder dich eintragen.',
  'phone.refused.meeting-over.title': 'Dieser Termin ist vorbei',
  'phone.refused.meeting-over.todo': 'Warst du da, dann bitte deine Lehrperson, dich einzutragen.',
  'phone.refused.not-a-member.title': 'Du gehörst nicht zu diesem Kurs',
  'phone.refused.not-a-member.todo':
    'Es wurde nichts eingetragen. Gehörst du dazu, dann bitte deine Lehrperson um Aufnahme oder melde dich mit deinem anderen Konto an.',
  'phone.refused.not-a-student.title': 'Sie leiten diesen Kurs',
  'phone.refused.not-a-student.todo': 'Einchecken können nur seine Teilnehmenden. Der Code funktioniert.',
  'phone.refused.test-user.title': 'Das ist die Studierendenansicht',
  'phone.refused.test-user.todo':
    'Der Code funktioniert. Die Studierendenansicht steht für niemanden, darum wurde nichts eingetragen.',
  'phone.refused.ticket-expired.title': 'Dein Scan ist über zehn Minuten alt',
  'phone.refused.ticket-expired.todo':
    'Scanne den Code an der Wand noch einmal. Ist er weg, frag deine Lehrperson.',
  'phone.refused.ticket-used.title': 'Mit diesem Scan hat schon jemand anderes eingecheckt',
  'phone.refused.ticket-used.todo': 'Jeder Scan gilt für eine Person. Scanne den Code an der Wand selbst.',
  'phone.refused.too-many-attempts.title': 'Zu viele falsche Codes',
  'phone.refused.too-many-attempts.todo':
    'Warte zehn Minuten, scanne den QR-Code oder bitte deine Lehrperson um den Check-in.',
};
