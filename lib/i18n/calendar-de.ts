import type { calendarEn } from './calendar-en.ts';

export const calendarDe: Record<keyof typeof calendarEn, string> = {
  'import.title': 'Termine importieren',
  'import.lead':
    'Wählen Sie einen Kalender (.ics) oder eine Tabelle (.csv). Sie sehen, was geschehen würde, bevor etwas gespeichert wird, und können es wiederholen, sooft sich die Datei ändert.',
  'import.drop': 'Datei hierher ziehen',
  'import.choose': 'Datei wählen',
  'import.sample': 'Beispieltabelle',
  'import.columns':
    'Eine Tabelle braucht die Spalten Datum, Von und Bis; dazu können Titel, Raum, Art, Pause, Beschreibung, Online, Pflicht und Kennung kommen, in beliebiger Reihenfolge.',
  'import.paste': 'Stattdessen Text einfügen',
  'import.paste.label': 'Inhalt eines Kalenders oder einer Tabelle',
  'import.paste.go': 'Ansehen',
  'import.reading': 'Die Datei wird gelesen …',
  'import.of': 'Aus {name}',
  'import.pasted': 'dem eingefügten Text',
  'import.other': 'Andere Datei wählen',
  'import.zone': 'Uhrzeiten, wie die Uhr sie in {zone} zeigt.',
  'import.rows': 'Termine in der Datei',
  'import.nothing': 'Es gibt nichts zu importieren: Alle Termine dieser Datei stehen schon so hier.',
  'import.all': 'Alle ankreuzen',
  'import.none': 'Keinen ankreuzen',
  'import.go': '{count, plural, =0 {Importieren} one {# Termin importieren} other {# Termine importieren}}',
  'import.going': 'Wird importiert …',
  'import.unchanged':
    '{count, plural, one {# Termin steht} other {# Termine stehen}} schon so hier, wie die Datei sagt',
  'import.kind.new': 'neu',
  'import.kind.changed': 'ändert sich',
  'import.kind.unchanged': 'unverändert',
  'import.kind.problem': 'nicht möglich',
  'import.kind.left-out': 'ausgelassen',
  'import.was': 'bisher',
  'import.becomes': 'künftig',
  'import.outdated':
    'Inzwischen hat jemand diesen Kurs geändert; darum wurde nichts importiert. Unten steht, was die Datei jetzt bewirken würde: Bitte sehen Sie es noch einmal an.',
  'import.failed': 'Es wurde nichts importiert.',
  'import.unreachable':
    'Der Server ist nicht erreichbar; es wurde nichts importiert. Ihre Auswahl steht noch hier: Bitte versuchen Sie es gleich noch einmal.',
  'import.done':
    '{made, plural, =0 {Kein neuer Termin} one {# neuer Termin} other {# neue Termine}}, {changed, plural, =0 {keiner geändert} one {# geändert} other {# geändert}}.',
  'import.done.title': 'Importiert',
  'import.done.recomputed':
    '{count, plural, one {Die Minuten von # Eintrag folgen} other {Die Minuten von # Einträgen folgen}} aus den neuen Zeiten.',
  'import.done.meetings': 'Zu den Terminen',
  'import.done.more': 'Noch eine Datei importieren',

  'import.says.line': 'Zeile {line}',
  'import.says.summary':
    '{fresh, plural, =0 {Nichts Neues} one {# neu} other {# neu}}, {changed, plural, =0 {keine Änderung} one {# Änderung} other {# Änderungen}}, {same} unverändert{problems, plural, =0 {} one {, # nicht möglich} other {, # nicht möglich}}.',
  'import.says.file.empty': 'In dieser Datei steht nichts.',
  'import.says.file.too-large':
    'Diese Datei ist größer als 900 KB und wurde nicht gelesen. Exportieren Sie einen kürzeren Zeitraum aus Ihrem Kalender, oder löschen Sie Spalten, die nicht gebraucht werden.',
  'import.says.file.not-text':
    'Das ist kein Text: vielleicht ein Bild oder die Tabellendatei selbst. Speichern Sie die Tabelle als CSV, oder exportieren Sie den Kalender als .ics, und wählen Sie diese Datei.',
  'import.says.file.not-known':
    'Das ist weder ein Kalender noch eine Tabelle, die wir kennen. In einer Tabelle nennt die erste Zeile die Spalten, etwa Datum; Von; Bis.',
  'import.says.file.calendar-without-events': 'In diesem Kalender stehen keine Termine.',
  'import.says.file.columns-missing':
    'Die erste Zeile nennt diese Spalten nicht: {columns}. Bitte schreiben Sie sie hinein.',
  'import.says.file.table-broken':
    'Ein Anführungszeichen in Zeile {line} endet nicht. Schließen oder löschen Sie es, und wählen Sie die Datei noch einmal.',
  'import.says.file.too-many':
    'In dieser Datei stehen mehr als {most} Termine; sie wurde nicht gelesen. Exportieren Sie einen kürzeren Zeitraum aus Ihrem Kalender.',
  'import.says.file.takes-too-long':
    'Eine Wiederholung in diesem Kalender lässt sich nicht ausrechnen; er wurde nicht gelesen. Löschen Sie den Serientermin dort, oder ändern Sie, wie er sich wiederholt.',
  'import.says.row.event-broken':
    'Dieser Termin ist nicht so geschrieben, wie Kalender es tun. Speichern Sie ihn in Ihrem Kalender noch einmal.',
  'import.says.row.no-start': 'Dieser Termin sagt nicht, wann er beginnt.',
  'import.says.row.end-before-start': 'Das Ende muss nach dem Beginn liegen.',
  'import.says.row.too-long': 'Er ist länger als ein Tag.',
  'import.says.row.rule-unreadable':
    'Wir können nicht ausrechnen, wie sich dieser Termin wiederholt. Bitte planen Sie ihn hier als Terminreihe.',
  'import.says.row.change-of-many':
    'Das ändert eine Serie von einem Tag an, auf eine Weise, die nicht gelesen wird. Beenden Sie die Serie in Ihrem Kalender, und legen Sie eine neue an.',
  'import.says.row.twice': 'Derselbe Termin steht schon weiter oben.',
  'import.says.row.date': 'Das ist kein Tag: Schreiben Sie ihn wie 28.11.2026 oder 2026-11-28.',
  'import.says.row.from': 'Das ist kein Beginn: Schreiben Sie ihn wie 9:00.',
  'import.says.row.to': 'Das ist kein Ende: Schreiben Sie es wie 12:45.',
  'import.says.row.kind': 'Diese Art kennen wir nicht: Schreiben Sie regulär, Wochenende, Abend oder online.',
  'import.says.row.break': 'Das ist keine Pause: Schreiben Sie ihre Minuten, etwa 15.',
  'import.says.row.online-url': 'Das ist kein Link, der mit https:// beginnt.',
  'import.says.row.mandatory': 'Schreiben Sie ja oder nein in die Spalte Pflicht.',
  'import.says.row.title-too-long': 'Der Titel hat mehr als 200 Zeichen.',
  'import.says.row.room-too-long': 'Der Raum hat mehr als 100 Zeichen.',
  'import.says.left-out.all-day': 'Das dauert ganze Tage und ist darum kein Termin des Kurses.',
  'import.says.left-out.series-cut':
    'Diese Serie reicht weiter als ein Jahr: Aufgeführt ist, was innerhalb eines Jahres liegt. Importieren Sie die Datei später noch einmal für den Rest.',
  'import.says.left-out.long-past': 'Was vor mehr als einem Jahr endete, ist nicht aufgeführt.',
  'import.says.note.zone-unknown':
    'Seine Zeitzone ist unbekannt: Die Zeiten sind nach der Uhr des Kurses gelesen.',
  'import.says.note.text-cut': 'Ein Text war zu lang und ist gekürzt.',
  'import.says.caution.edited':
    'Jemand hat diesen Termin hier nach dem Import geändert. Das würde überschrieben.',
  'import.says.caution.has-records':
    'Dafür ist Anwesenheit erfasst: Die Minuten würden aus den neuen Zeiten neu berechnet.',
  'import.says.caution.same-time': 'Ein anderer Termin dieses Kurses beginnt zur selben Zeit.',
  'import.says.caution.past': 'Er ist schon vorbei.',
  'import.says.field.time': 'Zeit',
  'import.says.field.title': 'Titel',
  'import.says.field.room': 'Raum',
  'import.says.field.breakMinutes': 'Pause',
  'import.says.field.kind': 'Art',
  'import.says.field.onlineUrl': 'Link',
  'import.says.field.onlinePlatform': 'Plattform',
  'import.says.field.description': 'Beschreibung',
  'import.says.field.isMandatory': 'Pflicht',
  'import.says.field.state': 'Stand',
  'import.says.value.none': 'nichts',
  'import.says.value.regular': 'regulär',
  'import.says.value.weekend': 'Wochenende',
  'import.says.value.evening': 'Abend',
  'import.says.value.online': 'online',
  'import.says.value.yes': 'ja',
  'import.says.value.no': 'nein',
  'import.says.value.planned': 'findet statt',
  'import.says.value.cancelled': 'fällt aus',
  'import.says.column.date': 'Datum',
  'import.says.column.from': 'Von',
  'import.says.column.to': 'Bis',
  'import.says.untitled': 'Ohne Titel',

  'calendar.title': 'Im eigenen Kalender',
  'calendar.lead':
    'Einmal abonnieren: Dann stehen die eigenen Termine aus allen Kursen hier auch im eigenen Kalender, mit jeder Änderung.',
  'calendar.subscribe': 'Abonnieren',
  'calendar.link': 'Geheimer Link',
  'calendar.secret': 'Wer diesen Link hat, sieht diese Termine. Darum bitte nicht weitergeben.',
  'calendar.copy': 'Kopieren',
  'calendar.copied': 'Kopiert',
  'calendar.open': 'Im Kalender öffnen',
  'calendar.renew': 'Neuer Link',
  'calendar.renew.hint': 'Mit einem neuen Link gilt der alte sofort nicht mehr.',
  'calendar.renewed': 'Das ist der neue Link. Der alte gilt nicht mehr.',
  'calendar.working': 'Einen Moment …',
  'calendar.unreachable': 'Der Server ist nicht erreichbar. Bitte gleich noch einmal versuchen.',
  'calendar.feed.name': 'Anwesenheit: meine Termine',
  'calendar.feed.summary': '{meeting} · {course}',
  'calendar.feed.cancelled': 'Fällt aus: {meeting} · {course}',
};
