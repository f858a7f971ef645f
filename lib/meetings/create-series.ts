import { requireMarker } from '../access/require-place.ts';
import { insertAuditEvents } from '../audit/queries.ts';
import { newId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { hasSections } from './has-sections.ts';
import { insertMeetings, insertSeries } from './queries.ts';
import { readSeries } from './read-series.ts';
import { valuesOf } from './rules.ts';
import type { SeriesProblems } from './rules.ts';

/**
 * Plans meetings that repeat, all of them or none: a day on which the times do not exist has to be left out by hand.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`
 */
export async function createSeries(
  ctx: Ctx,
  { courseId, ...input }: { courseId: string } & Record<string, unknown>,
): Promise<
  { kind: 'saved'; seriesId: string; meetings: number } | { kind: 'invalid'; problems: SeriesProblems }
> {
  const { course } = await requireMarker(ctx, courseId);
  const read = readSeries(input, course.timeZone);
  if (!read.ok) return { kind: 'invalid', problems: read.problems };
  const { series, days } = read;
  if (days.some(({ state }) => state === 'impossible')) {
    return { kind: 'invalid', problems: { skip: 'series.problem.impossible-days' } };
  }
  if (!(await hasSections(ctx, courseId, series.sectionIds))) {
    return { kind: 'invalid', problems: { sectionIds: 'meeting.problem.sections' } };
  }
  const seriesId = newId();
  const planned = days
    .filter((day) => day.state === 'planned')
    .map(({ times }) => ({ id: newId(), seriesId, values: valuesOf(series, times) }));
  const { startDate, weekdays, everyWeeks, ends, skip } = series;
  await transaction(ctx, async (tx) => {
    await insertSeries(tx.db, {
      id: seriesId,
      courseId,
      rule: { startDate, weekdays, everyWeeks, ends, skip },
    });
    await insertMeetings(
      tx.db,
      planned.map(({ id, values }) => ({ id, courseId, seriesId, timeZone: course.timeZone, ...values })),
    );
    await insertAuditEvents(
      tx,
      planned.map(({ id, values }) => ({
        courseId,
        action: 'meeting.created',
        subjectId: id,
        after: { seriesId, ...values },
      })),
    );
  });
  return { kind: 'saved', seriesId, meetings: planned.length };
}
