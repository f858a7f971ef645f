import type { membersEn } from './members-en.ts';

export const membersDe: Record<keyof typeof membersEn, string> = {
  'members.title': 'Teilnehmende',
  'members.empty.title': 'Hier ist noch niemand',
  'members.empty.todo':
    'Teilnehmende kommen von der Liste des Kurses in {platform}, oder indem sie „Anwesenheit“ selbst öffnen. Lesen Sie die Liste jetzt, oder warten Sie, bis jemand „Anwesenheit“ öffnet.',
  'members.empty.no-list':
    'Teilnehmende erscheinen hier, sobald sie „Anwesenheit“ im Kurs öffnen: {platform} bietet diesem Werkzeug keine Liste an.',

  'members.sync.counted': '{count, plural, =0 {Niemand} other {#}} aus {platform}, {when}',
  'members.sync.never': 'Die Liste aus {platform} wurde noch nicht gelesen.',
  'members.sync.not-offered':
    '{platform} bietet diesem Werkzeug keine Liste der Teilnehmenden an. Wer „Anwesenheit“ selbst öffnet, kommt hinzu.',
  'members.sync.failed':
    'Der letzte Versuch, {when}, hat nicht geklappt: {why} Niemand wurde gestrichen. Check-ins und Einträge gehen wie immer, und wer „Anwesenheit“ öffnet, kommt hinzu.',
  'members.sync.running': '{count, plural, =0 {Die Liste wird gelesen …} other {# bisher gelesen …}}',

  'members.why.platform-unreachable': '{platform} war nicht erreichbar.',
  'members.why.platform-answer': '{platform} hat mit einem Fehler geantwortet ({status}).',
  'members.why.refused':
    '{platform} hat uns die Liste verweigert ({status}). Die Administration kann sie dort erlauben, wo das Werkzeug installiert ist.',
  'members.why.address-refused': 'Die Adresse, die {platform} nennt, darf nicht aufgerufen werden.',
  'members.why.interrupted': 'Das Lesen ist mittendrin abgebrochen.',
  'members.why.other': 'Bei uns ist etwas schiefgegangen.',

  'members.held.many':
    '{missing} von {enrolled} Teilnehmenden {missing, plural, one {steht} other {stehen}} nicht mehr auf der Liste aus {platform}. Es wurde nichts geändert: Das ist mehr als ein Fünftel auf einmal.',
  'members.held.concluded':
    '{missing} von {enrolled} Teilnehmenden {missing, plural, one {steht} other {stehen}} nicht mehr auf der Liste aus {platform}. Es wurde nichts geändert: Der Kurs ist dort abgeschlossen.',
  'members.held.todo':
    'Stimmt das, dann bestätigen Sie es: Wer fehlt, verlässt die Listen ab jenem Tag und behält, was eingetragen ist. Sonst ist nichts zu tun.',

  'members.conflict.title': 'Ist das eine Person?',
  'members.conflict.lead':
    '{platform} hat beiden Einträgen dieselbe Nummer gegeben. Oft ist das eine Person, deren Konten dort zusammengelegt wurden.',
  'members.conflict.merge.lead':
    'Zusammengelegt bleibt alles erhalten, was für beide eingetragen ist, in jedem Kurs. Haben beide zum selben Termin einen Eintrag, zählt der einer Lehrperson vor einem Check-in, dann der längere. Das lässt sich nicht zurücknehmen.',
  'members.conflict.number': 'Nummer in {platform}',
  'members.conflict.sis': 'SIS-Nummer',
  'members.conflict.first-seen': 'Zuerst gesehen',
  'members.conflict.last-launch': 'Zuletzt geöffnet',
  'members.conflict.sections': 'Abschnitte',
  'members.conflict.records': 'Erfasste Termine',
  'members.conflict.other-courses': 'Andere Kurse',
  'members.conflict.not-here': 'nicht in diesem Kurs',
  'members.conflict.assistants': 'Eine Lehrperson dieses Kurses kann das entscheiden.',

  'members.log.title': 'Wie die Liste gelesen wurde',
  'members.log.none': 'Sie wurde noch nicht gelesen.',
  'members.log.complete':
    '{kept} von {listed} Teilnehmenden{joined, plural, =0 {} other {, # neu}}{departed, plural, =0 {} other {, # gegangen}}{missing, plural, =0 {} one {, # fehlt} other {, # fehlen}}, {seconds} s',
  'members.log.failed':
    'Unvollständig: {why} {kept, plural, =0 {Niemand wurde übernommen} one {# Person wurde übernommen} other {# Personen wurden übernommen}}, niemand wurde gestrichen.',
  'members.log.by.launch': 'beim Öffnen durch Lehrende',
  'members.log.by.check-in': 'beim Start eines Check-ins',
  'members.log.by.teacher': 'über die Schaltfläche',
  'members.log.by.night': 'nachts',
  'members.log.by.operator': 'durch den Betrieb',
  'members.log.rest': 'Canvas’ eigene Liste',

  'members.role.teacher': 'Lehrperson',
  'members.role.assistant': 'Assistenz',
  'members.role.student': 'Teilnehmer:in',
  'members.role.observer': 'Beobachter:in',
  'members.role.designer': 'Kursgestaltung',
  'members.source.list': 'Liste aus {platform}',
  'members.source.launch': 'selbst geöffnet',
  'members.since.start': 'von Anfang an',
  'members.missing': 'fehlt auf der Liste seit {day}',
  'members.left': 'gegangen am {day}',
  'members.never': 'nie',

  'members.one.back': 'Teilnehmende',
  'members.one.since': 'Seit',
  'members.one.last-launch': 'Zuletzt geöffnet',
  'members.one.source': 'Woher',
  'members.spans.title': 'Zeiten im Kurs',
  'members.spans.lead': 'Termine außerhalb dieser Zeiten werden nicht erwartet und zählen in keiner Quote.',
  'members.spans.none': 'Zu keiner Zeit.',
  'members.span.anywhere': 'Im Kurs',
  'members.span.open': '{section} von Anfang an',
  'members.span.from': '{section} ab {from}',
  'members.span.to': '{section} bis {to}',
  'members.span.from-to': '{section} von {from} bis {to}',
  'members.span.by-teacher': 'von einer Lehrperson festgelegt: Die Liste aus {platform} ändert es nicht',

  'members.figures.title': 'Anwesenheit',
  'members.figures.rate': '{rate} anwesend',
  'members.figures.minutes': '{counted} von {expected}',
  'members.figures.meetings': '{attended} von {expected, plural, one {# Termin} other {# Terminen}}',
  'members.figures.none':
    'Bisher wurde nichts erwartet: Kein Termin in diesen Zeiten wurde gehalten und erfasst.',
  'members.figures.open': 'Die Termine dahinter zeigen',
  'members.figures.meeting': 'Termin',
  'members.figures.status': 'Status',
  'members.figures.counts': 'Zählt',
  'members.figures.no-check-out': 'Check-out fehlt',
  'members.figures.exempt': 'entschuldigt, bleibt außen vor',
  'members.figures.replaced': 'anderswo besucht: {meeting}',
  'members.figures.not-taken': 'zählt nicht',
  'members.history.title': 'Verlauf',

  'member-list.search': 'Namen suchen',
  'member-list.show': 'Zeigen',
  'member-list.enrolled': 'im Kurs',
  'member-list.left': 'gegangen',
  'member-list.name': 'Name',
  'member-list.section': 'Abschnitt',
  'member-list.since': 'Seit',
  'member-list.launched': 'Zuletzt geöffnet',
  'member-list.source': 'Woher',
  'member-list.rate': 'Quote',
  'member-list.count': '{count, plural, =0 {Niemand passt dazu.} one {# Person} other {# Personen}}',
  'member-list.more': 'Alle {count} zeigen',
  'member-list.standing.below': 'unter der Vorgabe',
  'member-list.standing.at-risk': 'gefährdet',

  'member-sync.now': 'Liste jetzt lesen',
  'member-sync.asked': 'Die Liste wird gelesen …',
  'member-sync.confirm': 'Bestätigen, dass sie gegangen sind',
  'member-sync.confirmed':
    '{count, plural, =0 {Es gab nichts mehr zu bestätigen.} one {# Person ist gegangen.} other {# Personen sind gegangen.}}',
  'member-sync.merge': 'Eine Person: zusammenlegen',
  'member-sync.apart': 'Zwei Personen: so lassen',
  'member-sync.changed': 'Das hat inzwischen jemand entschieden.',

  'member-spans.edit': 'Bearbeiten',
  'member-spans.section': 'Abschnitt',
  'member-spans.anywhere': 'ohne Abschnitt',
  'member-spans.from': 'Erster Tag',
  'member-spans.to': 'Letzter Tag',
  'member-spans.from.hint': 'leer: von Anfang an',
  'member-spans.to.hint': 'leer: ohne Ende',
  'member-spans.number': 'Zeit {number}',
  'member-spans.add': 'Zeit hinzufügen',
  'member-spans.remove': 'Zeit {number} entfernen',
  'member-spans.clear': 'Leeren',
  'member-spans.save': 'Speichern',
  'member-spans.saving': 'Wird gespeichert …',
  'member-spans.cancel': 'Abbrechen',
  'member-spans.saved': 'Gespeichert. Was erwartet wird, richtet sich danach.',
  'member-spans.problem.from': 'Bitte wählen Sie einen ganzen Tag, oder leeren Sie das Feld.',
  'member-spans.problem.to': 'Bitte wählen Sie einen ganzen Tag, oder leeren Sie das Feld.',
  'member-spans.problem.end-before-start': 'Der letzte Tag darf nicht vor dem ersten liegen.',
  'member-spans.problem.overlap': 'Diese Zeit überschneidet sich mit einer anderen im selben Abschnitt.',
  'member-spans.problems': 'Noch ist nichts gespeichert: Bitte sehen Sie sich die markierten Felder an.',
  'member-spans.none': 'Lassen Sie mindestens eine Zeit stehen. Wer gegangen ist, bekommt einen letzten Tag.',
  'member-spans.conflict':
    'Die Liste oder eine andere Lehrperson hat diese Zeiten geändert, seit Sie sie geöffnet haben. Es ist nichts gespeichert, und Ihre Eingaben sind noch da. Jetzt steht dort:',
  'member-spans.conflict.take': 'Nehmen, was dort steht',
  'member-spans.conflict.keep': 'Meine speichern',
};
