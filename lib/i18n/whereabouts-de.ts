import type { whereaboutsEn } from './whereabouts-en.ts';

export const whereaboutsDe: Record<keyof typeof whereaboutsEn, string> = {
  'phone.where.ask': 'Mitteilen, wie weit du vom Raum weg bist?',
  'phone.where.looking': 'Dein Handy sucht …',
  'phone.where.found': 'Gefunden. Gespeichert wird nur der Abstand.',
  'phone.where.failed': 'Dein Handy verrät es nicht. Es geht auch so weiter.',
  'phone.where.why': 'Warum werde ich das gefragt?',
  'phone.where.because':
    'Damit deine Lehrenden sehen, dass du in der Nähe bist. Gespeichert werden nur die Meter bis zum Raum; wo du bist, wird sofort verworfen. Es ist deine Sache: Ohne Haken zählt es ganz genauso.',
};
