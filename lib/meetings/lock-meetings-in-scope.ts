import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { seriesScope } from './input.ts';
import { lockMeetingWithSeries } from './queries.ts';
import type { Meeting } from './queries.ts';
import { meetingsInScope } from './rules.ts';

/** One meeting, or more of its series. */
export interface MeetingChoice {
  courseId: string;
  meetingId: string;
  /** `one`, `following`, `all`; left out: one. */
  scope?: unknown;
}

/**
 * The meetings that are meant, locked until the transaction ends.
 *
 * @throws AppError `not-found`, `invalid-input`
 */
export async function lockMeetingsInScope(
  tx: Pick<Ctx, 'db'>,
  { courseId, meetingId, scope = 'one' }: MeetingChoice,
): Promise<Meeting[]> {
  const read = seriesScope.safeParse(scope);
  if (!read.success) throw new AppError('invalid-input');
  const series = isId(meetingId) ? await lockMeetingWithSeries(tx.db, { courseId, meetingId }) : [];
  const chosen = series.find(({ id }) => id === meetingId);
  if (chosen === undefined) throw new AppError('not-found');
  return meetingsInScope(series, chosen, read.data);
}
