import { de } from './de.ts';
import { en } from './en.ts';
import type { Language } from './languages.ts';
import { createTranslator } from './translate.ts';
import type { Messages, Translate } from './translate.ts';

export type { Translate } from './translate.ts';

function messagesOf(language: Language): Messages {
  return language === 'de' ? de : en;
}

/** What server components, route handlers and server actions alone say. */
const serverOnly =
  /^(phone\.|review\.|members\.|who-excused\.|member-excuses\.|personal-code\.|privacy\.|my-data|settings\.data\.|import\.says\.|calendar\.feed\.|mail\.|sheet\.|desk\.|history\.|launch\.|link\.|connect\.|mine\.(?!code\.|phones\.)|problem\.launch|errors\.(login|platform|launch|state|token|nonce|claim|version|message|deployment|target|address|registration|invite|link)-)/;

const clientMessages = new Map<Language, string>();

/**
 * The part of a dictionary that client components may need, as JSON; the rest stays off the wire. As one text, because
 * every page brings it: hundreds of keys cost the server more than the page itself.
 */
export function clientMessagesOf(language: Language): string {
  let text = clientMessages.get(language);
  if (text === undefined) {
    const messages = Object.entries(messagesOf(language)).filter(([key]) => !serverOnly.test(key));
    text = JSON.stringify(Object.fromEntries(messages));
    clientMessages.set(language, text);
  }
  return text;
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
