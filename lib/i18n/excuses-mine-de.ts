import type { excusesMineEn } from './excuses-mine-en.ts';

export const excusesMineDe: Record<keyof typeof excusesMineEn, string> = {
  'my-excuse.title': 'Meine Entschuldigungen',
  'my-excuse.new': 'Entschuldigung einreichen',
  'my-excuse.back': 'Meine Anwesenheit',
  'my-excuse.test-user':
    'So sieht es für Teilnehmende aus. Der Testzugang der Studierendenansicht reicht keine Entschuldigung ein.',
  'my-excuse.needs-script':
    'Zum Einreichen wird JavaScript gebraucht, weil hier Dokumente hochgeladen werden. Bitte erlaube es für diese Seite, oder gib deine Entschuldigung direkt ab.',

  'my-excuse.empty.title': 'Du hast noch keine Entschuldigung eingereicht',
  'my-excuse.empty.lead': 'Wenn du einen Termin versäumst, reichst du sie hier ein: vorher oder nachher.',

  'my-excuse.step.which': '1. Worum geht es?',
  'my-excuse.step.why': '2. Warum?',
  'my-excuse.step.documents': '3. Gibt es ein Dokument?',

  'my-excuse.way': 'Du wählst',
  'my-excuse.way.meetings': 'einzelne Termine',
  'my-excuse.way.days': 'einen Zeitraum',
  'my-excuse.meetings.missed': 'Versäumt',
  'my-excuse.meetings.coming': 'Kommend',
  'my-excuse.meetings.earlier': 'Frühere Termine',
  'my-excuse.meetings.more': '{count, plural, one {# weiterer} other {# weitere}}',
  'my-excuse.meetings.chosen':
    '{count, plural, =0 {Kein Termin ausgewählt} one {# Termin ausgewählt} other {# Termine ausgewählt}}',
  'my-excuse.meetings.none': 'Keinen auswählen',
  'my-excuse.meetings.covered': 'Dafür gibt es schon eine Entschuldigung: {state}',
  'my-excuse.meetings.empty':
    'Für dich ist noch kein Termin geplant. Sobald einer geplant ist, kannst du dich hier entschuldigen.',
  'my-excuse.days.from': 'Erster Tag',
  'my-excuse.days.to': 'Letzter Tag',
  'my-excuse.days.meetings':
    '{count, plural, =0 {In diesen Tagen liegt kein Termin, den du entschuldigen könntest.} one {In diesen Tagen liegt # Termin:} other {In diesen Tagen liegen # Termine:}}',
  'my-excuse.days.hint':
    'Termine, die später noch in diese Tage gelegt werden, gehören dazu, solange deine Entschuldigung wartet.',

  'my-excuse.reason': 'Grund',
  'my-excuse.text': 'Was du dazu sagen möchtest',
  'my-excuse.text.hint': '{count} von {max} Zeichen',
  'my-excuse.text.diagnosis': 'Du musst nicht schreiben, woran du erkrankt bist.',
  'my-excuse.text.readers.teachers': 'Was du schreibst, lesen die Lehrenden dieses Kurses.',
  'my-excuse.text.readers.staff': 'Was du schreibst, lesen Lehrende und Assistenz dieses Kurses.',

  'my-excuse.documents.lead':
    'Zum Beispiel ein Foto des Attests. Du kannst es auch später nachreichen, solange nichts entschieden ist.',
  'my-excuse.documents.drop': 'Dateien hierher ziehen, oder',
  'my-excuse.documents.camera': 'Foto aufnehmen',
  'my-excuse.documents.choose': 'Dateien auswählen',
  'my-excuse.documents.limits':
    '{count, plural, one {# Dokument} other {Bis zu # Dokumente}}: PDF, JPEG, PNG oder HEIC, je höchstens {size}. Größere Fotos werden verkleinert.',
  'my-excuse.documents.left-over':
    '{count, plural, one {# Datei blieb} other {# Dateien blieben}} außen vor: Es ist Platz für {room}.',
  'my-excuse.documents.list': 'Dokumente',

  'my-excuse.upload.progress': 'Hochladen von {name}',
  'my-excuse.upload.waiting': 'Wartet, bis es dran ist · {size}',
  'my-excuse.upload.preparing': 'Wird vorbereitet · {size}',
  'my-excuse.upload.sending': '{percent} % von {size}',
  'my-excuse.upload.quarter': '{percent} %',
  'my-excuse.upload.checking': 'Ist gesendet, wird geprüft …',
  'my-excuse.upload.kept': 'Hochgeladen · {size}',
  'my-excuse.upload.unreachable': 'Nicht angekommen: Die Verbindung ist abgebrochen.',
  'my-excuse.upload.left':
    'War noch nicht hochgeladen, als die Seite verlassen wurde. Bitte entferne es und wähle es noch einmal aus.',
  'my-excuse.upload.gone':
    'Hat zu lange gewartet und ist gelöscht. Bitte entferne es und wähle es noch einmal aus.',
  'my-excuse.upload.retry': 'Noch einmal',
  'my-excuse.upload.retry-one': 'Noch einmal versuchen: {name}',
  'my-excuse.upload.cancel': 'Abbrechen: {name}',
  'my-excuse.upload.remove': 'Entfernen: {name}',

  'my-excuse.send': 'Einreichen',
  'my-excuse.send.uploading': 'Wird eingereicht, sobald die Dokumente da sind …',
  'my-excuse.send.busy': 'Wird eingereicht …',
  'my-excuse.send.draft':
    'Bis dahin bleibt in diesem Tab, was du eingibst; Dokumente werden nach einem Tag gelöscht.',
  'my-excuse.offline': 'Du hast kein Netz. Was du eingibst, bleibt hier stehen.',

  'my-excuse.problem.title': 'Es ist noch nichts eingereicht',
  'my-excuse.problem.meetings': 'Wähle mindestens einen Termin.',
  'my-excuse.problem.days':
    'Gib den ersten und den letzten Tag ein; den letzten nicht vor dem ersten, höchstens ein Jahr.',
  'my-excuse.problem.reason': 'Wähle einen Grund.',
  'my-excuse.problem.text': 'Bitte höchstens {max} Zeichen.',
  'my-excuse.problem.files': 'Es ist Platz für {room} Dokumente.',
  'my-excuse.problem.nothing':
    'Hier gibt es nichts zu entschuldigen: Es ist kein Termin geplant, oder für alle gibt es schon eine Entschuldigung. Sobald ein Termin geplant ist, kannst du sie einreichen.',
  'my-excuse.problem.documents':
    'Ein Dokument ist noch nicht angekommen. Versuche es noch einmal oder entferne es, und reiche dann ein.',
  'my-excuse.problem.gone':
    'Manche Dokumente sind nicht mehr da. Entferne sie, wähle sie noch einmal aus, und reiche dann ein.',
  'my-excuse.problem.unreachable':
    'Der Server ist nicht zu erreichen. Deine Eingaben stehen noch hier: Versuche es gleich noch einmal. Zweimal schadet nicht, eingereicht wird einmal.',
  'my-excuse.problem.kept': 'Deine Eingaben stehen noch hier.',

  'my-excuse.done.title': 'Eingereicht',
  'my-excuse.done.what':
    'Deine Lehrenden sehen sie jetzt, mit {documents, plural, =0 {keinem Dokument} one {# Dokument} other {# Dokumenten}}, für {meetings, plural, one {# Termin} other {# Termine}}.',
  'my-excuse.done.next': 'Wie es weitergeht',
  'my-excuse.done.decides':
    'Über jeden Termin entscheiden deine Lehrenden. Bis dahin ändert sich an deiner Anwesenheit nichts.',
  'my-excuse.done.told': 'Die Entscheidung findest du unter „Meine Entschuldigungen“.',
  'my-excuse.done.later':
    'Bis dahin kannst du ein Dokument nachreichen oder die Entschuldigung zurückziehen.',
  'my-excuse.done.deleted':
    'Dokumente werden {days, plural, =0 {am Tag der Entscheidung} one {# Tag nach der Entscheidung} other {# Tage nach der Entscheidung}} gelöscht; die Entscheidung bleibt.',

  'my-excuse.days': '{from} bis {to}',
  'my-excuse.submitted-at': 'Eingereicht {at}',
  'my-excuse.decided-at': 'Entschieden {at}',
  'my-excuse.withdrawn-at': 'Zurückgezogen {at}',
  'my-excuse.partly': 'für {accepted} von {count} Terminen',
  'my-excuse.waits': 'Sie wartet auf die Entscheidung deiner Lehrenden.',
  'my-excuse.no-meetings': 'In diesen Tagen liegt derzeit kein Termin.',
  'my-excuse.changed-nothing': 'Du warst da: Deine Anwesenheit bleibt.',
  'my-excuse.note': 'Notiz zur Entscheidung',
  'my-excuse.your-words': 'Deine Worte',
  'my-excuse.documents': 'Dokumente',
  'my-excuse.document.deleted': 'gelöscht {at}',
  'my-excuse.document.erased': 'Dokument',
  'my-excuse.document.open': '{name} herunterladen',

  'my-excuse.add': 'Dokument nachreichen',
  'my-excuse.add.send': 'Dokumente einreichen',
  'my-excuse.add.close': 'Schließen',
  'my-excuse.add.done': 'Deine Dokumente sind nachgereicht.',
  'my-excuse.add.nothing': 'Wähle zuerst ein Dokument aus.',
  'my-excuse.unreachable':
    'Der Server ist nicht zu erreichen. Versuche es gleich noch einmal; zweimal schadet nicht.',
  'my-excuse.decided-already': 'Inzwischen ist darüber entschieden: siehe oben.',
  'my-excuse.withdraw': 'Zurückziehen',
  'my-excuse.withdraw.title': 'Diese Entschuldigung zurückziehen?',
  'my-excuse.withdraw.lost':
    '{documents, plural, =0 {Dann entscheidet niemand mehr darüber.} one {Dann entscheidet niemand mehr darüber, und das Dokument wird gelöscht.} other {Dann entscheidet niemand mehr darüber, und die # Dokumente werden gelöscht.}} Du kannst eine neue einreichen.',
  'my-excuse.withdraw.go': 'Entschuldigung zurückziehen',
  'my-excuse.withdraw.keep': 'Behalten',
  'my-excuse.withdraw.busy': 'Wird zurückgezogen …',
};
