import type { devicesEn } from './devices-en.ts';

export const devicesDe: Record<keyof typeof devicesEn, string> = {
  'phone.remember.title': 'Ist das dein eigenes Handy?',
  'phone.remember.lead':
    'Dann genügt nächstes Mal ein Fingertipp, bis zum Ende von Semester oder Lehrgang. Auf geteilten oder geliehenen Geräten bitte nicht.',
  'phone.remember.scanned-elsewhere':
    'Gescannt hattest du in einem anderen Browser als diesem. Ein Fingertipp genügt, wenn sich Scans in diesem hier öffnen.',
  'phone.remember.go': 'Das ist mein Handy',
  'phone.remember.done': 'Dieses Handy ist gemerkt: Nächstes Mal genügt ein Fingertipp.',
  'phone.remember.elsewhere':
    'Dein eigenes Handy lässt sich merken: Dann genügt nächstes Mal ein Fingertipp.',
  'phone.remember.refused.title': 'Gemerkt werden nur Handys und Tablets',
  'phone.remember.refused.lead':
    'Dieser Browser läuft nach eigener Angabe auf einem Computer, und an dem sitzt nach dir vielleicht jemand anderes. Dein Check-in gilt.',
  'phone.remember.refused.go': 'Zurück zum Check-in',

  'mine.phones.title': 'Meine Handys',
  'mine.phones.lead':
    'Mit diesen checkst du mit einem Fingertipp ein. Den Code an der Wand brauchst du jedes Mal.',
  'mine.phones.none':
    'Es ist kein Handy gemerkt. Tippe nach deinem nächsten Check-in mit dem Handy auf „Das ist mein Handy“.',
  'mine.phones.forget': 'Vergessen',
  'mine.phones.forgotten':
    '{phone} ist nicht mehr gemerkt. Beim nächsten Check-in damit meldest du dich an und kannst es wieder als deines angeben.',

  'member-phones.forget': 'Sperren',
  'member-phones.forgotten':
    '{phone} ist nicht mehr gemerkt: Der nächste Check-in damit verlangt die Anmeldung.',
  'members.phones.title': 'Gemerkte Handys',
  'members.phones.lead':
    'Damit genügen ein Fingertipp und der Code an der Wand. Sperren Sie eines, das verloren ging oder in anderen Händen ist.',
  'members.phones.none': 'Es ist kein Handy gemerkt: Jeder Check-in verlangt die Anmeldung.',

  'phones.forget-one': '{action}: {phone}',
  'phones.nameless': 'Handy',
  'phones.since': 'gemerkt seit {day}',
  'phones.used': 'zuletzt benutzt {when}',
  'phones.unused': 'noch nicht benutzt',
};
