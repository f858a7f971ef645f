import type { mailEn } from './mail-en.ts';

export const mailDe: Record<keyof typeof mailEn, string> = {
  'mail.hello': 'Hallo {name},',
  'mail.hello.nobody': 'Hallo,',
  'mail.meeting': '{meeting}, {day}, {time}',
  'mail.open': 'Anwesenheit öffnen',
  'mail.why': 'Diese Mail geht an Mitglieder des Kurses „{course}“.',
  'mail.no-reply': 'Ein Programm hat sie geschrieben: Antworten liest niemand.',
  'mail.stop': 'Keine Mails dieser Art mehr:',
  'mail.stop.short': 'Keine Mails dieser Art mehr',

  'mail.excuse-decided.subject': '{course}: Über deine Entschuldigung ist entschieden',
  'mail.excuse-decided.lead': 'Über deine Entschuldigung im Kurs „{course}“ ist entschieden:',
  'mail.excuse-decided.line': '{meeting}: {decision}',
  'mail.excuse-decided.more': '{count, plural, one {und # weiterer Termin} other {und # weitere Termine}}',
  'mail.excuse-decided.accepted': 'anerkannt',
  'mail.excuse-decided.declined': 'abgelehnt',
  'mail.excuse-decided.close': 'Hat deine Lehrkraft etwas dazu geschrieben, steht es dort.',

  'mail.excuses-received.subject':
    '{course}: {count, plural, one {# Entschuldigung wartet} other {# Entschuldigungen warten}} auf eine Entscheidung',
  'mail.excuses-received.lead':
    'Im Kurs „{course}“ {count, plural, one {wartet # Entschuldigung} other {warten # Entschuldigungen}} auf Ihre Entscheidung.',
  'mail.excuses-received.close':
    'Sie bekommen höchstens eine solche Mail in drei Stunden, und nur, wenn etwas Neues gekommen ist.',

  'mail.marked-absent.subject': '{course}: Bitte sieh deine Anwesenheit an',
  'mail.marked-absent.lead': 'Im Kurs „{course}“ bist du als abwesend eingetragen:',
  'mail.marked-absent.close':
    'Stimmt das nicht? Dann sag es bitte deiner Lehrkraft. Hattest du einen Grund? Dann kannst du dort eine Entschuldigung einreichen.',

  'mail.rate-below.subject': '{course}: Bitte sieh deine Anwesenheit an',
  'mail.rate-below.lead':
    'Im Kurs „{course}“ liegt deine Anwesenheit jetzt bei {rate}. Verlangt sind mindestens {required} %.',
  'mail.rate-below.close':
    'Dort siehst du, welche Termine zählen und was du noch erreichen kannst. Wir sagen es dir nur dieses eine Mal.',

  'mail.kind.excuse-decided': 'Entscheidungen über eigene Entschuldigungen',
  'mail.kind.excuses-received': 'Entschuldigungen, die auf eine Entscheidung warten',
  'mail.kind.marked-absent': 'Termine, an denen man als abwesend eingetragen ist',
  'mail.kind.rate-below': 'Anwesenheit unter der verlangten Quote',

  'mail.sample.name': 'Anna',
  'mail.sample.course': 'Beispielkurs',

  'mail.stop.title': 'Mails zur Anwesenheit',
  'mail.stop.ask': 'Keine Mails dieser Art mehr?',
  'mail.stop.all-courses': 'Das gilt in allen Kursen. Andere Arten von Mails sind nicht betroffen.',
  'mail.stop.go': 'Keine mehr davon',
  'mail.stop.done': 'Diese Mails sind abbestellt',
  'mail.stop.done.text':
    'Mails dieser Art werden nicht mehr verschickt, in keinem Kurs. Was sie sagen würden, steht im Kurs.',
  'mail.stop.undo': 'Wieder bestellen',
  'mail.stop.undone': 'Diese Mails kommen wieder',
  'mail.stop.undone.text': 'Mails dieser Art werden wieder verschickt, wo ein Kurs sie vorsieht.',
  'mail.stop.wrong': 'Dieser Link geht nicht',
  'mail.stop.wrong.text':
    'Er ist unvollständig oder zu alt. Am besten geht der Link aus der neuesten Mail, mit einem Klick statt abgeschrieben.',
};
