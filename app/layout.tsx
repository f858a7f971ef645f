import type { Metadata, Viewport } from 'next';
import type { ReactNode } from 'react';
import { runningRelease } from '#lib/base/release.ts';
import { clientMessagesOf } from '#lib/i18n/translator.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { LanguageProvider } from './_components/language.tsx';
import { NewVersion } from './_components/new-version.tsx';
import './globals.css';

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageContext();
  return { title: { default: t('app.name'), template: `%s · ${t('app.name')}` }, icons: '/icon.svg' };
}

export const viewport: Viewport = { width: 'device-width', initialScale: 1, colorScheme: 'light dark' };

export default async function RootLayout({ children }: { children: ReactNode }) {
  const { language } = await pageContext();
  return (
    <html lang={language} data-release={runningRelease()}>
      <body>
        <LanguageProvider language={language} messages={clientMessagesOf(language)}>
          <NewVersion />
          {children}
        </LanguageProvider>
      </body>
    </html>
  );
}
