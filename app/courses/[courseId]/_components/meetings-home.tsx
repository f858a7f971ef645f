import { CircleDashed } from 'lucide-react';
import Link from 'next/link';
import { localOfInstant } from '#lib/base/time.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { formatDay, meetingName } from '#lib/i18n/format.ts';
import type { Language } from '#lib/i18n/languages.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import { loadMeetings } from '#lib/meetings/load-meetings.ts';
import type { MeetingsView } from '#lib/meetings/load-meetings.ts';
import { KeepFresh } from '../../../_components/keep-fresh.tsx';
import { AddMenu } from './add-menu.tsx';
import { CalendarSubscription } from './calendar-subscription.tsx';
import { MeetingList } from './meeting-list.tsx';
import { MeetingOfMoment, NothingNow } from './meeting-of-moment.tsx';

/** The course's home for those who run it: what is on now, then what comes and what was. */
export async function MeetingsHome({ courseId }: { courseId: string }) {
  const { view, t, language, ctx } = await loadPage((ctx) => loadMeetings(ctx, courseId));
  const { ofMoment, coming, past, untaken, mayChange, checkOutRequired } = view;
  const isEmpty = ofMoment === undefined && coming.length === 0 && past.length === 0;
  const list = {
    courseId,
    mayChange,
    t,
    language,
    now: ctx.now,
    today: localOfInstant(ctx.now, view.course.timeZone).slice(0, 10),
  };

  return (
    <main>
      <KeepFresh everySeconds={15} />
      <div className="flex flex-wrap items-center justify-between gap-3 pt-5 pb-4">
        <h1 className="text-xl font-semibold">{t('home.title')}</h1>
        {mayChange && <AddMenu courseId={courseId} />}
      </div>
      {ofMoment !== undefined ? (
        <MeetingOfMoment
          courseId={courseId}
          meeting={ofMoment}
          mayChange={mayChange}
          checkOutRequired={checkOutRequired}
          now={ctx.now}
          t={t}
          language={language}
        />
      ) : (
        mayChange && (
          <NothingNow
            courseId={courseId}
            t={t}
            words={
              isEmpty
                ? ['home.empty.title', 'home.empty.lead']
                : ['home.none-now.title', 'home.none-now.lead']
            }
          />
        )
      )}
      {untaken.length > 0 && <UntakenTask courseId={courseId} untaken={untaken} t={t} language={language} />}
      {!isEmpty && (
        <section aria-labelledby="coming">
          <h2 id="coming" className="mt-8 text-lg font-semibold">
            {t('home.coming')}
          </h2>
          {coming.length === 0 ? (
            <p className="mt-2 text-quiet">{t('home.coming.none')}</p>
          ) : (
            <MeetingList {...list} meetings={coming} />
          )}
        </section>
      )}
      {past.length > 0 && (
        <section aria-labelledby="past">
          <h2 id="past" className="mt-8 text-lg font-semibold">
            {t('home.past')}
          </h2>
          <MeetingList {...list} meetings={past} />
        </section>
      )}
      <CalendarSubscription courseId={courseId} />
    </main>
  );
}

/** So many are named; the others stand in the list below. */
const namedTasks = 3;

/** Meetings that were held and nobody took: they count nowhere until somebody does. */
function UntakenTask({
  courseId,
  untaken,
  t,
  language,
}: {
  courseId: string;
  untaken: MeetingsView['untaken'];
  t: Translate;
  language: Language;
}) {
  const more = untaken.length - namedTasks;
  return (
    <div className="mt-4 flex gap-2.5 px-2">
      <CircleDashed aria-hidden className="mt-1 size-4 shrink-0 text-untaken" />
      <div className="min-w-0">
        <p>{t('home.untaken.task', { count: untaken.length })}</p>
        <ul>
          {untaken.slice(0, namedTasks).map((meeting) => (
            <li key={meeting.id} className="[overflow-wrap:anywhere]">
              <Link
                href={`/courses/${courseId}/meetings/${meeting.id}`}
                className="inline-block py-0.5 text-brand underline"
              >
                {meetingName(meeting, t)},{' '}
                <span className="whitespace-nowrap">
                  {formatDay(meeting.startsAt, meeting.timeZone, language)}
                </span>
              </Link>
            </li>
          ))}
          {more > 0 && <li className="text-quiet">{t('home.untaken.more', { count: more })}</li>}
        </ul>
      </div>
    </div>
  );
}
