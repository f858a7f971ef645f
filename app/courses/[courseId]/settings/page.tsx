import type { Metadata } from 'next';
import { headers } from 'next/headers';
import Link from 'next/link';
import { nearestAddress } from '#lib/base/networks.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { loadSettings } from '#lib/settings/load-settings.ts';
import { DataSection } from './_components/data-section.tsx';
import { SettingsForm } from './_components/settings-form.tsx';
import { TimeZoneForm } from './_components/time-zone-form.tsx';

interface Props {
  params: Promise<{ courseId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageContext();
  return { title: t('settings.title') };
}

export default async function SettingsPage({ params }: Props) {
  const { courseId } = await params;
  const { view, t } = await loadPage((ctx) => loadSettings(ctx, courseId));
  const { timeZone, timeZones, ...policy } = view;
  return (
    <main>
      <div className="max-w-2xl pt-5 pb-5">
        <h1 className="text-xl font-semibold">{t('settings.title')}</h1>
        <p className="text-quiet">{t(view.mayChange ? 'settings.lead' : 'settings.read-only')}</p>
      </div>
      <SettingsForm
        courseId={courseId}
        ownAddress={nearestAddress((await headers()).get('x-forwarded-for'))}
        initial={policy}
      />
      <TimeZoneForm courseId={courseId} initial={timeZone} timeZones={timeZones} mayChange={view.mayChange} />
      <DataSection courseId={courseId} />
      <section className="mt-8 border-t border-line pt-6">
        <h2 className="mb-1 text-lg font-semibold">{t('settings.more')}</h2>
        <Link href={`/courses/${courseId}/history`} className="text-brand underline">
          {t('settings.history')}
        </Link>
      </section>
    </main>
  );
}
