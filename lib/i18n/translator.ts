import { IntlMessageFormat } from 'intl-messageformat';
import { de } from './de.ts';
import { en } from './en.ts';
import type { Language } from './languages.ts';

export type MessageKey = keyof typeof en;
export type Values = Record<string, string | number | Date>;
export type Messages = Readonly<Record<MessageKey, string>>;

/** Turns a key into a sentence. Messages are ICU MessageFormat: `{count, plural, one {…} other {…}}`. */
export interface Translate {
  (key: MessageKey, values?: Values): string;
  language: Language;
}

export function messagesOf(language: Language): Messages {
  return language === 'de' ? de : en;
}

export function createTranslator(language: Language, messages: Messages = messagesOf(language)): Translate {
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

const translators = new Map<Language, Translate>();

/** The translator of a language, made once per process. */
export function translatorFor(language: Language): Translate {
  let translator = translators.get(language);
  if (translator === undefined) {
    translator = createTranslator(language);
    translators.set(language, translator);
  }
  return translator;
}
