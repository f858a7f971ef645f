import type { launchEn } from './launch-en.ts';

/** Who reads these is not known yet, or is a teacher or administrator. */
export const launchDe: Record<keyof typeof launchEn, string> = {
  'launch.opening': 'Anwesenheit wird geöffnet …',
  'launch.continue': 'Weiter',
  'launch.new-tab.title': 'Anwesenheit öffnet sich in einem eigenen Tab',
  'launch.new-tab.why':
    'Dieser Browser behält keine Anmeldung für Seiten, die in anderen Seiten stehen. Im eigenen Tab geht alles wie gewohnt.',
  'launch.new-tab.go': 'Anwesenheit öffnen',
  'launch.nothing-kept.title': 'Dieser Browser behält nichts für diese Seite',
  'launch.nothing-kept.todo':
    'Zum Anmelden braucht Anwesenheit ein Cookie. Bitte Cookies für diese Seite erlauben oder einen anderen Browser nehmen und „Anwesenheit“ dann im Kurs erneut öffnen.',
  'launch.needs-script':
    'Dieser Browser führt hier keine Skripte aus und behält in fremden Seiten keine Cookies. Bitte eines von beiden erlauben oder einen anderen Browser nehmen.',

  'link.title': 'Was soll der Link öffnen?',
  'link.lead': 'Teilnehmende sehen damit ihre eigene Anwesenheit, Lehrende die des Kurses.',
  'link.course': 'Anwesenheit dieses Kurses',
  'link.coming': 'Kommende Termine',
  'link.past': 'Vergangene Termine',
  'link.none': 'Es gibt noch keine Termine. Sobald welche geplant sind, können Sie jeden einzeln verlinken.',
  'link.more': 'Hier stehen nur die nächstliegenden Termine.',
  'link.go': 'Link setzen',
  'link.cancel': 'Abbrechen',
  'link.placed': 'Der Link ist auf dem Weg in Ihren Kurs …',

  'connect.title': 'Anwesenheit mit {host} verbinden?',
  'connect.lead': 'Anwesenheit registriert sich bei dieser Lernplattform und bittet um:',
  'connect.asks.members':
    'die Mitglieder der Kurse mit Namen und Abschnitten, damit die Liste vollständig ist',
  'connect.asks.grades':
    'eigene Spalten im Notenbuch, damit Anwesenheit dort zählen kann, wenn Lehrende das wollen',
  'connect.asks.links': 'einen Eintrag in der Kursnavigation und Links zu einzelnen Terminen',
  'connect.go': 'Verbinden',
  'connect.done.title': 'Anwesenheit ist verbunden',
  'connect.done.platform': 'Plattform',
  'connect.done.client': 'Client-ID',
  'connect.done.next.canvas':
    'Als Nächstes: diese Seite schließen, die Einstellungen in Canvas ansehen, die App einschalten und für Ihren Account installieren. Danach „Anwesenheit“ in einem Kurs öffnen.',
  'connect.done.next.other':
    'Als Nächstes: diese Seite schließen und das Tool in Ihrer Plattform aktivieren. Danach können Lehrende es in ihre Kurse aufnehmen.',
  'connect.done.close': 'Schließen',
  'connect.done.closed': 'Sie können diese Seite jetzt verlassen.',
};
