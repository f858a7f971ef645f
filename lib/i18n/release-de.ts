import type { releaseEn } from './release-en.ts';

/** An open page, after the tool was renewed. For everybody: neither du nor Sie. */
export const releaseDe: Record<keyof typeof releaseEn, string> = {
  'release.new': 'Eine neue Version ist da.',
  'release.kept': 'Eben wurde nichts geändert. Eingaben bleiben bis zum Neuladen stehen.',
  'release.lost':
    'Eine neue Version ist da. Eben wurde nichts geändert; Eingaben bleiben bis zum Neuladen der Seite stehen.',
  'release.todo': 'Diese Seite ist noch von der alten. Nach dem Neuladen geht es weiter.',
  'release.reload': 'Neu laden',
};
