import { describe, expect, test } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';
import { languages } from './languages.ts';
import { aroundField } from './translate.ts';
import type { MessageKey } from './translate.ts';
import { translatorFor } from './translator.ts';

const sentences = (Object.keys(en) as MessageKey[]).filter(
  (key) => key.startsWith('settings.') && en[key].includes('{field}') && !key.endsWith('.spoken'),
);

describe.each(languages)('sentences with a field, %s', (language) => {
  const t = translatorFor(language);

  test('the field stands where the language puts it', () => {
    const around = aroundField(t, 'settings.lateArrivalsCountFrom');
    expect(around).toEqual(
      language === 'de'
        ? ['Wer später in den Kurs kommt, wird ', ' erwartet.']
        : ['Whoever joins the course later is expected ', '.'],
    );
  });
  test('what is counted beside it bends', () => {
    const after = (count: number) => aroundField(t, 'settings.graceMinutes', { count })[1];
    expect(after(1)).toMatch(/^ (Minute|minute) /);
    expect(after(5)).toMatch(/^ (Minuten|minutes) /);
    // While nothing that is a number stands in the field.
    expect(after(Number.NaN)).toMatch(/^ (Minuten|minutes) /);
  });
  test('each sentence has one place for one field', () => {
    expect(sentences.length).toBeGreaterThan(5);
    for (const key of sentences) {
      expect((language === 'de' ? de : en)[key].split('{field}'), key).toHaveLength(2);
    }
  });
});
