import type { privacyEn } from './privacy-en.ts';

export const privacyDe: Record<keyof typeof privacyEn, string> = {
  'privacy.days': '{count, plural, one {# Tag} other {# Tage}}',
  'privacy.years': '{count, plural, one {# Jahr} other {# Jahre}}',
  'privacy.erased-person': 'Gelöschte Person {number}',

  'my-data.title': 'Meine Daten',
  'my-data.file-name': 'meine-anwesenheitsdaten.zip',
  'my-data.kept': 'Was gespeichert ist',
  'my-data.who': 'Wer es sieht',
  'my-data.long': 'Wie lange',
  'my-data.account': 'Name und Konto',
  'my-data.records': 'Anwesenheit',
  'my-data.check-ins': 'Check-ins',
  'my-data.excuses': 'Entschuldigungen',
  'my-data.phones': 'Gemerkte Telefone und Links',
  'my-data.messages': 'E-Mails',
  'my-data.log': 'Änderungsprotokoll',

  'my-data-student.lead':
    'Das speichert die Anwesenheit von dir, in allen deinen Kursen. Sie verfolgt dich nicht, merkt sich keine Orte und fragt nach keiner Diagnose.',
  'my-data-student.download': 'Meine Daten herunterladen',
  'my-data-student.download.hint':
    'Eine ZIP-Datei mit allem, was unten steht, und mit den Dokumenten, die noch da sind.',
  'my-data-student.account.kept':
    'Dein Name, deine E-Mail-Adresse und die Nummern, unter denen dich deine Lernplattform kennt; deine Kurse und seit wann du darin bist.',
  'my-data-student.account.who':
    'Den Namen: wer deine Kurse leitet. Alles: wer die Anwesenheit technisch betreibt.',
  'my-data-student.account.long':
    'Bis {span} nach deinem letzten Kurs. Ab dann gehört deine Anwesenheit zu niemandem mehr, den man erkennen kann.',
  'my-data-student.records.kept':
    '{count, plural, =0 {Bisher nichts. Gespeichert würde dein Stand bei jedem Termin, mit Zeiten, Minuten und der Notiz daneben.} one {# Eintrag: dein Stand bei einem Termin, mit Zeiten, Minuten und der Notiz daneben.} other {# Einträge: dein Stand bei jedem Termin, mit Zeiten, Minuten und der Notiz daneben.}}',
  'my-data-student.records.who': 'Du und wer den Kurs leitet.',
  'my-data-student.records.long':
    'Sie bleibt, weil der Kurs sie nachweisen können muss; ohne deinen Namen, sobald der gelöscht ist.',
  'my-data-student.check-ins.kept':
    '{count, plural, =0 {Bisher nichts. Gespeichert würde, wann und wie du eincheckst.} one {# Check-in: wann und wie.} other {# Check-ins: wann und wie.}} Daneben: wie alt der Code war, welches Telefon und welcher Browser es war, ein Fingerabdruck des Netzes, und wie viele Meter du vom Raum entfernt warst, wenn du das erlaubt hast. Nie, wo du warst.',
  'my-data-student.check-ins.who':
    'Du siehst deine Zeiten. Wer den Kurs leitet, sieht auch Hinweise wie „zwei Personen mit einem Telefon“.',
  'my-data-student.check-ins.long':
    'Was er über Telefon, Browser, Netz und Entfernung sagt: {span} nach dem Termin. Der Check-in selbst bleibt bei deiner Anwesenheit.',
  'my-data-student.excuses.kept':
    '{count, plural, =0 {Bisher keine.} one {# Entschuldigung} other {# Entschuldigungen}}{count, plural, =0 { Gespeichert würden die Art, deine Worte, die Entscheidung und deine Dokumente.} other {{documents, plural, =0 {} one { mit # Dokument} other { mit # Dokumenten}}: die Art, deine Worte, die Entscheidung und deine Dokumente.}}',
  'my-data-student.excuses.who.teachers':
    'Du und die Lehrenden des Kurses. Wer ein Dokument öffnet, steht im Protokoll.',
  'my-data-student.excuses.who.assistants':
    'Du und die Lehrenden und Assistenzen des Kurses. Wer ein Dokument öffnet, steht im Protokoll.',
  'my-data-student.excuses.long':
    'Dokumente: {documents} nach der Entscheidung. Worte: {texts} danach. Ziehst du eine Entschuldigung zurück, gehen ihre Dokumente sofort. Dass es eine gab, ihre Art, ihre Tage und die Entscheidung bleiben.',
  'my-data-student.phones.kept':
    '{count, plural, =0 {Kein gemerktes Telefon.} one {# gemerktes Telefon.} other {# gemerkte Telefone.}} {calendar, select, yes {Ein Kalender-Link.} other {Kein Kalender-Link.}} {code, select, yes {Ein persönlicher Code.} other {Kein persönlicher Code.}}',
  'my-data-student.phones.who': 'Du. Wer den Kurs leitet, sieht deine Telefone und kann sie abmelden.',
  'my-data-student.phones.long':
    'Telefone: bis sie ablaufen oder du sie abmeldest. Links: bis du sie erneuerst oder deine Daten gelöscht werden.',
  'my-data-student.messages.kept':
    '{count, plural, =0 {Keine E-Mail an dich ist vermerkt.} one {Dass # E-Mail für dich bestimmt war und wann sie verschickt wurde.} other {Dass # E-Mails für dich bestimmt waren und wann sie verschickt wurden.}} Der Wortlaut wird nicht gespeichert.',
  'my-data-student.messages.who': 'Niemand außer denen, die die Anwesenheit technisch betreiben.',
  'my-data-student.messages.long':
    '{span}. Dass du die eine E-Mail über eine niedrige Quote bekommen hast, bleibt vermerkt, solange dein Name gespeichert ist.',
  'my-data-student.log.kept':
    'Jede Änderung an deiner Anwesenheit, deinen Entschuldigungen und deinem Platz im Kurs, und wer sie gemacht hat.',
  'my-data-student.log.who': 'Wer den Kurs leitet.',
  'my-data-student.log.long':
    'Solange dein Name gespeichert ist. Dann wird gelöscht, was darin über dich steht.',
  'my-data-student.erase':
    'Wenn etwas nicht stimmt, sag es denen, die den Kurs leiten. Wenn du deine Daten löschen lassen möchtest, wende dich an deine Einrichtung.',
  'my-data-student.nobody':
    'Du siehst das als Testteilnehmer der Plattform. Hier wird nichts von einer echten Person gespeichert.',

  'my-data-staff.lead':
    'Das speichert die Anwesenheit von Ihnen, in allen Ihren Kursen. Sie verfolgt Sie nicht.',
  'my-data-staff.download': 'Meine Daten herunterladen',
  'my-data-staff.download.hint': 'Eine ZIP-Datei mit allem, was unten steht.',
  'my-data-staff.account.kept':
    'Ihr Name, Ihre E-Mail-Adresse und die Nummern, unter denen Ihre Lernplattform Sie kennt; Ihre Kurse und Ihre Rollen darin.',
  'my-data-staff.account.who':
    'Den Namen: wer Ihre Kurse leitet. Alles: wer die Anwesenheit technisch betreibt.',
  'my-data-staff.account.long':
    'Bis {span} nach Ihrem letzten Kurs. Ab dann gehört, was Sie getan haben, zu niemandem mehr, den man erkennen kann.',
  'my-data-staff.phones.title': 'Kalender-Link',
  'my-data-staff.phones.kept': '{calendar, select, yes {Ein Kalender-Link.} other {Kein Kalender-Link.}}',
  'my-data-staff.phones.who': 'Sie.',
  'my-data-staff.phones.long': 'Bis Sie ihn erneuern oder Ihre Daten gelöscht werden.',
  'my-data-staff.messages.kept':
    '{count, plural, =0 {Keine E-Mail an Sie ist vermerkt.} one {Dass # E-Mail für Sie bestimmt war und wann sie verschickt wurde.} other {Dass # E-Mails für Sie bestimmt waren und wann sie verschickt wurden.}} Der Wortlaut wird nicht gespeichert.',
  'my-data-staff.messages.who': 'Niemand außer denen, die die Anwesenheit technisch betreiben.',
  'my-data-staff.messages.long': '{span}.',
  'my-data-staff.log.kept':
    'Was Sie in Ihren Kursen geändert haben: Einträge, Termine, Entschuldigungen, Einstellungen; und welche Dokumente Sie geöffnet haben.',
  'my-data-staff.log.who':
    'Wer den Kurs leitet. Im eigenen Download von Teilnehmenden heißen Sie nur „teacher“ oder „assistant“.',
  'my-data-staff.log.long':
    'So lange wie die Einträge des Kurses, denn es ist der Nachweis anderer; mit einer Nummer statt Ihres Namens, sobald Ihre Daten gelöscht sind.',
  'my-data-staff.elsewhere':
    'In Kursen, in denen Sie selbst teilnehmen, ist mehr von Ihnen gespeichert: Dort steht es auf derselben Seite. Der Download enthält auch das.',
  'my-data-staff.erase':
    'Wenn Sie Ihre Daten löschen lassen möchten, wenden Sie sich an die Stelle Ihrer Einrichtung, die die Anwesenheit betreibt.',

  'settings.data.title': 'Daten',
  'settings.data.lead':
    'Wie lange was gespeichert bleibt. Ihre Einrichtung legt es für alle ihre Kurse fest.',
  'settings.data.excuseDocumentDays': 'Dokumente einer Entschuldigung, nach der Entscheidung',
  'settings.data.excuseTextDays': 'Worte einer Entschuldigung und ihrer Entscheidung',
  'settings.data.evidenceDays': 'Was Check-ins über Telefon, Browser, Netz und Entfernung sagen',
  'settings.data.messageDays': 'Dass eine E-Mail verschickt wurde',
  'settings.data.personDays': 'Namen und Adressen, nach dem letzten Kurs einer Person',
  'settings.data.records': 'Die Anwesenheit selbst bleibt; ohne Namen, sobald der Name gelöscht ist.',
  'settings.data.mine': 'Was von mir gespeichert ist',
};
