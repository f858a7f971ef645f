import Link from 'next/link';
import type { Translate } from '#lib/i18n/translate.ts';
import { StatusBar, countAttended } from './status-bar.tsx';
import type { StatusCounts } from './status-bar.tsx';

/** A meeting in one glance: the bar, and "24 of 31 · 2 late · 1 flag". */
export function AttendedLine({
  meeting: { counts, expected, flagged },
  reviewHref,
  t,
}: {
  meeting: { counts: StatusCounts; expected: number; flagged: number };
  /** Where the flags are looked at, for those who may. */
  reviewHref: string | undefined;
  t: Translate;
}) {
  const taken = Object.values(counts).reduce((sum, count) => sum + count, 0);
  // A guest of another section is not expected, and was there all the same.
  const total = Math.max(expected, taken);
  const late = counts.late ?? 0;
  const figures = { here: countAttended(counts), total };
  return (
    <>
      <StatusBar counts={counts} total={total} />
      <span className="mt-1 block text-sm text-quiet tabular-nums">
        <span aria-hidden>{t('home.attended', figures)}</span>
        <span className="sr-only">{t('home.attended.spoken', figures)}</span>
        {late > 0 && (
          <>
            {' · '}
            <span className="whitespace-nowrap">{t('home.late', { count: late })}</span>
          </>
        )}
        {flagged > 0 && (
          <>
            {' · '}
            {reviewHref === undefined ? (
              <span className="whitespace-nowrap">{t('home.flags', { count: flagged })}</span>
            ) : (
              // Above the line's own link.
              <Link
                href={reviewHref}
                className="relative inline-block py-0.5 whitespace-nowrap text-late underline"
              >
                {t('home.flags', { count: flagged })}
              </Link>
            )}
          </>
        )}
      </span>
    </>
  );
}
