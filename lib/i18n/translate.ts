import { IntlMessageFormat } from 'intl-messageformat';
import type { en } from './en.ts';
import type { Language } from './languages.ts';

export type MessageKey = keyof typeof en;
export type Values = Record<string, string | number | Date>;
export type Messages = Readonly<Record<MessageKey, string>>;

/** Turns a key into a sentence. Messages are ICU MessageFormat: `{count, plural, one {…} other {…}}`. */
export interface Translate {
  (key: MessageKey, values?: Values): string;
  language: Language;
}

/** Knows no dictionary of its own, so that a browser gets just the one it is given. */
export function createTranslator(language: Language, messages: Messages): Translate {
  const compiled = new Map<MessageKey, IntlMessageFormat>();
  const translate = (key: MessageKey, values?: Values): string => {
    if (values === undefined) return messages[key];
    let message = compiled.get(key);
    if (message === undefined) {
      message = new IntlMessageFormat(messages[key], language, undefined, { ignoreTag: true });
      compiled.set(key, message);
    }
    return String(message.format(values));
  };
  return Object.assign(translate, { language });
}

/** What stands between the pieces of a sentence in which something else than text stands, such as a field. */
const slotMark = '\uE000';

/**
 * A sentence around its slot `{field}`: what stands before and what stands after it. Where the slot stands is the
 * language's business.
 */
export function aroundField(t: Translate, key: MessageKey, values?: Values): [before: string, after: string] {
  const [before = '', after = ''] = t(key, { ...values, field: slotMark }).split(slotMark);
  return [before, after];
}
