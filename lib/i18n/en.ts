import { launchEn } from './launch-en.ts';
import { phoneEn } from './phone-en.ts';
import { problemsEn } from './problems-en.ts';
import { registerEn } from './register-en.ts';
import { screensEn } from './screens-en.ts';
import { wordsEn } from './words-en.ts';

export const en = {
  ...wordsEn,
  ...problemsEn,
  ...phoneEn,
  ...launchEn,
  ...screensEn,
  ...registerEn,
} as const;
