import { CircleAlert } from 'lucide-react';
import type { MembersView } from '#lib/members/load-members.ts';
import type { RosterLog } from '#lib/rosters/load-roster-log.ts';
import { ConfirmLeft } from './confirm-left.tsx';
import { tellMoment } from './format-when.ts';
import type { Clock } from './format-when.ts';
import { SyncNow } from './sync-now.tsx';
import { tellWhy } from './sync-words.ts';

/** Where the list comes from and how old it is, with the button; what went wrong with it, and what waits for a word. */
export function SyncLine({
  courseId,
  log,
  view,
  clock,
}: {
  courseId: string;
  log: RosterLog;
  view: MembersView;
  clock: Clock;
}) {
  const { t } = clock;
  const platform = view.platformName;
  const listed = view.members.filter(({ leftAt, source }) => leftAt === null && source === 'list').length;
  const [last] = log.past;
  const hasFailed = last !== undefined && last.state !== 'complete' && log.running === undefined;
  if (!log.isOffered) return <p className="text-quiet">{t('members.sync.not-offered', { platform })}</p>;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <p className="text-quiet tabular-nums" role="status">
          {log.running !== undefined
            ? t('members.sync.running', { count: log.running.kept })
            : log.syncedAt === null
              ? t('members.sync.never', { platform })
              : t('members.sync.counted', {
                  ...{ count: listed, platform },
                  when: tellMoment(log.syncedAt, clock),
                })}
        </p>
        <SyncNow courseId={courseId} isRunning={log.running !== undefined} lastId={last?.id} />
      </div>
      {hasFailed && (
        <p className="mt-3 flex gap-2.5 rounded-md border border-line bg-warning-soft p-3">
          <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-late" />
          {t('members.sync.failed', {
            ...{ when: tellMoment(last.startedAt, clock) },
            why: tellWhy(last, platform, t),
          })}
        </p>
      )}
      {log.held !== undefined && log.held.missing > 0 && (
        <section className="mt-3 rounded-md border border-line bg-warning-soft p-4">
          <p className="font-medium">
            {t(`members.held.${log.held.reason}`, {
              ...{ platform, missing: log.held.missing, enrolled: log.held.enrolled },
            })}
          </p>
          <p className="mt-1 mb-3">{t('members.held.todo')}</p>
          {view.mayManage && <ConfirmLeft courseId={courseId} />}
        </section>
      )}
    </>
  );
}
