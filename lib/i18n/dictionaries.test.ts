import { IntlMessageFormat } from 'intl-messageformat';
import { expect, test } from 'vitest';
import { de } from './de.ts';
import { en } from './en.ts';
import type { MessageKey, Messages } from './translate.ts';

type Parts = ReturnType<IntlMessageFormat['getAst']>;

const keys = Object.keys(en) as MessageKey[];

/** The values that a sentence asks for, in whatever branch. */
function namesIn(parts: Parts): string[] {
  return parts.flatMap((part) => {
    const branches = 'options' in part ? Object.values(part.options) : [];
    const isText = Object.is(part.type, 0);
    return [
      ...('value' in part && !isText ? [part.value] : []),
      ...branches.flatMap(({ value }) => namesIn(value)),
    ];
  });
}

function valuesOf(sentence: string, language: string): string[] {
  const format = new IntlMessageFormat(sentence, language, undefined, { ignoreTag: true });
  return [...new Set(namesIn(format.getAst()))].toSorted();
}

test('every sentence can be read, and asks for the same values in both languages', () => {
  const asked = (messages: Messages, language: string) =>
    Object.fromEntries(keys.map((key) => [key, valuesOf(messages[key], language)]));
  expect(asked(de, 'de')).toEqual(asked(en, 'en'));
});

test('no sentence speaks to one reader in two ways', () => {
  const both = keys.filter(
    (key) => /\b(du|dich|dir|deine?[nmrs]?)\b/i.test(de[key]) && /\bIhre?[nmrs]?\b/.test(de[key]),
  );
  expect(both).toEqual([]);
});

test('whoever runs a course is never called du, and no student Sie, on pages of their own', () => {
  const ofTeachers =
    /^(mail\.excuses-received|register|form|series|home|import|members|member|history|settings|desk-excuse|who-excused|member-excuses|my-data-staff|review|reviewing|spot|help|personal-code)[.-]/;
  const ofStudents =
    /^(mail\.excuse-decided|mail\.marked-absent|mail\.rate-below|phone|mine|my-code|my-excuse|excuse-file|my-data-student)\./;
  expect(
    keys.filter((key) => ofTeachers.test(key) && /\b(du|dich|dir|deine?[nmrs]?)\b/i.test(de[key])),
  ).toEqual([]);
  expect(
    keys.filter(
      (key) => ofStudents.test(key) && /\b(Ihre?[nmrs]?|Ihnen)\b|\b(Bitte|[a-zäöü]+en) Sie\b/.test(de[key]),
    ),
  ).toEqual([]);
});
