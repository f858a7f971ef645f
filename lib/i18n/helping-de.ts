import type { helpingEn } from './helping-en.ts';

export const helpingDe: Record<keyof typeof helpingEn, string> = {
  'extra-time.title': 'Mehr Zeit beim Check-in',
  'extra-time.lead':
    'Für jemanden, der zum Scannen oder Tippen länger braucht: Codes und Check-in gelten für diese Person um so viele Minuten länger als für andere. Verspätung zählt wie bei allen.',
  'extra-time.minutes': 'Minuten (0 bis 15)',
  'extra-time.save': 'Zeit speichern',
  'extra-time.saving': 'Wird gespeichert …',
  'extra-time.saved': 'Gespeichert: {minutes, plural, one {# Minute} other {# Minuten}} mehr.',
  'extra-time.saved.none': 'Gespeichert: so viel Zeit wie alle.',
  'extra-time.has': '{minutes, plural, one {# Minute} other {# Minuten}} mehr.',
  'extra-time.mine':
    'Du hast für den Check-in {minutes, plural, one {# Minute} other {# Minuten}} mehr, als an der Wand steht.',

  'my-code.title': 'Mein Code',
  'my-code.lead':
    'Kein Handy dabei, oder das Scannen klappt nicht? Zeig diesen Code, auf einem Bildschirm oder gedruckt: Deine Lehrperson scannt ihn und checkt dich ein.',
  'my-code.show': 'Meinen Code zeigen',
  'my-code.working': 'Einen Moment …',
  'my-code.qr': 'Dein eigener QR-Code. Deine Lehrperson scannt ihn, um dich einzuchecken.',
  'my-code.note':
    'Er meldet niemanden an, und nur wer deinen Kurs leitet, kann ihn nutzen. In allen deinen Kursen ist er derselbe.',
  'my-code.renew': 'Neuer Code',
  'my-code.renew.hint': 'Mit einem neuen Code gilt der alte sofort nicht mehr, auch gedruckt nicht.',
  'my-code.renewed': 'Das ist dein neuer Code. Der alte gilt nicht mehr.',
  'my-code.unreachable': 'Der Server ist nicht erreichbar. Versuch es gleich noch einmal.',

  'help.open': 'Von Hand einchecken',
  'help.title': 'Von Hand einchecken',
  'help.back': 'Anwesenheitsliste',
  'help.direction': 'Was eingetragen wird',
  'help.direction.in': 'Check-in',
  'help.direction.out': 'Check-out',
  'help.counter': '{here} von {expected} da',
  'help.hint': 'Tippen Sie auf einen Namen, oder scannen Sie. Alles lässt sich zurücknehmen.',
  'help.search': 'Name oder Ausweisnummer',
  'help.list': 'Teilnehmende',
  'help.none':
    'Niemand passt dazu. Versuchen Sie es mit weniger Buchstaben; nach einer Ausweisnummer drücken Sie die Eingabetaste.',
  'help.empty': 'In diesem Kurs ist noch niemand eingeschrieben.',
  'help.more':
    '{count, plural, one {Eine weitere Person.} other {# weitere Personen.}} Geben Sie mehr vom Namen ein.',
  'help.state.away': 'noch nicht da',
  'help.state.here': 'da seit {time}',
  'help.state.left': 'gegangen um {time}',
  'help.state.marked': '{status} (von einer Lehrperson eingetragen)',
  'help.not-due': 'Für diesen Termin nicht vorgesehen',
  'help.busy': 'Wird eingetragen …',

  'help.scan': 'Ausweis oder Code scannen',
  'help.scan.stop': 'Scannen beenden',
  'help.scan.starting': 'Die Kamera startet …',
  'help.scan.looking': 'Halten Sie einen Ausweis oder einen persönlichen Code vor die Kamera.',
  'help.scan.picture': 'Was die Kamera sieht',
  'help.scan.none.title': 'Hier gibt es keine Kamera',
  'help.scan.none.todo':
    'Dieses Gerät oder dieser Browser bietet keine. Suchen Sie stattdessen den Namen: Das bewirkt dasselbe.',
  'help.scan.insecure.title': 'Die Kamera braucht eine sichere Adresse',
  'help.scan.insecure.todo':
    'Browser geben sie nur Seiten mit https. Suchen Sie stattdessen den Namen: Das bewirkt dasselbe.',
  'help.scan.denied.title': 'Die Kamera wurde nicht erlaubt',
  'help.scan.denied.todo':
    'Erlauben Sie sie für diese Seite in den Einstellungen Ihres Browsers und scannen Sie noch einmal, oder suchen Sie den Namen: Das bewirkt dasselbe.',
  'help.scan.framed.title': 'Die Plattform lässt uns die Kamera hier nicht benutzen',
  'help.scan.framed.todo':
    'In einem eigenen Fenster geht es; oder suchen Sie den Namen: Das bewirkt dasselbe.',
  'help.scan.busy.title': 'Die Kamera ließ sich nicht starten',
  'help.scan.busy.todo':
    'Vielleicht benutzt sie ein anderes Programm. Schließen Sie es und scannen Sie noch einmal, oder suchen Sie den Namen.',
  'help.scan.reader.title': 'Der Scanner konnte nicht geladen werden',
  'help.scan.reader.todo':
    'Prüfen Sie Ihr Netz und scannen Sie noch einmal, oder suchen Sie den Namen: Das bewirkt dasselbe.',
  'help.open-window': 'In eigenem Fenster öffnen',

  'help.done.checked-in': '{name}: eingecheckt, {time}',
  'help.done.checked-out': '{name}: ausgecheckt, {time}',
  'help.done.already.in': '{name}: schon eingecheckt',
  'help.done.already.out': '{name}: schon ausgecheckt',
  'help.done.noted':
    '{name}: Eine Lehrperson hat die Anwesenheit eingetragen, und so bleibt es. Der Check-in steht daneben.',
  'help.done.unpaired':
    '{name}: nicht eingecheckt; darum belegt ein Check-out nichts. Checken Sie die Person zuerst ein.',
  'help.refused.not-open-yet': 'Noch nicht: Einchecken geht ab zwei Stunden vor dem Termin.',
  'help.refused.meeting-over': 'Dieser Termin ist vorbei. Tragen Sie es in der Anwesenheitsliste ein.',
  'help.refused.closed': 'Dieser Termin fällt aus.',
  'help.refused.not-a-member': 'Diese Person ist jetzt nicht in diesem Kurs eingeschrieben.',
  'help.refused.not-a-student': 'Diese Person nimmt an diesem Kurs nicht als Teilnehmer:in teil.',
  'help.refused.test-user': 'Die Testperson der Studierendenansicht kann nicht eingecheckt werden.',
  'help.refused.not-a-code':
    'Das ist kein Ausweis und kein persönlicher Code. Der Code an der Wand ist für die Handys der Teilnehmenden.',
  'help.refused.unknown-card':
    'Niemand in diesem Kurs hat die Nummer auf diesem Ausweis. Suchen Sie stattdessen den Namen.',
  'help.refused.several': 'Mehrere Personen haben diese Nummer. Suchen Sie stattdessen den Namen.',
  'help.refused.unknown-code':
    'Dieser Code gilt nicht mehr, oder er gehört niemandem in diesem Kurs. Einen neuen gibt es auf der Seite der Teilnehmer:in.',
  'help.undo': 'Rückgängig',
  'help.undone': '{name}: zurückgenommen',
  'help.undo.late':
    '{name}: Hier ließ es sich nicht mehr zurücknehmen. Ändern Sie es in der Anwesenheitsliste.',
  'help.close': 'Schließen',
  'help.unreachable':
    'Der Server ist nicht erreichbar. Bitte versuchen Sie es gleich noch einmal; zweimal schadet nicht.',
  'help.offline': 'Verbindung verloren. Was andere eintragen, erscheint wieder, sobald sie zurück ist.',

  'personal-code.title': 'Ein persönlicher Anwesenheits-Code',
  'personal-code.lead':
    'Wer den Kurs leitet, kann damit die Person einchecken, der er gehört, während ein Termin stattfindet. Er meldet niemanden an.',
  'personal-code.staff':
    'Leiten Sie den Kurs? Öffnen Sie dort „Anwesenheit“, wählen Sie den Termin und dann „Von Hand einchecken“, in einem eigenen Fenster, und scannen Sie diesen Code dort.',
  'personal-code.ask': '{name} einchecken?',
  'personal-code.here': 'Da seit {time}.',
  'personal-code.in': 'Einchecken für {meeting}',
  'personal-code.out': 'Auschecken aus {meeting}',
  'personal-code.again': 'Scannen Sie den nächsten Code mit Ihrer Kamera.',
  'personal-code.done.checked-in': '{name} ist eingecheckt',
  'personal-code.done.checked-out': '{name} ist ausgecheckt',
  'personal-code.done.already.in': '{name} war schon eingecheckt',
  'personal-code.done.already.out': '{name} war schon ausgecheckt',
  'personal-code.done.noted': 'Der Eintrag einer Lehrperson für {name} bleibt',
  'personal-code.done.unpaired': '{name} ist nicht eingecheckt',
  'personal-code.undo': 'Rückgängig',
  'personal-code.taken-back': 'Der Check-in ist zurückgenommen',
  'personal-code.too-late': 'Hier lässt es sich nicht mehr zurücknehmen',
  'personal-code.refused': 'Niemand wurde eingecheckt',
  'personal-code.register': 'In der Anwesenheitsliste können Sie es jederzeit ändern.',
};
