import type { Metadata } from 'next';
import { requireMarker } from '#lib/access/require-place.ts';
import { maxFileBytes } from '#lib/calendars/decode-file.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { ImportForm } from './_components/import-form.tsx';

interface Props {
  params: Promise<{ courseId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageContext();
  return { title: t('import.title') };
}

/** Meetings from a calendar or a table, looked at before they are saved. */
export default async function ImportPage({ params }: Props) {
  const { courseId } = await params;
  const { t, language } = await loadPage((ctx) => requireMarker(ctx, courseId));
  return (
    <main>
      <h1 className="pt-5 pb-2 text-xl font-semibold">{t('import.title')}</h1>
      <ImportForm courseId={courseId} maxBytes={maxFileBytes} sampleHref={`/import-sample-${language}.csv`} />
    </main>
  );
}
