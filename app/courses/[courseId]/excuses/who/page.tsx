import { CalendarCheck } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { instantOfLocal, localOfInstant } from '#lib/base/time.ts';
import { countWaitingExcuses } from '#lib/excuses/count-waiting.ts';
import { dayInput } from '#lib/excuses/input.ts';
import { loadWhoIsExcused } from '#lib/excuses/load-who-is-excused.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { meetingName } from '#lib/i18n/format.ts';
import { addDays, mondayOf } from '#lib/meetings/rules.ts';
import { buttonStyle } from '../../../../_components/button.tsx';
import { KeepFresh } from '../../../../_components/keep-fresh.tsx';
import { ExcuseStateLabel } from '../../_components/excuse-state.tsx';
import { loadPlace } from '../../_components/load-place.ts';
import { weekName } from '../../_components/week-name.ts';
import { When } from '../../_components/when.tsx';
import { DeskHeading } from '../_components/desk/desk-heading.tsx';

type Props = PageProps<'/courses/[courseId]/excuses/who'>;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { t } = await loadPlace((await params).courseId);
  return { title: t('desk-excuse.show.who') };
}

/** Who is excused when, or has asked to be: a week at a time. */
export default async function WhoIsExcusedPage({ params, searchParams }: Props) {
  const { courseId } = await params;
  const { week } = await searchParams;
  const { view: place, ctx } = await loadPlace(courseId);
  const { timeZone } = place.course;
  const today = localOfInstant(ctx.now, timeZone).slice(0, 10);
  const asked = dayInput.safeParse(week);
  const monday = mondayOf(asked.success ? asked.data : today);
  const startOf = (day: string) => instantOfLocal(`${day}T00:00`, timeZone);
  const { view, t } = await loadPage(async (ctx) => {
    const [meetings, waiting] = await Promise.all([
      loadWhoIsExcused(ctx, { courseId, from: startOf(monday), to: startOf(addDays(monday, 7)) }),
      countWaitingExcuses(ctx, courseId),
    ]);
    return { meetings, waiting: waiting ?? 0 };
  });
  const here = `/courses/${courseId}/excuses/who`;
  return (
    <main className="pb-4">
      <KeepFresh everySeconds={60} />
      <div className="pt-4">
        <DeskHeading courseId={courseId} here="who" waiting={view.waiting} t={t} />
      </div>
      <p className="mt-4 text-quiet">{t('who-excused.lead')}</p>
      <div className="mt-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <h2 className="text-lg font-semibold">{weekName(monday, today, t)}</h2>
        <nav aria-label={t('who-excused.weeks')} className="flex flex-wrap gap-2">
          <Link href={`${here}?week=${addDays(monday, -7)}`} className={step}>
            {t('who-excused.previous')}
          </Link>
          {monday !== mondayOf(today) && (
            <Link href={here} className={step}>
              {t('who-excused.today')}
            </Link>
          )}
          <Link href={`${here}?week=${addDays(monday, 7)}`} className={step}>
            {t('who-excused.next')}
          </Link>
        </nav>
      </div>
      {view.meetings.length === 0 ? (
        <section className="mt-4 rounded-md bg-sunken p-6 text-center">
          <CalendarCheck aria-hidden className="mx-auto mb-2 size-8 text-quiet" />
          <h3 className="text-lg font-semibold">{t('who-excused.none.title')}</h3>
          <p className="mx-auto mt-1 max-w-xl">{t('who-excused.none.lead')}</p>
        </section>
      ) : (
        view.meetings.map(({ meeting, students }) => (
          <section key={meeting.id} aria-labelledby={`meeting-${meeting.id}`} className="mt-5">
            <h3 id={`meeting-${meeting.id}`} className="font-semibold [overflow-wrap:anywhere]">
              <Link href={`/courses/${courseId}/meetings/${meeting.id}`} className="hover:underline">
                <bdi>{meetingName(meeting, t)}</bdi>
              </Link>
            </h3>
            <When
              meeting={{ ...meeting, state: 'planned' }}
              thisYear={today.slice(0, 4)}
              language={t.language}
            />
            <ul className="mt-1 border-t border-line">
              {students.map(({ excuseId, membershipId, name, state }) => (
                <li
                  key={membershipId}
                  className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-2 py-2"
                >
                  <Link
                    href={`/courses/${courseId}/excuses?show=${state === 'submitted' ? 'waiting' : 'all'}&excuse=${excuseId}`}
                    prefetch={false}
                    className="min-w-0 hover:underline [overflow-wrap:anywhere]"
                  >
                    <bdi>{name}</bdi>
                  </Link>
                  <ExcuseStateLabel state={state} word={t(`excuse.state.${state}`)} />
                </li>
              ))}
            </ul>
          </section>
        ))
      )}
    </main>
  );
}

const step = buttonStyle({ kind: 'second', size: 'small' });
