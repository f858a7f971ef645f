import { Download, Info } from 'lucide-react';
import type { Metadata } from 'next';
import { loadPage } from '#lib/http/load-page.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { loadMyData } from '#lib/privacy/load-my-data.ts';
import { buttonStyle } from '../../../_components/button.tsx';
import { tellKept } from './_components/tell-kept.ts';

interface Props {
  params: Promise<{ courseId: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageContext();
  return { title: t('my-data.title') };
}

/** What is kept of whoever looks, in plain words, and all of it as a file. */
export default async function MyDataPage({ params }: Props) {
  const { courseId } = await params;
  const { view, t } = await loadPage((ctx) => loadMyData(ctx, courseId));
  const words = view.role === 'student' ? 'my-data-student' : 'my-data-staff';
  if (view.isTestUser) {
    return (
      <main className="max-w-2xl">
        <h1 className="pt-5 pb-4 text-xl font-semibold">{t('my-data.title')}</h1>
        <p className="flex gap-3 rounded-md border border-line bg-sunken p-4">
          <Info aria-hidden className="mt-0.5 size-5 shrink-0 text-quiet" />
          {t('my-data-student.nobody')}
        </p>
      </main>
    );
  }
  return (
    <main className="max-w-2xl">
      <h1 className="pt-5 pb-2 text-xl font-semibold">{t('my-data.title')}</h1>
      <p>{t(`${words}.lead`)}</p>
      <form method="post" action="/api/my-data" className="mt-4">
        <input type="hidden" name="person" value={view.personId} />
        <button type="submit" aria-describedby="download-hint" className={buttonStyle({ kind: 'primary' })}>
          <Download aria-hidden className="size-4" />
          {t(`${words}.download`)}
        </button>
        <p id="download-hint" className="mt-2 text-sm text-quiet">
          {t(`${words}.download.hint`)}
        </p>
      </form>
      {tellKept(view, t).map(({ kind, title, kept, who, long }) => (
        <section key={kind} aria-labelledby={kind} className="mt-6 border-t border-line pt-4">
          <h2 id={kind} className="text-lg font-semibold">
            {title}
          </h2>
          <p className="mt-1">{kept}</p>
          <dl className="mt-2 grid gap-x-4 text-sm sm:grid-cols-[8rem_minmax(0,1fr)]">
            <dt className="font-medium">{t('my-data.who')}</dt>
            <dd className="mb-1 text-quiet">{who}</dd>
            <dt className="font-medium">{t('my-data.long')}</dt>
            <dd className="text-quiet">{long}</dd>
          </dl>
        </section>
      ))}
      <div className="mt-6 space-y-3 border-t border-line pt-4">
        {words === 'my-data-staff' && view.attendsElsewhere && <p>{t('my-data-staff.elsewhere')}</p>}
        <p>{t(`${words}.erase`)}</p>
      </div>
    </main>
  );
}
