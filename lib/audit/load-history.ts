import { requireStaff } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId, recordSubject } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import {
  selectHasUnsealed,
  selectHistory,
  selectLastSeal,
  selectMemberOfHistory,
  selectPlaceIds,
} from './queries.ts';
import type { HistoryEntry, HistoryFilter } from './queries.ts';
import { subjectsOfMember } from './subjects-of-member.ts';

export type { HistoryEntry } from './queries.ts';

/** What a course's history can be narrowed to. */
export const historyKinds = ['records', 'meetings', 'members', 'settings'] as const;
export type HistoryKind = (typeof historyKinds)[number];

const actionsOf: Readonly<Record<HistoryKind, readonly string[]>> = {
  records: ['record', 'excuse'],
  meetings: ['meeting', 'check-in', 'spot-check'],
  members: ['membership', 'person'],
  settings: ['policy', 'course', 'audit'],
};

/** Whose history is meant. */
export type HistoryOf =
  | { kind: 'record'; meetingId: string; membershipId: string }
  | { kind: 'meeting'; meetingId: string }
  | { kind: 'member'; membershipId: string }
  | { kind: 'course'; only?: HistoryKind | undefined; membershipId?: string | undefined };

export interface HistoryView {
  /** The newest first. */
  entries: HistoryEntry[];
  /** The entry after which older ones follow; undefined: there are none. */
  older: string | undefined;
  timeZone: string;
  /** The member to whom it is narrowed. */
  member: { name: string | null } | undefined;
}

const entriesAPage = 50;

/**
 * What was changed, by whom and when: of one record, one meeting, one member or the whole course, a page at a time.
 * For those who run the course.
 *
 * @param after the last entry of the page before
 * @throws AppError `not-signed-in`, `no-access`, `not-found`
 */
export async function loadHistory(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  { courseId, of, after }: { courseId: string; of: HistoryOf; after?: string | undefined },
): Promise<HistoryView> {
  const { course } = await requireStaff(ctx, courseId);
  const { filter, member } = await filterOf(ctx, courseId, of);
  const page = { after: after !== undefined && isId(after) ? after : undefined, limit: entriesAPage + 1 };
  const found = await selectHistory(ctx.db, courseId, filter, page);
  const entries = found.slice(0, entriesAPage);
  return {
    entries,
    older: found.length > entriesAPage ? entries.at(-1)?.id : undefined,
    timeZone: course.timeZone,
    member,
  };
}

async function filterOf(
  ctx: Pick<Ctx, 'db'>,
  courseId: string,
  of: HistoryOf,
): Promise<{ filter: HistoryFilter; member: HistoryView['member'] }> {
  if ('meetingId' in of && !isId(of.meetingId)) throw new AppError('not-found');
  if (of.kind === 'meeting') return { filter: { subjectIds: [of.meetingId] }, member: undefined };
  const filter: HistoryFilter =
    of.kind === 'course' && of.only !== undefined ? { actions: actionsOf[of.only] } : {};
  if (of.membershipId === undefined) return { filter, member: undefined };

  const member = isId(of.membershipId)
    ? await selectMemberOfHistory(ctx.db, courseId, of.membershipId)
    : undefined;
  if (member === undefined) throw new AppError('not-found');
  const subjectIds =
    of.kind === 'record'
      ? // Other entries of the same human may have been merged into this one.
        (await selectPlaceIds(ctx.db, courseId, of.membershipId)).map((place) =>
          recordSubject(of.meetingId, place),
        )
      : (await subjectsOfMember(ctx, courseId, of.membershipId)).subjectIds;
  const actorPersonId = of.kind === 'course' ? member.personId : undefined;
  return { filter: { ...filter, subjectIds, actorPersonId }, member: { name: member.name } };
}

export interface ChainState {
  /** When the last seal was made; undefined: none yet. */
  sealedAt: Date | undefined;
  /** Whether something was written since. */
  isWaiting: boolean;
}

/**
 * How far a course's log is sealed.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function loadChainState(
  ctx: Pick<Ctx, 'db' | 'now' | 'viewer'>,
  courseId: string,
): Promise<ChainState> {
  await requireStaff(ctx, courseId);
  const last = await selectLastSeal(ctx.db, courseId);
  return { sealedAt: last?.sealedAt, isWaiting: await selectHasUnsealed(ctx.db, courseId) };
}
