import { requireMarker } from '../access/require-place.ts';
import type { Ctx } from '../context.ts';
import { hasSections } from './has-sections.ts';
import { readSeries } from './read-series.ts';
import type { MeetingProblem, SeriesProblems } from './rules.ts';

/** A day as the list before saving shows it. */
export type PreviewDay = { date: string } & (
  { state: 'planned' | 'skipped' } | { state: 'impossible'; problem: MeetingProblem }
);

/**
 * The days that a series would have, for a look before saving. Nothing is saved.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`
 */
export async function previewSeries(
  ctx: Ctx,
  { courseId, ...input }: { courseId: string } & Record<string, unknown>,
): Promise<{ kind: 'preview'; days: PreviewDay[] } | { kind: 'invalid'; problems: SeriesProblems }> {
  const { course } = await requireMarker(ctx, courseId);
  const read = readSeries(input, course.timeZone);
  if (!read.ok) return { kind: 'invalid', problems: read.problems };
  if (!(await hasSections(ctx, courseId, read.series.sectionIds))) {
    return { kind: 'invalid', problems: { sectionIds: 'meeting.problem.sections' } };
  }
  return {
    kind: 'preview',
    days: read.days.map((day) =>
      day.state === 'impossible'
        ? { date: day.date, state: day.state, problem: day.problem }
        : { date: day.date, state: day.state },
    ),
  };
}
