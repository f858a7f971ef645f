import { CalendarDays, Clock, FileCheck, Info } from 'lucide-react';
import Link from 'next/link';
import { localOfInstant } from '#lib/base/time.ts';
import { loadMyAttendance } from '#lib/attendance/load-my-attendance.ts';
import type { MyFigures, OwnMeeting } from '#lib/attendance/load-my-attendance.ts';
import { loadMyExcuses } from '#lib/excuses/load-my-excuses.ts';
import type { MyExcusesView } from '#lib/excuses/load-my-excuses.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { isolated, meetingName } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import { buttonStyle } from '../../../_components/button.tsx';
import { KeepFresh } from '../../../_components/keep-fresh.tsx';
import { attendanceByWeek } from './attendance-by-week.ts';
import { CalendarSubscription } from './calendar-subscription.tsx';
import { EnterCode } from './enter-code.tsx';
import { loadPlace } from './load-place.ts';
import { MyCode } from './my-code.tsx';
import { MyPhones } from './my-phones.tsx';
import { MyStanding } from './my-standing.tsx';
import { OwnMeetingLine } from './own-meeting-line.tsx';
import type { ExcuseOfMeeting } from './own-meeting-line.tsx';
import { OwnMeetingList } from './own-meeting-list.tsx';
import { WeekChart } from './week-chart.tsx';

/** Half a year of columns still has room on a phone. */
const weeksShown = 26;

/** A student's own page: the code field, how they stand, what comes, what was entered for them. */
export async function MyAttendance({ courseId }: { courseId: string }) {
  const { view, t, language, ctx } = await loadPage(async (ctx) => {
    const [own, { excuses }] = await Promise.all([
      loadMyAttendance(ctx, courseId),
      loadMyExcuses(ctx, courseId),
    ]);
    return { ...own, excuses };
  });
  const { coming, past, isTestUser, isCheckInOpen, figures } = view;
  const { extraMinutes } = (await loadPlace(courseId)).view;
  const home = `/courses/${courseId}`;
  const today = localOfInstant(ctx.now, view.course.timeZone);
  const thisYear = today.slice(0, 4);
  const own = [...coming, ...past];
  const excusable = figures === null ? new Set<string>() : findExcusable(figures);
  const excuses = findExcuses(view.excuses);
  const hints = figures === null ? new Map<string, string>() : tellHints(figures, own, t);
  const lineOf = (meeting: OwnMeeting) => (
    <OwnMeetingLine
      key={meeting.id}
      meeting={meeting}
      hint={hints.get(meeting.id)}
      excuse={excuses.get(meeting.id)}
      isExcusable={excusable.has(meeting.id)}
      excusesHref={`${home}/excuses`}
      now={ctx.now}
      {...{ t, language, thisYear }}
    />
  );

  // Who is checked in already is not asked for a code; the field stays, for another meeting.
  const isAwaited = isCheckInOpen && !coming.some((meeting) => meeting.record?.source === 'check-in');
  const isEmpty = coming.length === 0 && past.length === 0;

  return (
    <main>
      <KeepFresh />
      <h1 className="pt-5 pb-4 text-xl font-semibold">{t('mine.title')}</h1>
      {isTestUser ? (
        <p className="flex gap-3 rounded-md border border-line bg-sunken p-4">
          <Info aria-hidden className="mt-0.5 size-5 shrink-0 text-quiet" />
          {t('mine.test-user')}
        </p>
      ) : (
        <div className="mb-4 empty:hidden">
          <EnterCode courseId={courseId} isAwaited={isAwaited} isShown={isCheckInOpen} />
        </div>
      )}
      {extraMinutes > 0 && !isTestUser && (
        <p className="mb-4 flex items-start gap-2 text-sm text-quiet">
          <Clock aria-hidden className="mt-0.5 size-4 shrink-0" />
          {t('extra-time.mine', { minutes: extraMinutes })}
        </p>
      )}

      {isEmpty && (
        <div className="mx-auto max-w-md py-12 text-center">
          <CalendarDays aria-hidden className="mx-auto mb-3 size-9 text-quiet" />
          <p className="text-lg font-semibold">{t('mine.empty.title')}</p>
          <p className="mt-1 text-quiet">{t('mine.empty.lead')}</p>
        </div>
      )}
      {figures !== null && !isEmpty && (
        <>
          <MyStanding figures={figures} among={own} thisYear={thisYear} t={t} />
          <Weeks figures={figures} today={today.slice(0, 10)} t={t} />
        </>
      )}
      {!isTestUser && !(isEmpty && view.excuses.length === 0) && (
        <p className="mt-6 flex flex-wrap gap-3">
          {!isEmpty && (
            <Link href={`${home}/excuses/new`} prefetch={false} className={buttonStyle({ kind: 'second' })}>
              <FileCheck aria-hidden className="size-4" />
              {t('mine.excuse')}
            </Link>
          )}
          <Link href={`${home}/excuses`} prefetch={false} className={buttonStyle({ kind: 'second' })}>
            {t('mine.excuses')}
          </Link>
        </p>
      )}

      {!isEmpty && (
        <section aria-labelledby="coming">
          <h2 id="coming" className="mt-8 text-lg font-semibold">
            {t('mine.coming')}
          </h2>
          {coming.length === 0 ? (
            <p className="mt-2 text-quiet">{t('mine.coming.none')}</p>
          ) : (
            <OwnMeetingList
              lines={coming.map(lineOf)}
              atOnce={5}
              tellRest={(count) => t('mine.coming.more', { count })}
            />
          )}
        </section>
      )}
      {past.length > 0 && (
        <section aria-labelledby="past">
          <h2 id="past" className="mt-8 text-lg font-semibold">
            {t('mine.past')}
          </h2>
          <OwnMeetingList
            lines={past.map(lineOf)}
            atOnce={8}
            tellRest={(count) => t('mine.past.older', { count })}
          />
        </section>
      )}
      {!isTestUser && (
        <>
          {!isCheckInOpen && (
            <div className="mt-10">
              <EnterCode courseId={courseId} isAwaited={false} isShown />
            </div>
          )}
          <MyPhones courseId={courseId} timeZone={view.course.timeZone} />
          <MyCode courseId={courseId} />
          <CalendarSubscription courseId={courseId} />
          <section aria-labelledby="privacy" className="mt-10 max-w-2xl border-t border-line pt-5">
            <h2 id="privacy" className="text-lg font-semibold">
              {t('mine.privacy.title')}
            </h2>
            <p className="mt-1 text-quiet">{t('mine.privacy.lead')}</p>
            <Link
              href={`${home}/my-data`}
              prefetch={false}
              className={`mt-3 ${buttonStyle({ kind: 'second' })}`}
            >
              {t('mine.privacy.go')}
            </Link>
          </section>
        </>
      )}
    </main>
  );
}

function Weeks({
  figures: { untilNow },
  ...shown
}: Omit<Parameters<typeof WeekChart>[0], 'weeks' | 'isCut'> & { figures: MyFigures }) {
  const rows = untilNow.flatMap(({ meeting, counted }) =>
    counted === null ? [] : [{ localStart: meeting.localStart, counted }],
  );
  const weeks = attendanceByWeek(rows, weeksShown);
  // One column alone says no more than the figure does.
  if (weeks.length < 2) return null;
  const isCut = attendanceByWeek(rows, Number.POSITIVE_INFINITY).length > weeks.length;
  return <WeekChart weeks={weeks} isCut={isCut} {...shown} />;
}

/** The last excuse that names a meeting, and what became of it there. */
function findExcuses(newestFirst: MyExcusesView['excuses']): Map<string, ExcuseOfMeeting> {
  return new Map(
    newestFirst
      .filter(({ state }) => state !== 'withdrawn')
      .toReversed()
      .flatMap(({ id, meetings }) =>
        meetings.map((meeting) => [meeting.id, { id, state: meeting.decision ?? 'submitted' }] as const),
      ),
  );
}

/**
 * What a record alone does not say: that another meeting stands for it, that a check-in was set aside, or that none is
 * there although others were taken.
 */
function tellHints(
  { untilNow, coming }: MyFigures,
  own: readonly OwnMeeting[],
  t: Translate,
): Map<string, string> {
  const counted = new Map([...untilNow, ...coming].map((row) => [row.meeting.id, row.counted]));
  const unnoticed = new Set(
    untilNow.filter(({ record }) => record === null).map(({ meeting }) => meeting.id),
  );
  return new Map(
    own.flatMap(({ id, record, isSetAside }) => {
      const other = own.find((one) => one.id === counted.get(id)?.replacedBy);
      if (other !== undefined) {
        const name = isolated(meetingName(other, t));
        return [[id, t('members.figures.replaced', { meeting: name })] as const];
      }
      const hints = [
        ...(isSetAside && record === null ? [t('mine.set-aside')] : []),
        ...(unnoticed.has(id) ? [t('mine.unnoticed')] : []),
      ];
      return hints.length > 0 ? [[id, hints.join(' ')] as const] : [];
    }),
  );
}

/** What there is an excuse for: what was missed in part or whole, and what comes and nothing stands there for yet. */
function findExcusable({ untilNow, coming }: MyFigures): Set<string> {
  const missed = untilNow.filter(
    ({ record, counted }) =>
      counted?.replacedBy === null && record?.status !== 'present' && record?.status !== 'excused',
  );
  const open = coming.filter(({ record, counted }) => record === null && counted?.replacedBy === null);
  return new Set([...missed, ...open].map(({ meeting }) => meeting.id));
}
