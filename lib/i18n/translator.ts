import { de } from './de.ts';
import { en } from './en.ts';
import type { Language } from './languages.ts';
import { createTranslator } from './translate.ts';
import type { Messages, Translate } from './translate.ts';

export type { MessageKey, Messages, Translate, Values } from './translate.ts';

export function messagesOf(language: Language): Messages {
  return language === 'de' ? de : en;
}

const translators = new Map<Language, Translate>();

/** The translator of a language, made once per process. */
export function translatorFor(language: Language): Translate {
  let translator = translators.get(language);
  if (translator === undefined) {
    translator = createTranslator(language, messagesOf(language));
    translators.set(language, translator);
  }
  return translator;
}
