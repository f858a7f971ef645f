import { requireMarker } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { selectMeeting, selectSections, selectSeriesSize } from './queries.ts';
import type { NumberedMeeting, SectionChoice } from './queries.ts';

export interface MeetingForm {
  meeting: NumberedMeeting;
  /** Those of the course, to choose from. */
  sections: SectionChoice[];
  /** How many more meetings its series has; none where it stands alone. */
  series: { others: number; following: number };
}

/**
 * What the form of a meeting shows, for those who may change it.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`
 */
export async function loadMeetingForm(
  ctx: Ctx,
  { courseId, meetingId }: { courseId: string; meetingId: string },
): Promise<MeetingForm> {
  await requireMarker(ctx, courseId);
  const meeting = isId(meetingId) ? await selectMeeting(ctx.db, courseId, meetingId) : undefined;
  if (meeting === undefined) throw new AppError('not-found');
  const { seriesId } = meeting;
  const [sections, series] = await Promise.all([
    selectSections(ctx.db, courseId),
    seriesId === null ? { others: 0, following: 0 } : selectSeriesSize(ctx.db, { ...meeting, seriesId }),
  ]);
  return { meeting, sections, series };
}
