import { newId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { erasePerson } from './erase-person.ts';
import {
  deleteSettledMessages,
  discardDueDocuments,
  emptyEndedPhones,
  eraseEvidenceOfMeetings,
  eraseEvidenceOfStrayCodes,
  eraseExcuseTexts,
  insertRun,
  selectCoursesWithDue,
  selectDuePeople,
  updateRun,
} from './queries.ts';
import type { Batch, DueInCourse } from './queries.ts';

/** What the job erases, in this order, and how its counts are called. */
export const retentionKinds = [
  'excuseDocuments',
  'excuseTexts',
  'evidence',
  'messages',
  'phones',
  'people',
] as const;
export type RetentionKind = (typeof retentionKinds)[number];
export type RetentionCounts = Record<RetentionKind, number>;

/** Rows of one transaction. Of evidence, meetings: each has as many check-ins as its course has members, or twice. */
const usualBatch = 200;

type EraseBatch = (db: Ctx['db'], given: { now: Date; limit: number }) => Promise<Batch>;
type EraseInCourse = (db: Ctx['db'], courseId: string, given: { now: Date; limit: number }) => Promise<Batch>;

/**
 * Erases what has been kept as long as the institutions say, kind by kind, in transactions of a few hundred rows. Doing
 * it twice is doing it once, and what was broken off goes on the next time. The run is kept with its counts. What it
 * costs grows with what is due (and one look a course), not with what is kept. A job, every night, or an operator's act.
 *
 * @param nameOf see `erasePerson`
 * @throws LostSecretError
 */
export async function applyRetention(
  ctx: Ctx,
  {
    nameOf,
    endedAt,
    batch = usualBatch,
  }: { nameOf: (number: number) => string; endedAt: () => Date; batch?: number },
): Promise<RetentionCounts> {
  const run = { id: newId(), startedAt: ctx.now };
  await insertRun(ctx.db, run);
  const means = { batch, nameOf };
  const erased: RetentionCounts = {
    excuseDocuments: 0,
    excuseTexts: 0,
    evidence: 0,
    messages: 0,
    phones: 0,
    people: 0,
  };
  for (const kind of retentionKinds) {
    erased[kind] = await eraseKind[kind](ctx, means);
    await updateRun(ctx.db, run.id, { erased });
  }
  await updateRun(ctx.db, run.id, { erased, endedAt: endedAt() });
  return erased;
}

interface Means {
  batch: number;
  nameOf: (number: number) => string;
}

const eraseKind: Readonly<Record<RetentionKind, (ctx: Ctx, means: Means) => Promise<number>>> = {
  excuseDocuments: (ctx, { batch }) => untilDone(ctx, batch, discardDueDocuments),
  excuseTexts: (ctx, { batch }) => inCourses(ctx, batch, 'excuseTexts', eraseExcuseTexts),
  evidence: async (ctx, { batch }) =>
    (await inCourses(ctx, batch, 'meetings', eraseEvidenceOfMeetings)) +
    (await inCourses(ctx, batch, 'strayCodes', eraseEvidenceOfStrayCodes)),
  messages: (ctx, { batch }) => inCourses(ctx, batch, 'messages', deleteSettledMessages),
  phones: (ctx, { batch }) => untilDone(ctx, batch, emptyEndedPhones),
  people: erasePeople,
};

async function untilDone(ctx: Ctx, limit: number, eraseBatch: EraseBatch): Promise<number> {
  for (let erased = 0; ;) {
    const done = await transaction(ctx, (tx) => eraseBatch(tx.db, { now: tx.now, limit }));
    erased += done.erased;
    if (done.taken < limit) return erased;
  }
}

async function inCourses(ctx: Ctx, limit: number, kind: DueInCourse, erase: EraseInCourse): Promise<number> {
  let erased = 0;
  for (const courseId of await selectCoursesWithDue(ctx.db, kind, ctx.now)) {
    erased += await untilDone(ctx, limit, (db, given) => erase(db, courseId, given));
  }
  return erased;
}

async function erasePeople(ctx: Ctx, { batch, nameOf }: Means): Promise<number> {
  for (let erased = 0; ;) {
    const due = await selectDuePeople(ctx.db, { now: ctx.now, limit: batch });
    for (const personId of due) await erasePerson(ctx, { personId, nameOf });
    erased += due.length;
    if (due.length < batch) return erased;
  }
}
