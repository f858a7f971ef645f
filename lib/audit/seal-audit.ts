import { newId, randomToken } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { needAuditKey } from './audit-key.ts';
import { keepHeads } from './keep-heads.ts';
import { insertSeal, lockChain, selectCoursesToSeal, selectLastSeal, selectUnsealed } from './queries.ts';
import { commitmentOf, macOf } from './rules.ts';

/** Events of one seal: so many are in memory at once, however long the backlog is. */
const usualBatch = 1_000;
const coursesAtOnce = 100;

/**
 * Seals what was written since the last time, in every course, and keeps the heads of the chains outside of the
 * database. Safe to run twice at once, and after a crash. Events that commit later than others come into the next
 * seal. A job, every minute.
 *
 * @throws LostSecretError
 */
export async function sealAudit(
  ctx: Ctx,
  { headsFile, batch = usualBatch }: { headsFile: string; batch?: number },
): Promise<{ seals: number; events: number }> {
  const done = { seals: 0, events: 0 };
  let courses: string[] = [];
  do {
    courses = await selectCoursesToSeal(ctx.db, { after: courses.at(-1), limit: coursesAtOnce });
    for (const courseId of courses) {
      const sealed = await sealCourse(ctx, courseId, batch);
      done.seals += sealed.seals;
      done.events += sealed.events;
    }
  } while (courses.length > 0);
  await keepHeads(ctx, headsFile);
  return done;
}

/** Seals all that waits in one course, batch by batch, each in a transaction of its own. */
export async function sealCourse(
  ctx: Ctx,
  courseId: string,
  batch = usualBatch,
): Promise<{ seals: number; events: number }> {
  const done = { seals: 0, events: 0 };
  for (;;) {
    const sealed = await transaction(ctx, (tx) => sealBatch(tx, courseId, batch));
    if (sealed === undefined) return done;
    // The log is a place outside of the database too.
    ctx.log.info({ courseId, ...sealed }, 'audit sealed');
    done.seals += 1;
    done.events += sealed.events;
    if (sealed.events < batch) return done;
  }
}

async function sealBatch(
  tx: Ctx,
  courseId: string,
  batch: number,
): Promise<{ number: number; mac: string; events: number } | undefined> {
  await lockChain(tx.db, courseId);
  const rows = await selectUnsealed(tx.db, courseId, batch);
  if (rows.length === 0) return undefined;
  const key = await needAuditKey(tx);
  const last = await selectLastSeal(tx.db, courseId);
  const number = (last?.number ?? 0) + 1;
  const events = rows.map((row) => {
    const salt = randomToken();
    return { id: row.id, salt, commitment: commitmentOf(row, salt) };
  });
  const mac = macOf(key.bytes, {
    courseId,
    number,
    previousMac: last?.mac ?? '',
    commitments: events.map(({ commitment }) => commitment),
  });
  const seal = { id: newId(), courseId, number, keyId: key.id, eventCount: events.length, mac };
  await insertSeal(tx.db, { ...seal, sealedAt: tx.now }, events);
  return { number, mac, events: events.length };
}
