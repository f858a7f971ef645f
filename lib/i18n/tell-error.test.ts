import { expect, test } from 'vitest';
import { httpStatusByCode } from '../base/errors.ts';
import type { ErrorCode } from '../base/errors.ts';
import { languages } from './languages.ts';
import { tellError } from './tell-error.ts';
import { translatorFor } from './translator.ts';

test.each(languages)('every error in %s is told in whole sentences, each with one full stop', (language) => {
  const t = translatorFor(language);
  for (const code of Object.keys(httpStatusByCode) as ErrorCode[]) {
    const told = tellError(code, t);
    expect(told).not.toMatch(/[.?!:]\./);
    expect(told.startsWith(`${t(`errors.${code}.title`)}. `)).toBe(true);
    expect(told).toMatch(/[.?!]$/);
  }
});
