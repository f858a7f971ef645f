import { ArrowLeft } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { maySeeExcuses } from '#lib/access/rules.ts';
import { loadMemberAttendance } from '#lib/attendance/load-member-attendance.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { isolated } from '#lib/i18n/format.ts';
import { loadMember } from '#lib/members/load-member.ts';
import type { SpanView } from '#lib/members/load-member.ts';
import { HistoryList } from '../../_components/history-list.tsx';
import { loadPlace } from '../../_components/load-place.ts';
import { tellDate, tellDay, tellMoment } from '../_components/format-when.ts';
import type { Clock } from '../_components/format-when.ts';
import { draftOfSpans } from '../_components/span-draft.ts';
import { ExtraTime } from './_components/extra-time.tsx';
import { Figures } from './_components/figures.tsx';
import { MemberExcuses } from './_components/member-excuses.tsx';
import { MemberPhones } from './_components/member-phones.tsx';
import { Spans } from './_components/spans.tsx';

interface Props {
  params: Promise<{ courseId: string; membershipId: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { t } = await loadPlace((await params).courseId);
  return { title: t('members.title') };
}

/** Everything about one member: when they belong here, how they stand and why, and what was changed. */
export default async function MemberPage({ params }: Props) {
  const key = await params;
  const { courseId, membershipId } = key;
  const { view, t, ctx } = await loadPage(async (ctx) => {
    const one = await loadMember(ctx, key);
    const attendance = one.member.role === 'student' ? await loadMemberAttendance(ctx, key) : undefined;
    return { ...one, attendance };
  });
  const { view: place } = await loadPlace(courseId);
  const { member, attendance, platformName: platform } = view;
  const clock: Clock = { t, timeZone: view.timeZone, now: ctx.now };
  const facts: [string, string][] = [
    [t('members.one.since'), member.since === null ? t('members.since.start') : tellDay(member.since, clock)],
    [
      t('members.one.last-launch'),
      member.lastLaunchAt === null ? t('members.never') : tellMoment(member.lastLaunchAt, clock),
    ],
    [t('members.one.source'), t(`members.source.${member.source}`, { platform })],
  ];
  return (
    <main className="pb-4">
      <p className="pt-4">
        <Link
          href={`/courses/${courseId}/members`}
          className="inline-flex items-center gap-1.5 text-brand hover:underline"
        >
          <ArrowLeft aria-hidden className="size-4" />
          {t('members.one.back')}
        </Link>
      </p>
      <h1 className="mt-1 text-xl font-semibold [overflow-wrap:anywhere]">
        <bdi className="line-clamp-6">{member.name}</bdi>
      </h1>
      <p className="text-quiet">
        {t(`members.role.${member.role}`)}
        {member.leftAt !== null && ` · ${t('members.left', { day: tellDay(member.leftAt, clock) })}`}
        {member.leftAt === null &&
          member.missingSince !== null &&
          ` · ${t('members.missing', { day: tellDay(member.missingSince, clock) })}`}
      </p>
      <dl className="mt-3 flex flex-wrap gap-x-8 gap-y-2">
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt className="text-sm text-quiet">{label}</dt>
            <dd className="tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      {attendance !== undefined && (
        <section aria-labelledby="figures" className="mt-7">
          <h2 id="figures" className="mb-1 text-lg font-semibold">
            {t('members.figures.title')}
          </h2>
          <Figures courseId={courseId} attendance={attendance} clock={clock} />
        </section>
      )}
      {member.role === 'student' && maySeeExcuses(place.role, place.course.policy) && (
        <MemberExcuses courseId={courseId} membershipId={membershipId} clock={clock} />
      )}
      {member.role === 'student' && (
        <section aria-labelledby="spans" className="mt-7">
          <h2 id="spans" className="text-lg font-semibold">
            {t('members.spans.title')}
          </h2>
          <p className="mb-2 text-sm text-quiet">{t('members.spans.lead')}</p>
          <Spans
            courseId={courseId}
            membershipId={membershipId}
            initial={draftOfSpans(view.spans)}
            version={view.version}
            sections={view.sections}
            mayEdit={view.mayEdit}
          >
            {view.spans.length === 0 ? (
              <p>{t('members.spans.none')}</p>
            ) : (
              <ul className="space-y-1">
                {view.spans.map((span) => (
                  <li key={span.id} className="[overflow-wrap:anywhere]">
                    {tellSpan(span, clock)}
                    {span.source === 'teacher' && (
                      <span className="block text-sm text-quiet">
                        {t('members.span.by-teacher', { platform })}
                      </span>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </Spans>
        </section>
      )}
      {member.role === 'student' && (view.mayEdit || member.extraMinutes > 0) && (
        <section aria-labelledby="extra-time" className="mt-7">
          <h2 id="extra-time" className="text-lg font-semibold">
            {t('extra-time.title')}
          </h2>
          <p className="mb-3 max-w-prose text-sm text-quiet">{t('extra-time.lead')}</p>
          {view.mayEdit ? (
            <ExtraTime {...{ courseId, membershipId }} initial={member.extraMinutes} />
          ) : (
            <p>{t('extra-time.has', { minutes: member.extraMinutes })}</p>
          )}
        </section>
      )}
      {member.role === 'student' && member.leftAt === null && (
        <MemberPhones courseId={courseId} membershipId={membershipId} clock={clock} />
      )}
      <section aria-labelledby="history" className="mt-7">
        <h2 id="history" className="mb-2 text-lg font-semibold">
          {t('members.history.title')}
        </h2>
        <HistoryList courseId={courseId} of={{ kind: 'member', membershipId }} />
      </section>
    </main>
  );
}

/** "Section A from Tue, 1 Sep to Sun, 11 Oct". */
function tellSpan({ sectionName, from, to }: SpanView, clock: Clock): string {
  const { t } = clock;
  const section = sectionName === null ? t('members.span.anywhere') : isolated(sectionName);
  if (from === null && to === null) return t('members.span.open', { section });
  if (from === null) return t('members.span.to', { section, to: tellDate(to ?? '', clock) });
  if (to === null) return t('members.span.from', { section, from: tellDate(from, clock) });
  return t('members.span.from-to', { section, from: tellDate(from, clock), to: tellDate(to, clock) });
}
