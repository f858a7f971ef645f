import { ArrowLeft, Info } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { localOfInstant } from '#lib/base/time.ts';
import { loadExcuseForm } from '#lib/excuses/load-excuse-form.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { loadPlace } from '../../_components/load-place.ts';
import { ExcuseForm } from './_components/excuse-form.tsx';

interface Props {
  params: Promise<{ courseId: string }>;
  searchParams: Promise<{ meeting?: string | string[] }>;
}

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await pageContext();
  return { title: t('my-excuse.new') };
}

/** A student hands in an excuse. */
export default async function NewExcusePage({ params, searchParams }: Props) {
  const { courseId } = await params;
  const { meeting } = await searchParams;
  const { view, t, ctx } = await loadPage((ctx) => loadExcuseForm(ctx, courseId));
  const { membershipId } = (await loadPlace(courseId)).view;
  return (
    <main>
      <Link
        href={`/courses/${courseId}`}
        className="mt-4 inline-flex items-center gap-1.5 py-1 text-sm text-brand"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t('my-excuse.back')}
      </Link>
      <h1 className="pt-1 pb-5 text-xl font-semibold">{t('my-excuse.new')}</h1>
      {view.isTestUser ? (
        <p className="flex gap-3 rounded-md border border-line bg-sunken p-4">
          <Info aria-hidden className="mt-0.5 size-5 shrink-0 text-quiet" />
          {t('my-excuse.test-user')}
        </p>
      ) : (
        <ExcuseForm
          courseId={courseId}
          membershipId={membershipId}
          meetings={view.meetings}
          now={ctx.now}
          thisYear={localOfInstant(ctx.now, view.course.timeZone).slice(0, 4)}
          linkedId={typeof meeting === 'string' ? meeting : null}
          maxFileBytes={view.maxFileBytes}
          areAssistantsReaders={view.areAssistantsReaders}
          documentDays={view.documentDays}
        />
      )}
    </main>
  );
}
