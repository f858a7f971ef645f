import { seriesInput } from './input.ts';
import type { SeriesField, SeriesInput } from './input.ts';
import { problemsAt } from './read-meeting.ts';
import { placeSeries, skipProblem } from './rules.ts';
import type { PlannedDay, SeriesProblem, SeriesProblems } from './rules.ts';

const ownProblems: Partial<Record<SeriesField, SeriesProblem>> = {
  startDate: 'series.problem.start',
  weekdays: 'series.problem.weekdays',
  everyWeeks: 'series.problem.every',
  untilDate: 'series.problem.until',
  count: 'series.problem.count',
  skip: 'series.problem.skip',
};

/** Reads a series form: every problem at its field, or each day of it with the meeting placed in time. */
export function readSeries(
  input: unknown,
  timeZone: string,
): { ok: true; series: SeriesInput; days: PlannedDay[] } | { ok: false; problems: SeriesProblems } {
  const parsed = seriesInput.safeParse(input);
  if (parsed.success) {
    const placed = placeSeries(parsed.data, timeZone);
    return placed.ok ? { ...placed, series: parsed.data } : placed;
  }
  const problems: SeriesProblems = {};
  for (const issue of parsed.error.issues) Object.assign(problems, problemOf(issue.path));
  return { ok: false, problems };
}

function problemOf(path: PropertyKey[]): SeriesProblems {
  const [field, part] = path;
  if (field === 'skip' && typeof part === 'number') return skipProblem(part);
  const name = (field === 'ends' ? (part === 'count' ? part : 'untilDate') : field) as SeriesField;
  const own = ownProblems[name];
  if (own !== undefined) return { [name]: own };
  const { date: _, ...problems } = problemsAt([{ path }]);
  return problems;
}
