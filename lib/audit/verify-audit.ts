import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { addMs, minuteMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { openAuditKeys } from './audit-key.ts';
import { readHead } from './input.ts';
import {
  countUnsealed,
  selectErasures,
  selectMacs,
  selectSealedCourses,
  selectSealedEvents,
  selectSeals,
} from './queries.ts';
import { judgeErasure, judgeHead, judgeSeal } from './rules.ts';
import type { AuditProblem, Head, StoredSeal } from './rules.ts';

/** Bounds of what is in memory at once. */
const coursesAtOnce = 500;
const sealsAtOnce = 200;
const eventsAtOnce = 2_000;
const headsAtOnce = 1_000;
/** The job seals every minute; a process that starts again, or a long backlog, may take longer. */
export const sealedWithinMs = 15 * minuteMs;
/** After so many it is plain that something is wrong; the rest is counted. */
const problemsTold = 100;

export interface AuditVerdict {
  courses: number;
  seals: number;
  events: number;
  /** Events whose content was erased, each told by an erasure in the log. */
  erased: number;
  /** Written since the last seal: nothing vouches for them yet. */
  unsealed: number;
  /** What was compared with what is kept outside; undefined where nothing was given. */
  heads: { compared: number } | undefined;
  problems: AuditProblem[];
  /** All of them, told or not. */
  problemCount: number;
}

/**
 * Goes through the chains from their beginnings: finds a row that was changed, taken away or put in, a chain that
 * was made anew, and, with the heads that are kept outside, one that was cut. Memory stays flat however long they
 * are. An operator's act.
 *
 * @param headsFile lines of the heads file or of the log; undefined: the database alone is looked at
 */
export async function verifyAudit(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets'>,
  { courseId, headsFile }: { courseId?: string | undefined; headsFile?: string | undefined },
): Promise<AuditVerdict> {
  const verdict: AuditVerdict = {
    ...{ courses: 0, seals: 0, events: 0, erased: 0, unsealed: 0 },
    ...{ heads: undefined, problems: [], problemCount: 0 },
  };
  for (const waiting of await countUnsealed(ctx.db, { courseId, before: addMs(ctx.now, -sealedWithinMs) })) {
    verdict.unsealed += waiting.all;
    if (waiting.old > 0)
      tell(verdict, [{ kind: 'unsealed', courseId: waiting.courseId, count: waiting.old }]);
  }
  const keys = new Map((await openAuditKeys(ctx)).map(({ id, bytes }) => [id, bytes]));
  let courses = courseId === undefined ? await nextCourses(ctx, undefined) : [courseId];
  while (courses.length > 0) {
    for (const course of courses) await verifyCourse(ctx, course, keys, verdict);
    courses = courseId === undefined ? await nextCourses(ctx, courses.at(-1)) : [];
  }
  if (headsFile !== undefined) await compareHeads(ctx, { courseId, headsFile }, verdict);
  return verdict;
}

function nextCourses(ctx: Pick<Ctx, 'db'>, after: string | undefined): Promise<string[]> {
  return selectSealedCourses(ctx.db, { after, limit: coursesAtOnce });
}

function tell(verdict: AuditVerdict, problems: readonly AuditProblem[]): void {
  verdict.problemCount += problems.length;
  verdict.problems.push(...problems.slice(0, Math.max(0, problemsTold - verdict.problems.length)));
}

async function verifyCourse(
  ctx: Pick<Ctx, 'db'>,
  courseId: string,
  keys: ReadonlyMap<string, Buffer | undefined>,
  verdict: AuditVerdict,
): Promise<void> {
  verdict.courses += 1;
  let previous: StoredSeal | undefined;
  for (;;) {
    const some = await selectSeals(ctx.db, courseId, { after: previous?.number, limit: sealsAtOnce });
    const seals = firstOf(some);
    if (seals.length === 0) break;
    const events = await selectSealedEvents(
      ctx.db,
      seals.map(({ id }) => id),
    );
    for (const seal of seals) {
      const covered = events.get(seal.id) ?? [];
      verdict.seals += 1;
      verdict.events += covered.length;
      tell(verdict, judgeSeal(seal, previous, keys.get(seal.keyId), covered));
      previous = seal;
    }
  }
  for (const erasure of await selectErasures(ctx.db, courseId)) {
    const problem = judgeErasure(erasure);
    verdict.erased += erasure.erased;
    if (problem !== undefined) tell(verdict, [problem]);
  }
}

/** As many of these seals as hold events for one reading; one at least. */
function firstOf(seals: readonly StoredSeal[]): StoredSeal[] {
  let events = 0;
  const beyond = seals.findIndex((seal, index) => {
    events += seal.eventCount;
    return index > 0 && events > eventsAtOnce;
  });
  return seals.slice(0, beyond === -1 ? seals.length : beyond);
}

async function compareHeads(
  ctx: Pick<Ctx, 'db'>,
  { courseId, headsFile }: { courseId: string | undefined; headsFile: string },
  verdict: AuditVerdict,
): Promise<void> {
  const counted = { compared: 0 };
  verdict.heads = counted;
  const compare = async (heads: readonly Head[]) => {
    const macs = await selectMacs(ctx.db, heads);
    counted.compared += heads.length;
    tell(
      verdict,
      heads.map((head, place) => judgeHead(head, macs[place])).filter((problem) => problem !== undefined),
    );
  };
  let waiting: Head[] = [];
  for await (const line of createInterface({ input: createReadStream(headsFile), crlfDelay: Infinity })) {
    const head = readHead(line);
    if (head === undefined || (courseId !== undefined && head.courseId !== courseId)) continue;
    waiting.push(head);
    if (waiting.length === headsAtOnce) {
      await compare(waiting);
      waiting = [];
    }
  }
  if (waiting.length > 0) await compare(waiting);
}
