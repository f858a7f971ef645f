import { countUnsealed } from '../audit/queries.ts';
import { sealedWithinMs } from '../audit/verify-audit.ts';
import { listBackups } from '../backups/list-backups.ts';
import { openBackups } from '../backups/open-backups.ts';
import type { Env } from '../base/env.ts';
import { AppError } from '../base/errors.ts';
import { addMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import type { JobName } from '../jobs/queue.ts';
import { selectQueueFacts } from './queries.ts';
import { failed, judgeBackups, judgeQueue, judgeSeals } from './rules.ts';
import type { Finding } from './rules.ts';

/** What comes by itself in every installation, whether or not it sends mails. */
const planned: readonly JobName[] = [
  'plan-roster-night',
  'seal-audit',
  'clean-documents',
  'sweep-file-store',
  'apply-retention',
];

export async function lookAtQueue({ db }: Pick<Ctx, 'db'>): Promise<Finding[]> {
  return judgeQueue(await selectQueueFacts(db), planned);
}

export async function lookAtSeals({ db, now }: Pick<Ctx, 'db' | 'now'>): Promise<Finding[]> {
  const waiting = await countUnsealed(db, { courseId: undefined, before: addMs(now, -sealedWithinMs) });
  return judgeSeals(waiting.reduce((sum, { old }) => sum + old, 0));
}

export async function lookAtBackups(settings: Env): Promise<Finding[]> {
  const backups = openBackups(settings);
  try {
    // Another installation's, in the same place, would hide that ours have stopped.
    const whole = (await listBackups(backups)).filter(
      ({ isWhole, tool }) => isWhole && tool === settings.PUBLIC_URL,
    );
    const newest = whole.map(({ startedAt }) => startedAt).findLast((at) => at !== undefined);
    return judgeBackups(backups.place, newest, new Date());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [
      failed(
        'backups',
        `The backups in ${backups.place} cannot be read (${String(error.facts.reason ?? error.code)}).`,
        'Correct BACKUP_TO, and the rights or credentials for it (docs/backup.md).',
      ),
    ];
  }
}
