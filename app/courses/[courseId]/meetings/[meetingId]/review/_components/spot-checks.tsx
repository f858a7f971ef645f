import { UserRoundCheck } from 'lucide-react';
import { formatTime } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import { spotCheckSize } from '#lib/reviews/input.ts';
import type { FalseRate, ReviewView } from '#lib/reviews/load-review.ts';
import { StatusLabel } from '../../../../../../_components/status.tsx';
import { DecisionButtons } from './decision-buttons.tsx';
import { CallOut, CorrectSpotCheck, MarkAbsent, StartSpotCheck } from './spot-check.tsx';

type SpotCheck = ReviewView['spotChecks'][number];

interface Telling {
  timeZone: string;
  t: Translate;
}

/** A lot among those who are checked in, what came of it, and what it says about all of them. */
export function SpotChecks({
  view: { spotChecks, present, course, timeZone },
  t,
}: {
  view: ReviewView;
  t: Translate;
}) {
  const goingOn = spotChecks.find(({ endedAt }) => endedAt === null);
  const ended = spotChecks.filter(({ endedAt }) => endedAt !== null);
  return (
    <section aria-labelledby="spot-check" className="mt-8 border-t border-line pt-6">
      <h2 id="spot-check" className="text-lg font-semibold">
        {t('review.spot.title')}
      </h2>
      <p className="text-quiet">{t('review.spot.lead')}</p>
      {goingOn !== undefined ? (
        <div className="mt-3 rounded-md border border-brand bg-brand-soft p-4">
          <h3 className="font-semibold">{t('review.spot.going-on', { count: goingOn.picks.length })}</h3>
          <CallOut
            spotCheckId={goingOn.id}
            picks={goingOn.picks.map(({ membershipId, name, isThere, leftAt }) => ({
              ...{ membershipId, name, isThere: isThere === true, left: tellLeft(leftAt, { timeZone, t }) },
            }))}
          />
        </div>
      ) : present === 0 ? (
        <p className="mt-3">{t('review.spot.nobody')}</p>
      ) : (
        <StartSpotCheck {...spotCheckSize} />
      )}
      {ended.map((spotCheck) => (
        <Result
          key={spotCheck.id}
          spotCheck={spotCheck}
          mayCorrect={goingOn === undefined}
          timeZone={timeZone}
          t={t}
        />
      ))}
      {course !== undefined && (
        <div className="mt-4 rounded-md bg-sunken p-4">
          <h3 className="font-semibold">
            {t('review.spot.course', {
              ...{ count: course.spotChecks, missing: course.missing, called: course.called },
            })}
          </h3>
          <p>{t('review.spot.course.range', rangeOf(course.rate, t))}</p>
          <Range rate={course.rate} t={t} />
        </div>
      )}
    </section>
  );
}

function Result({
  spotCheck,
  mayCorrect,
  timeZone,
  t,
}: { spotCheck: SpotCheck; mayCorrect: boolean } & Telling) {
  const { id, startedAt, checkedIn, called, missing, picks, rate } = spotCheck;
  const absent = picks.filter(({ isThere }) => isThere === false);
  if (rate === undefined) return null;
  return (
    <article className="mt-4 rounded-md border border-line bg-paper p-4" data-testid="spot-check">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <h3 className="font-semibold">
          {t('review.spot.ended', {
            ...{ time: formatTime(startedAt, timeZone, t.language), missing, called },
          })}
        </h3>
        {mayCorrect && <CorrectSpotCheck spotCheckId={id} />}
      </div>
      <p>
        {t(called < checkedIn ? 'review.spot.range' : 'review.spot.known', {
          ...{ checkedIn, ...rangeOf(rate, t) },
        })}
      </p>
      {called < checkedIn && (
        <>
          <Range rate={rate} t={t} />
          <p className="mt-1 text-sm text-quiet">{t('review.spot.range.note')}</p>
        </>
      )}
      {absent.length === 0 ? (
        <p className="mt-2 flex items-center gap-1.5 text-present">
          <UserRoundCheck aria-hidden className="size-4" />
          {t('review.spot.all-there')}
        </p>
      ) : (
        <>
          <h4 className="mt-3 font-medium">{t('review.spot.missing')}</h4>
          <p className="text-sm text-quiet">{t('review.spot.missing.lead')}</p>
          <ul className="mt-1">
            {absent.map((pick) => (
              <Missing key={pick.membershipId} pick={pick} timeZone={timeZone} t={t} />
            ))}
          </ul>
        </>
      )}
    </article>
  );
}

/** Whoever has left in the meantime is not missing. */
function tellLeft(leftAt: Date | null, { timeZone, t }: Telling): string | undefined {
  return leftAt === null ? undefined : t('spot.left', { time: formatTime(leftAt, timeZone, t.language) });
}

function Missing({ pick, ...telling }: { pick: SpotCheck['picks'][number] } & Telling) {
  const { t } = telling;
  const { membershipId, name, record, checkInIds, decision } = pick;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t border-line py-2 first:border-t-0">
      <p className="min-w-0 flex-1 basis-48">
        <bdi className="block font-medium [overflow-wrap:anywhere]">{name}</bdi>
        <span className="block text-sm text-quiet empty:hidden">{tellLeft(pick.leftAt, telling)}</span>
      </p>
      <div className="flex flex-wrap items-center gap-2">
        {record?.source === 'teacher' && (
          <StatusLabel status={record.status} word={t(`status.${record.status}`)} />
        )}
        {record?.source === 'check-in' && decision !== 'set-aside' && (
          <MarkAbsent membershipId={membershipId} name={name} revision={record.revision} />
        )}
        {checkInIds.length > 0 && record?.source !== 'teacher' && (
          <DecisionButtons
            checkInIds={checkInIds}
            name={name}
            decision={decision}
            choices={['set-aside', 'ask']}
          />
        )}
      </div>
    </li>
  );
}

/** Shares in whole percent, rounded outwards: the range that is shown holds the one that was found. */
function rangeOf({ low, high }: FalseRate, t: Translate): { low: string; high: string } {
  const percent = (value: number) =>
    `${new Intl.NumberFormat(t.language, { maximumFractionDigits: 0 }).format(value)}\u00A0%`;
  return { low: percent(Math.floor(low * 100)), high: percent(Math.ceil(high * 100)) };
}

/** The range as a picture, from none of the check-ins to all of them. */
function Range({ rate, t }: { rate: FalseRate; t: Translate }) {
  const [from, to] = [Math.floor(rate.low * 100), Math.ceil(rate.high * 100)];
  return (
    <svg
      role="img"
      aria-label={t('review.spot.bar', rangeOf(rate, t))}
      viewBox="0 0 100 6"
      preserveAspectRatio="none"
      className="mt-2 h-3 w-full max-w-xl"
    >
      <rect width="100" height="6" rx="1" className="fill-line" />
      <rect x={from} width={Math.max(1, to - from)} height="6" rx="1" className="fill-late" opacity="0.45" />
      <rect x={Math.min(99, rate.found * 100)} width="1" height="6" className="fill-late" />
    </svg>
  );
}
