import { cache } from 'react';
import { ArrowLeft, CircleCheck } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { loadPage } from '#lib/http/load-page.ts';
import { meetingName } from '#lib/i18n/format.ts';
import { loadReview } from '#lib/reviews/load-review.ts';
import type { Card } from '#lib/reviews/load-review.ts';
import { KeepFresh } from '../../../../../_components/keep-fresh.tsx';
import { ReviewDesk } from './_components/desk.tsx';
import { ReviewCard } from './_components/review-card.tsx';
import { SpotChecks } from './_components/spot-checks.tsx';

type Props = PageProps<'/courses/[courseId]/meetings/[meetingId]/review'>;

/** A short list: what comes after these follows when they are decided. */
const shownCards = 20;
/** Who calls out names with a colleague sees their ticks soon. */
const freshSeconds = { calling: 4, otherwise: 15 } as const;

/** Once for the title and the page together. */
const load = cache((courseId: string, meetingId: string) =>
  loadPage((ctx) => loadReview(ctx, { courseId, meetingId })),
);

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { courseId, meetingId } = await params;
  const { view, t } = await load(courseId, meetingId);
  return { title: `${t('review.title')} · ${meetingName(view.meeting, t)}` };
}

export default async function ReviewPage({ params }: Props) {
  const { courseId, meetingId } = await params;
  const { view, t } = await load(courseId, meetingId);
  const { cards, timeZone, spotChecks } = view;
  const list = (some: readonly Card[]) =>
    some.map((card) => (
      <ReviewCard
        key={`${card.reason} ${card.people[0]?.evidence[0]?.id ?? ''}`}
        card={card}
        timeZone={timeZone}
        t={t}
      />
    ));
  const later = cards.open.length - shownCards;
  const hasDecided = cards.ask.length + cards.done.length > 0;
  const isCalling = spotChecks.some(({ endedAt }) => endedAt === null);
  return (
    <main className="pt-5">
      <KeepFresh everySeconds={isCalling ? freshSeconds.calling : freshSeconds.otherwise} />
      <Link
        href={`/courses/${courseId}/meetings/${meetingId}`}
        className="inline-flex items-center gap-1.5 text-brand underline"
      >
        <ArrowLeft aria-hidden className="size-4" />
        {t('review.back')}
      </Link>
      <h1 className="mt-2 text-xl font-semibold">
        <span className="inline-block">{t('review.title')} ·</span> <bdi>{meetingName(view.meeting, t)}</bdi>
      </h1>
      <p className="max-w-3xl text-quiet">{t('review.lead')}</p>
      <ReviewDesk courseId={courseId} meetingId={meetingId}>
        {cards.open.length === 0 ? (
          <section className="mt-5 flex items-start gap-3 rounded-md bg-present-soft p-4">
            <CircleCheck aria-hidden className="size-6 shrink-0 text-present" />
            <div>
              <h2 className="font-semibold">{t(`review.${hasDecided ? 'none-left' : 'none'}.title`)}</h2>
              <p className="text-sm">{t(`review.${hasDecided ? 'none-left' : 'none'}.lead`)}</p>
            </div>
          </section>
        ) : (
          <section aria-labelledby="to-look-at" className="mt-5">
            <h2 id="to-look-at" className="text-lg font-semibold">
              {t('review.open')}
            </h2>
            <div className="mt-2 flex flex-col gap-3">{list(cards.open.slice(0, shownCards))}</div>
            {later > 0 && <p className="mt-2 text-quiet">{t('review.more-cards', { count: later })}</p>}
          </section>
        )}
        {cards.ask.length > 0 && (
          <section aria-labelledby="to-ask" className="mt-6">
            <h2 id="to-ask" className="text-lg font-semibold">
              {t('review.ask')}
            </h2>
            <div className="mt-2 flex flex-col gap-3">{list(cards.ask)}</div>
          </section>
        )}
        <SpotChecks view={view} t={t} />
        {cards.done.length > 0 && (
          <details className="mt-8 border-t border-line pt-4" data-testid="decided">
            <summary className="cursor-pointer py-1 font-semibold">
              {t('review.done', { count: cards.done.length })}
            </summary>
            <div className="mt-2 flex flex-col gap-3">{list(cards.done)}</div>
          </details>
        )}
      </ReviewDesk>
    </main>
  );
}
