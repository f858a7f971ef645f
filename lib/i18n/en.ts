import { phoneEn } from './phone-en.ts';
import { problemsEn } from './problems-en.ts';
import { screensEn } from './screens-en.ts';

export const en = { ...problemsEn, ...phoneEn, ...screensEn } as const;
