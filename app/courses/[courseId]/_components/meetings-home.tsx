import { CalendarPlus, Plus } from 'lucide-react';
import Link from 'next/link';
import { localOfInstant } from '#lib/base/time.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { loadMeetings } from '#lib/meetings/load-meetings.ts';
import { buttonStyle } from '../../../_components/button.tsx';
import { KeepFresh } from '../../../_components/keep-fresh.tsx';
import { MeetingList } from './meeting-list.tsx';
import { MeetingOfMoment, NothingNow } from './meeting-of-moment.tsx';

/** The course's home for those who run it: what is on now, then what comes and what was. */
export async function MeetingsHome({ courseId }: { courseId: string }) {
  const { view, t, language, ctx } = await loadPage((ctx) => loadMeetings(ctx, courseId));
  const { ofMoment, coming, past, students } = view;
  const isEmpty = ofMoment === undefined && coming.length === 0 && past.length === 0;
  const newMeeting = `/courses/${courseId}/meetings/new`;
  const list = {
    courseId,
    students,
    t,
    language,
    today: localOfInstant(ctx.now, view.course.timeZone).slice(0, 10),
  };

  return (
    <main>
      <KeepFresh everySeconds={15} />
      <div className="flex flex-wrap items-center justify-between gap-3 pt-5 pb-4">
        <h1 className="text-xl font-semibold">{t('home.title')}</h1>
        {!isEmpty && (
          <Link href={newMeeting} className={buttonStyle({ kind: 'second' })}>
            <Plus aria-hidden className="size-4" />
            {t('home.new')}
          </Link>
        )}
      </div>
      {ofMoment === undefined ? (
        <NothingNow
          courseId={courseId}
          t={t}
          words={
            isEmpty ? ['home.empty.title', 'home.empty.lead'] : ['home.none-now.title', 'home.none-now.lead']
          }
        >
          {isEmpty && (
            <Link href={newMeeting} className={buttonStyle({ kind: 'second', size: 'large' })}>
              <CalendarPlus aria-hidden className="size-5" />
              {t('home.new')}
            </Link>
          )}
        </NothingNow>
      ) : (
        <MeetingOfMoment
          courseId={courseId}
          meeting={ofMoment}
          students={students}
          now={ctx.now}
          t={t}
          language={language}
        />
      )}
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
    </main>
  );
}
