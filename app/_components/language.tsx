'use client';

import { createContext, useContext, useMemo } from 'react';
import type { ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import type { Language } from '#lib/i18n/languages.ts';
import { createTranslator } from '#lib/i18n/translate.ts';
import type { Messages, Translate } from '#lib/i18n/translate.ts';

const TranslateContext = createContext<Translate | undefined>(undefined);

/** Gives client components the page's language; its dictionary comes with the page, the other does not. */
export function LanguageProvider({
  language,
  messages,
  children,
}: {
  language: Language;
  /** The dictionary, as JSON. */
  messages: string;
  children: ReactNode;
}) {
  const translate = useMemo(
    () => createTranslator(language, JSON.parse(messages) as Messages),
    [language, messages],
  );
  return (
    <I18nProvider locale={language === 'de' ? 'de-DE' : 'en-GB'}>
      <TranslateContext value={translate}>{children}</TranslateContext>
    </I18nProvider>
  );
}

/** The translator in client components; server components take it from `pageContext`. */
export function useTranslate(): Translate {
  const translate = useContext(TranslateContext);
  if (translate === undefined) throw new Error('useTranslate stands outside of LanguageProvider');
  return translate;
}
