import { de } from '#lib/i18n/de.ts';
import { en } from '#lib/i18n/en.ts';
import type { MessageKey } from '#lib/i18n/translate.ts';

/** A sentence of ours in either language, whole; what is filled in may be anything. */
export function words(...keys: MessageKey[]): RegExp {
  const sentences = keys.flatMap((key) => [en[key], de[key]]).map(patternOf);
  return new RegExp(`^\\s*(${sentences.join('|')})\\s*$`);
}

/** What stands in braces, with the braces in them (plurals), may be anything. */
const filledIn = /\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/;

function patternOf(sentence: string): string {
  return sentence
    .split(filledIn)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.+');
}
