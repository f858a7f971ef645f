import type { Ctx } from '../context.ts';
import { selectFilesOfExcuses, selectMeetingsOfExcuses } from './queries.ts';
import type { ExcuseFile, ExcuseRow, MeetingOfExcuse, QueuedRow } from './queries.ts';
import { effectOn } from './rules.ts';
import type { ExcuseEffect } from './rules.ts';

export type MeetingOfExcuseView = MeetingOfExcuse & {
  /** What accepting does, or would do now. */
  effect: ExcuseEffect;
};

/** An excuse with what it is about and what lies beside it. */
type View<Row extends ExcuseRow> = Omit<Row, 'courseId' | 'decidedBy' | 'textErasedAt'> & {
  /** By start; while it waits with the meetings that were planned into its days since. */
  meetings: MeetingOfExcuseView[];
  /** In the order of their upload. */
  files: ExcuseFile[];
};

export type ExcuseView = View<ExcuseRow>;
export type QueuedExcuse = View<QueuedRow>;

/** Two statements, however many excuses there are. */
export async function viewExcuses<Row extends ExcuseRow>(
  ctx: Pick<Ctx, 'db'>,
  rows: readonly Row[],
): Promise<View<Row>[]> {
  const ids = rows.map(({ id }) => id);
  const [meetings, files] = await Promise.all([
    selectMeetingsOfExcuses(ctx.db, ids),
    selectFilesOfExcuses(ctx.db, ids),
  ]);
  const meetingsOf = Map.groupBy(meetings, ({ excuseId }) => excuseId);
  const filesOf = Map.groupBy(files, ({ excuseId }) => excuseId);
  return rows.map(({ courseId: _course, decidedBy: _by, textErasedAt: _erased, ...excuse }) => ({
    ...excuse,
    meetings: (meetingsOf.get(excuse.id) ?? []).map(({ excuseId: _, ...meeting }) => ({
      ...meeting,
      effect: effectOn(meeting),
    })),
    files: (filesOf.get(excuse.id) ?? []).map(({ excuseId: _, ...file }) => file),
  }));
}
