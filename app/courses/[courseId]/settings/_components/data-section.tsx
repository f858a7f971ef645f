import Link from 'next/link';
import { retentionFields } from '#lib/base/retention-policy.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { loadRetention } from '#lib/privacy/load-retention.ts';
import { tellDays } from '../../_components/tell-days.ts';

/** How long the course's institution keeps what: to be read here, and set by whoever operates the tool. */
export async function DataSection({ courseId }: { courseId: string }) {
  const { view: retention, t } = await loadPage((ctx) => loadRetention(ctx, courseId));
  return (
    <section aria-labelledby="data" className="mt-8 max-w-2xl border-t border-line pt-6">
      <h2 id="data" className="mb-1 text-lg font-semibold">
        {t('settings.data.title')}
      </h2>
      <p className="text-quiet">{t('settings.data.lead')}</p>
      <dl className="mt-3 grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1">
        {retentionFields.map((field) => (
          <div key={field} className="contents">
            <dt>{t(`settings.data.${field}`)}</dt>
            <dd className="text-right font-medium">{tellDays(retention[field], t)}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 text-sm text-quiet">{t('settings.data.records')}</p>
      <Link href={`/courses/${courseId}/my-data`} className="mt-3 inline-block text-brand underline">
        {t('settings.data.mine')}
      </Link>
    </section>
  );
}
