import { FileCheck, Info } from 'lucide-react';
import Link from 'next/link';
import { localOfInstant } from '#lib/base/time.ts';
import { loadMyExcuses } from '#lib/excuses/load-my-excuses.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { buttonStyle } from '../../../../_components/button.tsx';
import { KeepFresh } from '../../../../_components/keep-fresh.tsx';
import { MyExcuse } from './my-excuse.tsx';

/** A student's own excuses and what became of each, the newest first. */
export async function MyExcuses({ courseId }: { courseId: string }) {
  const { view, t, ctx } = await loadPage((ctx) => loadMyExcuses(ctx, courseId));
  const { timeZone } = view.course;
  const newHref = `/courses/${courseId}/excuses/new`;
  return (
    <main className="max-w-3xl">
      <KeepFresh />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 pt-5 pb-4">
        <h1 className="text-xl font-semibold">{t('my-excuse.title')}</h1>
        {view.excuses.length > 0 && !view.isTestUser && (
          <Link href={newHref} className={buttonStyle({ kind: 'primary' })}>
            {t('my-excuse.new')}
          </Link>
        )}
      </div>
      {view.isTestUser && (
        <p className="flex gap-3 rounded-md border border-line bg-sunken p-4">
          <Info aria-hidden className="mt-0.5 size-5 shrink-0 text-quiet" />
          {t('my-excuse.test-user')}
        </p>
      )}
      {view.excuses.length === 0 && !view.isTestUser && (
        <div className="mx-auto max-w-md py-12 text-center">
          <FileCheck aria-hidden className="mx-auto mb-3 size-9 text-quiet" />
          <p className="text-lg font-semibold">{t('my-excuse.empty.title')}</p>
          <p className="mt-1 mb-5 text-quiet">{t('my-excuse.empty.lead')}</p>
          <Link href={newHref} className={buttonStyle({ kind: 'primary' })}>
            {t('my-excuse.new')}
          </Link>
        </div>
      )}
      <ul className="grid gap-4">
        {view.excuses.map((excuse) => (
          <li key={excuse.id}>
            <MyExcuse
              courseId={courseId}
              excuse={excuse}
              timeZone={timeZone}
              thisYear={localOfInstant(ctx.now, timeZone).slice(0, 4)}
              maxFileBytes={view.maxFileBytes}
              t={t}
            />
          </li>
        ))}
      </ul>
      <p className="mt-6">
        <Link href={`/courses/${courseId}`} className="py-1 text-brand underline">
          {t('my-excuse.back')}
        </Link>
      </p>
    </main>
  );
}
