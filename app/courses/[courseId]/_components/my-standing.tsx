import { ChevronRight, CircleAlert, CircleCheck, CircleDashed, TriangleAlert } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MyFigures, OwnMeeting } from '#lib/attendance/load-my-attendance.ts';
import type { MemberMeeting } from '#lib/attendance/member-meetings.ts';
import { tenthsOfPercent } from '#lib/attendance/rules.ts';
import type { Rate } from '#lib/attendance/rules.ts';
import { formatMinutes, formatRate, formatUnits } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import { CountedMeetings } from './counted-meetings.tsx';

interface Shown {
  /** All that the student has to do with, to name what was attended in place of something else. */
  among: readonly OwnMeeting[];
  thisYear: string;
  t: Translate;
}

/** How a student stands in one figure, what may still be missed, and the meetings behind every number. */
export function MyStanding({ figures, ...shown }: Shown & { figures: MyFigures }) {
  const { t } = shown;
  const { policy, totals, rates, untilNow, untaken, coming } = figures;
  const required = formatRate(policy.requiredPercent * 10, t.language, { whole: true });
  const rate = totals.rate === null ? null : tenthsOfPercent(totals.rate);
  const ahead = [...untaken, ...coming];
  const expected = {
    minutes: totals.expectedMinutes + minutesOf(ahead),
    meetings: totals.expectedMeetings + meetingsOf(ahead),
  };
  const units = (minutes: number) => formatUnits(minutes, policy.lessonUnitMinutes, t.language);
  const amount = (minutes: number, meetings: number) => (
    <Amount
      hours={formatMinutes(minutes)}
      more={[t('mine.part.units', { count: units(minutes) }), t('mine.part.meetings', { count: meetings })]}
    />
  );
  const told = (by: keyof typeof rates, part: Rate | null) =>
    part === null ? [] : [t(`mine.rate.${by}`, { rate: formatRate(tenthsOfPercent(part), t.language) })];

  return (
    <section aria-labelledby="standing" className="rounded-md border border-line bg-paper p-4 sm:p-5">
      <h2 id="standing" className="text-quiet">
        {t('mine.standing.title')}
      </h2>
      {rate === null ? (
        <p className="text-xl font-semibold" data-testid="rate">
          {t('mine.standing.none')}
        </p>
      ) : (
        <p className="mt-1 text-[2.75rem] leading-none font-semibold tabular-nums" data-testid="rate">
          {formatRate(rate, t.language, { whole: true })}
        </p>
      )}
      <Outlook figures={figures} required={required} t={t} />
      {rate !== null && (
        <Bar tenths={rate} requiredPercent={policy.requiredPercent} isBelow={totals.standing === 'below'} />
      )}
      <p className="mt-2 text-sm text-quiet tabular-nums">
        {t(`mine.standing.required.${policy.rateBy}`, { required })}
      </p>

      <ul className="mt-4 border-t border-line">
        {untilNow.length > 0 && (
          <Part
            label={t('mine.part.until-now')}
            amount={
              <Amount
                hours={t('members.figures.minutes', {
                  counted: formatMinutes(totals.countedMinutes),
                  expected: formatMinutes(totals.expectedMinutes),
                })}
                more={[
                  t('mine.part.units-of', {
                    counted: units(totals.countedMinutes),
                    expected: units(totals.expectedMinutes),
                  }),
                  t('members.figures.meetings', {
                    ...{ attended: totals.attendedMeetings, expected: totals.expectedMeetings },
                  }),
                ]}
                rates={[...told('minutes', rates.minutes), ...told('meetings', rates.meetings)]}
              />
            }
          >
            <CountedMeetings rows={untilNow.toReversed()} {...shown} />
          </Part>
        )}
        {untaken.length > 0 && (
          <Part label={t('mine.part.untaken')} amount={amount(minutesOf(untaken), meetingsOf(untaken))}>
            <CountedMeetings isAhead rows={untaken.toReversed()} {...shown} />
          </Part>
        )}
        {coming.length > 0 && (
          <Part label={t('mine.part.coming')} amount={amount(minutesOf(coming), meetingsOf(coming))}>
            <CountedMeetings isAhead rows={coming} {...shown} />
          </Part>
        )}
        {[untilNow, untaken, coming].filter((part) => part.length > 0).length > 1 && (
          <Part label={t('mine.part.in-all')} amount={amount(expected.minutes, expected.meetings)} />
        )}
      </ul>
      <p className="mt-3 max-w-prose text-sm text-quiet">
        {[
          t(`mine.counts.excused.${policy.excusedCounts}`),
          ...(policy.roundingMinutes === 0
            ? []
            : [t('mine.counts.rounding', { step: formatMinutes(policy.roundingMinutes) })]),
          t('mine.counts.unit', { minutes: policy.lessonUnitMinutes }),
        ].join(' ')}
      </p>
    </section>
  );
}

const minutesOf = (rows: readonly MemberMeeting<OwnMeeting>[]) =>
  rows.reduce((sum, { counted }) => sum + (counted?.expectedMinutes ?? 0), 0);
const meetingsOf = (rows: readonly MemberMeeting<OwnMeeting>[]) =>
  rows.filter(({ counted }) => counted?.isExempt === false).length;

/** What may still be missed, in one sentence. */
function Outlook({ figures, required, t }: { figures: MyFigures; required: string; t: Translate }) {
  const { outlook, open, policy, untaken } = figures;
  const [Icon, colour, sentence] = ((): [LucideIcon, string, string] => {
    switch (outlook.kind) {
      case 'nothing':
        return [CircleDashed, 'text-quiet', t('mine.outlook.nothing')];
      case 'safe':
        return [
          CircleCheck,
          'text-present',
          t(open > 0 ? 'mine.outlook.safe' : 'mine.outlook.safe.over', { required }),
        ];
      case 'unreachable': {
        const best = formatRate(tenthsOfPercent(outlook.best), t.language);
        return [
          CircleAlert,
          'text-danger',
          t(open > 0 ? 'mine.outlook.unreachable' : 'mine.outlook.unreachable.over', { required, best }),
        ];
      }
      case 'can-miss': {
        const { meetings, minutes } = outlook;
        const told =
          minutes === null
            ? t('mine.outlook.can-miss.meetings', { meetings })
            : t('mine.outlook.can-miss.minutes', { meetings, minutes });
        return meetings > 0 ? [CircleCheck, 'text-present', told] : [TriangleAlert, 'text-late', told];
      }
    }
  })();
  const mayBeExcused = outlook.kind === 'unreachable' && policy.excusedCounts !== 'absent';
  return (
    <>
      <p className="mt-3 flex gap-2 text-lg font-medium" data-testid="outlook">
        <Icon aria-hidden className={`mt-0.5 size-5 shrink-0 ${colour}`} />
        <span>
          {sentence}
          {mayBeExcused && <span className="font-normal"> {t('mine.outlook.excuse')}</span>}
        </span>
      </p>
      {untaken.length > 0 && (
        <p className="mt-1 text-sm text-quiet">{t('mine.outlook.untaken', { count: untaken.length })}</p>
      )}
    </>
  );
}

/** The rate against what is required. A picture only: both stand beside it. */
function Bar({
  tenths,
  requiredPercent,
  isBelow,
}: {
  tenths: number;
  requiredPercent: number;
  isBelow: boolean;
}) {
  return (
    <div aria-hidden className="relative mt-4 h-3 rounded-full border border-edge bg-sunken">
      <div
        className={`h-full rounded-full ${isBelow ? 'bg-absent' : 'bg-present'}`}
        style={{ width: `${String(tenths / 10)}%` }}
      />
      <div
        className="absolute -inset-y-1.5 w-0.5 -translate-x-1/2 bg-ink"
        style={{ left: `${String(requiredPercent)}%` }}
      />
    </div>
  );
}

/** One number of the whole, which opens to its meetings. */
function Part({ label, amount, children }: { label: string; amount: ReactNode; children?: ReactNode }) {
  const line = 'flex items-start gap-2 py-2.5';
  const texts = (
    <span className="flex min-w-0 flex-1 flex-col justify-between gap-x-4 min-[30rem]:flex-row">
      <span className="font-medium">{label}</span>
      {amount}
    </span>
  );
  return (
    <li className="border-b border-line">
      {children === undefined ? (
        <div className={line}>
          <span className="w-4 shrink-0" />
          {texts}
        </div>
      ) : (
        <details className="group">
          <summary className={`${line} cursor-pointer list-none [&::-webkit-details-marker]:hidden`}>
            <ChevronRight
              aria-hidden
              className="mt-1 size-4 shrink-0 text-brand transition-transform group-open:rotate-90"
            />
            {texts}
          </summary>
          <div className="pb-3">{children}</div>
        </details>
      )}
    </li>
  );
}

function Amount({
  hours,
  more,
  rates = [],
}: {
  hours: string;
  more: readonly string[];
  rates?: readonly string[];
}) {
  const line = (texts: readonly string[]) => (
    <span className="block text-sm text-quiet">
      {texts.map((text, index) => (
        <span key={text}>
          {index > 0 && ' · '}
          <span className="whitespace-nowrap">{text}</span>
        </span>
      ))}
    </span>
  );
  return (
    <span className="min-w-0 tabular-nums min-[30rem]:text-right">
      <span className="block">{hours}</span>
      {line(more)}
      {rates.length > 0 && line(rates)}
    </span>
  );
}
