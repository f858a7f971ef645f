import { resolvePolicy } from '../base/course-policy.ts';
import { AppError } from '../base/errors.ts';
import { newId } from '../base/ids.ts';
import { errorFacts } from '../base/log.ts';
import { addMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import type { CourseOnPlatform } from '../courses/find-course.ts';
import { noteRosterSynced } from '../courses/note-roster-synced.ts';
import type { RosterSource } from '../db/schema.ts';
import { transaction } from '../db/transaction.ts';
import { publish } from '../live/notices.ts';
import { keepMembers } from '../members/keep-members.ts';
import { decideSpanStarts } from '../members/rules.ts';
import type { SpanStarts } from '../members/rules.ts';
import { canvasApiFor } from './canvas-api.ts';
import { endMissing } from './end-missing.ts';
import {
  lockCourse,
  lockMissing,
  selectDeploymentForPage,
  selectListableCount,
  selectPreviousComplete,
  updateDeadSyncs,
  updateMissingSince,
  updateSyncEnd,
  updateSyncProgress,
  updateSyncSource,
  upsertSync,
} from './queries.ts';
import type { AskedBy, SyncRow } from './queries.ts';
import { readRoster } from './read-roster.ts';
import type { RosterMeans, RosterPage } from './read-roster.ts';
import { requireCourse } from './require-course.ts';
import { deadBefore, decideDepartures, isConcluded, isWorthRepeating, meansNotGranted } from './rules.ts';

/** The log goes back so far. */
const logMs = 90 * 24 * 60 * 60_000;

export interface SyncOrder {
  courseId: string;
  askedBy: AskedBy;
  /** The same once more, after a crash or a failure, is the same sync. */
  syncId?: string;
}

export type RosterSync =
  | { kind: 'synced'; sync: SyncRow }
  /** The course's platform lists nobody to us, or is not admitted. */
  | { kind: 'not-offered' };

type SyncCtx = Pick<Ctx, 'db' | 'now' | 'log' | 'secrets' | 'viewer'>;

/** A sync under way. */
interface Run extends CourseOnPlatform {
  id: string;
  startedAt: Date;
  spanStarts: SpanStarts;
}

/**
 * Reads a course's whole roster from its platform, page by page, and keeps what it shows: by LTI's own service, or,
 * where that is not granted, by Canvas' REST API. Only a list that was read to its end says who is missing. Two at
 * once do no harm; one that breaks off keeps the pages that came, removes nobody, and is logged as failed.
 *
 * @throws AppError `not-found`, `platform-answer`, `platform-unreachable`, `address-refused`, `conflict` (the course was
 *   moved to another deployment meanwhile)
 */
export async function syncRoster(ctx: SyncCtx, order: SyncOrder, means: RosterMeans): Promise<RosterSync> {
  const found = await requireCourse(ctx, order.courseId);
  const sources = sourcesOf(found, means);
  const [first] = sources;
  const { course, deployment, platform } = found;
  const isAdmitted = platform.disabledAt === null && deployment.approvedAt !== null;
  if (first === undefined || !isAdmitted) return { kind: 'not-offered' };
  const run: Run = {
    ...found,
    id: order.syncId ?? newId(),
    startedAt: ctx.now,
    spanStarts: decideSpanStarts(course, resolvePolicy(deployment.policy, course.policy), ctx.now),
  };
  await updateDeadSyncs(ctx.db, order.courseId, {
    deadBefore: deadBefore(ctx.now),
    forgetBefore: addMs(ctx.now, -logMs),
    now: ctx.now,
  });
  const { courseId, askedBy } = order;
  await upsertSync(ctx.db, { id: run.id, courseId, askedBy, source: first, startedAt: ctx.now });
  try {
    const read = await keepRoster(ctx, run, sources, means);
    return { kind: 'synced', sync: await complete({ ...ctx, now: means.now() }, run, read) };
  } catch (error) {
    await noteFailure(ctx, run, error, means.now());
    throw error;
  }
}

/** As a job: what will not be better in a minute is over with its row in the log, the rest is thrown and tried again. */
export async function syncRosterAsJob(
  ctx: SyncCtx,
  order: SyncOrder,
  means: RosterMeans,
): Promise<RosterSync | { kind: 'failed'; problem: string }> {
  try {
    return await syncRoster(ctx, order, means);
  } catch (error) {
    if (!(error instanceof AppError) || isWorthRepeating(error)) throw error;
    return { kind: 'failed', problem: error.code };
  }
}

/** What can be asked about the course, the better source first. */
function sourcesOf(found: CourseOnPlatform, { canvas }: RosterMeans): RosterSource[] {
  return [
    ...(found.course.namesAndRolesUrl === null ? [] : (['nrps'] as const)),
    ...(canvasApiFor(canvas, found) === undefined ? [] : (['rest'] as const)),
  ];
}

/** A list that was read to its end. */
interface ReadList {
  source: RosterSource;
  /** What it said of the course's own state. */
  platformState: string | undefined;
}

async function keepRoster(
  ctx: SyncCtx,
  run: Run,
  sources: readonly RosterSource[],
  means: RosterMeans,
): Promise<ReadList> {
  for (const [index, source] of sources.entries()) {
    let platformState: string | undefined;
    let hasBegun = false;
    try {
      for await (const page of readRoster(ctx, run, source, means)) {
        hasBegun = true;
        await keepPage({ ...ctx, now: means.now() }, run, source, page);
        platformState = page.platformState ?? platformState;
      }
      return { source, platformState };
    } catch (error) {
      const next = sources[index + 1];
      if (hasBegun || next === undefined || !(error instanceof AppError) || !meansNotGranted(error))
        throw error;
      await updateSyncSource(ctx.db, run.id, next);
    }
  }
  throw new Error('a sync has a source');
}

async function keepPage(ctx: SyncCtx, run: Run, source: RosterSource, page: RosterPage): Promise<void> {
  const testUsers = page.members.filter((member) => member.isTestUser);
  const counted = page.members.filter((member) => !member.isTestUser);
  await transaction(ctx, async (tx) => {
    // People belong to a platform: a list of the old one is not for a course that has gone to another.
    if ((await selectDeploymentForPage(tx.db, run.course.id)) !== run.deployment.id) throw moved();
    const keep = (members: typeof counted) =>
      keepMembers(tx, {
        platformId: run.platform.id,
        courseId: run.course.id,
        members,
        spanStarts: run.spanStarts,
        launched: false,
        listed: { syncId: run.id, by: source, at: tx.now },
      });
    await keep(testUsers);
    const kept = await keep(counted);
    await updateSyncProgress(tx.db, run.id, {
      listed: page.listed,
      kept: kept.length,
      joined: kept.filter(({ isNew }) => isNew).length,
    });
  });
}

/** The whole list was read: whoever is not on it may have left. */
async function complete(ctx: SyncCtx, run: Run, { source, platformState }: ReadList): Promise<SyncRow> {
  const courseId = run.course.id;
  return transaction(ctx, async (tx) => {
    const course = await lockCourse(tx.db, courseId);
    if (course?.deploymentId !== run.deployment.id) throw moved();
    const missing = await lockMissing(tx.db, courseId, { now: tx.now, sync: { ...run, source } });
    const { noted, ended, held } = decideDepartures({
      enrolled: await selectListableCount(tx.db, courseId, tx.now),
      missing,
      previousAt: await selectPreviousComplete(tx.db, courseId, run),
      isConcluded: isConcluded(platformState ?? course.platformState),
    });
    await updateMissingSince(tx.db, noted, run.startedAt);
    const departed = await endMissing(tx, courseId, ended);
    await noteRosterSynced(tx, courseId, { syncedAt: run.startedAt, departuresHeld: held, platformState });
    const row = await updateSyncEnd(tx.db, run.id, {
      endedAt: tx.now,
      outcome: 'complete',
      departed,
      missing: missing.length - departed,
    });
    if (row === undefined) throw new Error('a sync has its row from its start on');
    await publish(tx, { kind: 'roster', courseId });
    return row;
  });
}

/** The log tells why; a database that is away must not hide it from whoever asked. */
async function noteFailure(ctx: SyncCtx, run: Run, error: unknown, now: Date): Promise<void> {
  const known = error instanceof AppError ? error : undefined;
  const status = known?.facts.throttled === true ? 429 : known?.facts.status;
  try {
    await updateSyncEnd(ctx.db, run.id, {
      endedAt: now,
      outcome: 'failed',
      problem: known?.code ?? 'internal',
      problemStatus: typeof status === 'number' ? status : null,
    });
    // The pages that came may have brought somebody.
    await publish(ctx, { kind: 'roster', courseId: run.course.id });
  } catch (failure) {
    ctx.log.warn(
      { courseId: run.course.id, ...errorFacts(failure) },
      'a failed roster sync could not be noted',
    );
  }
}

function moved(): AppError {
  return new AppError('conflict', { reason: 'course moved' });
}
