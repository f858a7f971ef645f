import { ShieldCheck } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { historyKinds, loadChainState, loadHistory } from '#lib/audit/load-history.ts';
import type { ChainState, HistoryKind } from '#lib/audit/load-history.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { formatDay, formatTime, isolated } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import { buttonStyle } from '../../../_components/button.tsx';
import { HistoryEntries } from '../_components/history-entries.tsx';
import { loadPlace } from '../_components/load-place.ts';
import { tellHistory } from '../_components/tell-history.ts';

type Props = PageProps<'/courses/[courseId]/history'>;

interface Choice {
  only?: HistoryKind | undefined;
  member?: string | undefined;
  after?: string | undefined;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { t } = await loadPlace((await params).courseId);
  return { title: t('history.title') };
}

/** Everything that was changed in the course, the newest first, a page at a time. */
export default async function HistoryPage({ params, searchParams }: Props) {
  const { courseId } = await params;
  const choice = readChoice(await searchParams);
  const { view, t } = await loadPage(async (ctx) => ({
    history: await loadHistory(ctx, {
      courseId,
      of: { kind: 'course', only: choice.only, membershipId: choice.member },
      after: choice.after,
    }),
    chain: await loadChainState(ctx, courseId),
  }));
  const { history, chain } = view;
  const isNarrowed = choice.only !== undefined || choice.member !== undefined;
  const address = (change: Choice) => addressOf(courseId, { ...choice, after: undefined, ...change });

  return (
    <main className="max-w-3xl">
      <h1 className="pt-5 text-xl font-semibold">{t('history.title')}</h1>
      <p className="mt-1 text-quiet">{t('history.lead')}</p>
      <SealLine chain={chain} timeZone={history.timeZone} t={t} />

      <nav aria-label={t('history.filter')} className="mt-4">
        <ul className="flex flex-wrap gap-1.5">
          {[undefined, ...historyKinds].map((kind) => (
            <li key={kind ?? 'all'}>
              <Link
                href={address({ only: kind })}
                aria-current={kind === choice.only ? 'true' : undefined}
                className={buttonStyle({ kind: kind === choice.only ? 'primary' : 'second', size: 'small' })}
              >
                {t(`history.filter.${kind ?? 'all'}`)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {history.member !== undefined && (
        <p className="mt-3 flex flex-wrap items-baseline gap-x-3">
          {t('history.person', { member: isolated(history.member.name ?? t('history.somebody-else')) })}
          <Link href={address({ member: undefined })} className="text-brand underline">
            {t('history.person.off')}
          </Link>
        </p>
      )}

      <div className="mt-4">
        {history.entries.length === 0 ? (
          <p className="text-quiet">{t(isNarrowed ? 'history.none-fits' : 'history.none')}</p>
        ) : (
          <HistoryEntries
            courseId={courseId}
            entries={tellHistory(history, t)}
            about="meeting"
            {...(choice.member === undefined && {
              only: ({ id, name }) => ({
                href: address({ member: id }),
                text: t('history.only', { member: name }),
              }),
            })}
          />
        )}
      </div>
      {(choice.after !== undefined || history.older !== undefined) && (
        <nav aria-label={t('history.title')} className="mt-4 flex flex-wrap gap-2">
          {choice.after !== undefined && (
            <Link href={address({})} className={buttonStyle({ kind: 'quiet' })}>
              {t('history.newest')}
            </Link>
          )}
          {history.older !== undefined && (
            <Link href={address({ after: history.older })} className={buttonStyle({ kind: 'second' })}>
              {t('history.older')}
            </Link>
          )}
        </nav>
      )}
    </main>
  );
}

/** How far nobody can change the log unnoticed. */
function SealLine({ chain, timeZone, t }: { chain: ChainState; timeZone: string; t: Translate }) {
  const { sealedAt, isWaiting } = chain;
  if (sealedAt === undefined && !isWaiting) return null;
  return (
    <p className="mt-3 flex gap-2 text-sm">
      <ShieldCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-quiet" />
      <span>
        {[
          ...(sealedAt === undefined
            ? []
            : [
                t('history.sealed', {
                  time: `${formatDay(sealedAt, timeZone, t.language, { year: true })}, ${formatTime(sealedAt, timeZone, t.language)}`,
                }),
              ]),
          ...(isWaiting ? [t('history.sealing')] : []),
        ].join(' ')}
      </span>
    </p>
  );
}

function readChoice(query: Record<string, string | string[] | undefined>): Choice {
  const one = (name: string) => (typeof query[name] === 'string' ? query[name] : undefined);
  const only = one('only');
  return {
    only: historyKinds.find((kind) => kind === only),
    member: one('member'),
    after: one('after'),
  };
}

function addressOf(courseId: string, choice: Choice): string {
  const query = new URLSearchParams(
    Object.entries(choice).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return `/courses/${courseId}/history${query.size === 0 ? '' : `?${query.toString()}`}`;
}
