import { CalendarDays, Clock, Info } from 'lucide-react';
import { localOfInstant } from '#lib/base/time.ts';
import { loadMyAttendance } from '#lib/attendance/load-my-attendance.ts';
import type { OwnMeeting } from '#lib/attendance/load-my-attendance.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { KeepFresh } from '../../../_components/keep-fresh.tsx';
import { CalendarSubscription } from './calendar-subscription.tsx';
import { EnterCode } from './enter-code.tsx';
import { loadPlace } from './load-place.ts';
import { MyCode } from './my-code.tsx';
import { MyPhones } from './my-phones.tsx';
import { OwnMeetingLine } from './own-meeting-line.tsx';
import { StatusBar, countAttended } from './status-bar.tsx';
import type { StatusCounts } from './status-bar.tsx';

/** A student's own page: the code field, what comes, what was entered for them. */
export async function MyAttendance({ courseId }: { courseId: string }) {
  const { view, t, language, ctx } = await loadPage((ctx) => loadMyAttendance(ctx, courseId));
  const { coming, past, isTestUser, isCheckInOpen } = view;
  const { extraMinutes } = (await loadPlace(courseId)).view;
  const line = {
    t,
    language,
    now: ctx.now,
    thisYear: localOfInstant(ctx.now, view.course.timeZone).slice(0, 4),
  };
  const counts = countRecords(past);
  const taken = Object.values(counts).reduce((sum, count) => sum + count, 0);

  // Who is checked in already is not asked for a code; the field stays, for another meeting.
  const isAwaited = isCheckInOpen && !coming.some((meeting) => meeting.record?.source === 'check-in');

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
        <>
          <EnterCode courseId={courseId} isOpen={isAwaited} />
          {extraMinutes > 0 && (
            <p className="mt-2 flex items-start gap-2 text-sm text-quiet">
              <Clock aria-hidden className="mt-0.5 size-4 shrink-0" />
              {t('extra-time.mine', { minutes: extraMinutes })}
            </p>
          )}
        </>
      )}

      {coming.length === 0 && past.length === 0 ? (
        <div className="mx-auto max-w-md py-12 text-center">
          <CalendarDays aria-hidden className="mx-auto mb-3 size-9 text-quiet" />
          <p className="text-lg font-semibold">{t('mine.empty.title')}</p>
          <p className="mt-1 text-quiet">{t('mine.empty.lead')}</p>
        </div>
      ) : (
        <section aria-labelledby="coming">
          <h2 id="coming" className="mt-8 text-lg font-semibold">
            {t('mine.coming')}
          </h2>
          {coming.length === 0 ? (
            <p className="mt-2 text-quiet">{t('mine.coming.none')}</p>
          ) : (
            <ul className="mt-2 border-t border-line">
              {coming.map((meeting) => (
                <OwnMeetingLine key={meeting.id} meeting={meeting} {...line} />
              ))}
            </ul>
          )}
        </section>
      )}
      {past.length > 0 && (
        <section aria-labelledby="past">
          <h2 id="past" className="mt-8 text-lg font-semibold">
            {t('mine.past')}
          </h2>
          {taken > 0 && (
            <div className="mt-1 max-w-80">
              <p className="mb-1 text-quiet">
                {t('mine.summary', { here: countAttended(counts), total: taken })}
              </p>
              <StatusBar counts={counts} total={taken} />
            </div>
          )}
          <ul className="mt-4 border-t border-line">
            {past.map((meeting) => (
              <OwnMeetingLine key={meeting.id} meeting={meeting} {...line} />
            ))}
          </ul>
        </section>
      )}
      {!isTestUser && <MyPhones courseId={courseId} timeZone={view.course.timeZone} />}
      {!isTestUser && <MyCode courseId={courseId} />}
      {!isTestUser && <CalendarSubscription courseId={courseId} />}
    </main>
  );
}

function countRecords(meetings: readonly OwnMeeting[]): StatusCounts {
  const counts: StatusCounts = {};
  for (const { record } of meetings) {
    if (record !== null) counts[record.status] = (counts[record.status] ?? 0) + 1;
  }
  return counts;
}
