import type { Metadata } from 'next';
import { UsersRound } from 'lucide-react';
import { loadCourseTotals } from '#lib/attendance/load-course-totals.ts';
import type { MemberTotals } from '#lib/attendance/rules.ts';
import { tenthsOfPercent } from '#lib/attendance/rules.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { formatRate } from '#lib/i18n/format.ts';
import { loadMembers } from '#lib/members/load-members.ts';
import type { MemberView } from '#lib/members/load-members.ts';
import { loadRosterLog } from '#lib/rosters/load-roster-log.ts';
import { KeepFresh } from '../../../_components/keep-fresh.tsx';
import { loadPlace } from '../_components/load-place.ts';
import { ConflictCard } from './_components/conflict-card.tsx';
import { tellDay, tellMoment } from './_components/format-when.ts';
import type { Clock } from './_components/format-when.ts';
import { MemberList } from './_components/member-list.tsx';
import type { MemberLine } from './_components/member-list.tsx';
import { SyncLine } from './_components/sync-line.tsx';
import { SyncLog } from './_components/sync-log.tsx';

interface Props {
  params: Promise<{ courseId: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { t } = await loadPlace((await params).courseId);
  return { title: t('members.title') };
}

/** Who belongs to the course, since when, and where we know it from. */
export default async function MembersPage({ params }: Props) {
  const { courseId } = await params;
  const { view, t, ctx } = await loadPage(async (ctx) => {
    const [members, log, totals] = await Promise.all([
      loadMembers(ctx, courseId),
      loadRosterLog(ctx, courseId),
      loadCourseTotals(ctx, courseId),
    ]);
    return { ...members, log, totals };
  });
  const { log, totals, platformName: platform } = view;
  const clock: Clock = { t, timeZone: view.timeZone, now: ctx.now };
  const hasStudents = view.members.some(({ role }) => role === 'student');
  return (
    <main>
      <KeepFresh everySeconds={15} />
      <h1 className="pt-5 pb-2 text-xl font-semibold">{t('members.title')}</h1>
      <SyncLine courseId={courseId} log={log} view={view} clock={clock} />
      {view.conflicts.map((conflict) => (
        <ConflictCard
          key={conflict.id}
          courseId={courseId}
          conflict={conflict}
          platform={platform}
          mayDecide={view.mayManage}
          clock={clock}
        />
      ))}
      {!hasStudents && (
        <section className="mt-6 rounded-md bg-sunken p-6 text-center">
          <UsersRound aria-hidden className="mx-auto mb-2 size-8 text-quiet" />
          <h2 className="text-lg font-semibold">{t('members.empty.title')}</h2>
          <p className="mx-auto mt-1 max-w-xl">
            {t(log.isOffered ? 'members.empty.todo' : 'members.empty.no-list', { platform })}
          </p>
        </section>
      )}
      <MemberList
        courseId={courseId}
        members={view.members.map((member) =>
          lineOf(member, totals.get(member.membershipId), { platform, clock }),
        )}
      />
      {log.isOffered && <SyncLog log={log} platform={platform} clock={clock} />}
    </main>
  );
}

function lineOf(
  member: MemberView,
  totals: MemberTotals | undefined,
  { platform, clock }: { platform: string; clock: Clock },
): MemberLine {
  const { t } = clock;
  const { leftAt, missingSince, since, lastLaunchAt } = member;
  const rate = totals?.rate ?? null;
  return {
    id: member.membershipId,
    name: member.name,
    role: member.role === 'student' ? undefined : t(`members.role.${member.role}`),
    sections: member.sections.join(', '),
    since: since === null ? t('members.since.start') : tellDay(since, clock),
    launched: lastLaunchAt === null ? t('members.never') : tellMoment(lastLaunchAt, clock),
    source: t(`members.source.${member.source}`, { platform }),
    rate: rate === null ? undefined : formatRate(tenthsOfPercent(rate), t.language),
    standing: totals?.standing ?? 'none',
    hasLeft: leftAt !== null,
    note:
      leftAt !== null
        ? t('members.left', { day: tellDay(leftAt, clock) })
        : missingSince !== null
          ? t('members.missing', { day: tellDay(missingSince, clock) })
          : undefined,
  };
}
