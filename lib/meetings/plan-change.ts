import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { hasSections } from './has-sections.ts';
import { seriesScope } from './input.ts';
import { lockMeetingWithSeries } from './queries.ts';
import type { Meeting } from './queries.ts';
import { readMeeting } from './read-meeting.ts';
import { decideChanges } from './rules.ts';
import type { ImpossibleMeeting, MeetingProblems, MeetingValues } from './rules.ts';

/** A meeting as it is to be, of the revision that was seen, for itself or for more of its series. */
export type MeetingEdit = {
  courseId: string;
  meetingId: string;
  revision: number;
  /** `one`, `following`, `all`; left out: one. */
  scope?: unknown;
} & Record<string, unknown>;

export type RefusedChange =
  | { kind: 'invalid'; problems: MeetingProblems }
  | { kind: 'conflict' }
  /** Others of the series cannot have these times. */
  | { kind: 'impossible'; meetings: ImpossibleMeeting[] };

/**
 * What an edit would change; the meetings stay locked until the transaction ends. Who saw an older revision changes
 * nothing.
 *
 * @throws AppError `not-found`, `invalid-input`
 */
export async function planChange(
  tx: Pick<Ctx, 'db'>,
  { courseId, meetingId, revision, scope = 'one', ...input }: MeetingEdit,
): Promise<{ kind: 'planned'; changes: { before: Meeting; after: MeetingValues }[] } | RefusedChange> {
  const read = seriesScope.safeParse(scope);
  if (!read.success) throw new AppError('invalid-input');
  const series = isId(meetingId) ? await lockMeetingWithSeries(tx.db, { courseId, meetingId }) : [];
  const edited = series.find(({ id }) => id === meetingId);
  if (edited === undefined) throw new AppError('not-found');
  if (edited.revision !== revision) return { kind: 'conflict' };
  const wanted = readMeeting(input, edited.timeZone);
  if (!wanted.ok) return { kind: 'invalid', problems: wanted.problems };
  if (!(await hasSections(tx, courseId, wanted.meeting.sectionIds))) {
    return { kind: 'invalid', problems: { sectionIds: 'meeting.problem.sections' } };
  }
  const decided = decideChanges(series, edited, wanted.meeting, read.data);
  return decided.ok
    ? { kind: 'planned', changes: decided.changes }
    : { kind: 'impossible', meetings: decided.impossible };
}
