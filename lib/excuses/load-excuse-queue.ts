import { requireExcuseViewer } from '../access/require-place.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { countExcusesWaiting, selectQueuedExcuses } from './queries.ts';
import { viewExcuses } from './view-excuses.ts';
import type { QueuedExcuse } from './view-excuses.ts';

export type QueueFilter = 'waiting' | 'decided' | 'all';

export interface ExcuseQueueView {
  course: { id: string; title: string; timeZone: string };
  mayDecide: boolean;
  /** How many wait in all. */
  waiting: number;
  /** Those that wait longest first, then the last decided. */
  excuses: QueuedExcuse[];
  /** There are more than these. */
  hasMore: boolean;
  /** The one that was asked for, where it stands on another page or under another filter. */
  opened: QueuedExcuse | undefined;
}

/** So many at a time: a page stays light. */
const pageSize = 50;

/**
 * A course's excuses.
 *
 * @param membershipId of this member alone
 * @param excuseId one that is wanted in any case
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`
 */
export async function loadExcuseQueue(
  ctx: Ctx,
  given: {
    courseId: string;
    filter?: QueueFilter;
    page?: number;
    membershipId?: string;
    excuseId?: string | undefined;
  },
): Promise<ExcuseQueueView> {
  const { courseId, filter = 'waiting', page = 0, membershipId, excuseId } = given;
  const { course, role } = await requireExcuseViewer(ctx, courseId);
  const [rows, waiting] = await Promise.all([
    selectQueuedExcuses(ctx.db, {
      ...{ courseId, filter, membershipId },
      ...{ offset: page * pageSize, limit: pageSize + 1 },
    }),
    countExcusesWaiting(ctx.db, courseId),
  ]);
  const shown = rows.slice(0, pageSize);
  const isElsewhere = excuseId !== undefined && isId(excuseId) && !shown.some(({ id }) => id === excuseId);
  const named = isElsewhere ? await selectOne(ctx, { courseId, excuseId }) : [];
  const excuses = await viewExcuses(ctx, [...shown, ...named]);
  return {
    course: { id: course.id, title: course.title, timeZone: course.timeZone },
    mayDecide: role === 'teacher',
    waiting,
    excuses: excuses.slice(0, shown.length),
    hasMore: rows.length > pageSize,
    opened: excuses[shown.length],
  };
}

/**
 * One excuse of a course as it stands now.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`
 */
export async function loadQueuedExcuse(
  ctx: Ctx,
  { courseId, excuseId }: { courseId: string; excuseId: string },
): Promise<{ excuse: QueuedExcuse | undefined; timeZone: string }> {
  const { course } = await requireExcuseViewer(ctx, courseId);
  const [excuse] = isId(excuseId) ? await viewExcuses(ctx, await selectOne(ctx, { courseId, excuseId })) : [];
  return { excuse, timeZone: course.timeZone };
}

function selectOne(
  ctx: Pick<Ctx, 'db'>,
  key: { courseId: string; excuseId: string },
): ReturnType<typeof selectQueuedExcuses> {
  return selectQueuedExcuses(ctx.db, { ...key, filter: 'all', offset: 0, limit: 1 });
}
