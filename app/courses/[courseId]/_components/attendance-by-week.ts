import type { CountedMeeting } from '#lib/attendance/rules.ts';
import { mondayOf, weeksBetween } from '#lib/meetings/rules.ts';

export interface AttendanceOfWeek {
  /** `YYYY-MM-DD` */
  monday: string;
  /** How many weeks after the first one that is given. */
  index: number;
  expectedMinutes: number;
  countedMinutes: number;
}

/**
 * What was expected and what counted, week by week; weeks in which nothing was expected are left out.
 *
 * @param rows by start
 * @param atMost so many weeks of the calendar, up to the last one
 */
export function attendanceByWeek(
  rows: readonly {
    localStart: string;
    counted: Pick<CountedMeeting, 'expectedMinutes' | 'countedMinutes'>;
  }[],
  atMost: number,
): AttendanceOfWeek[] {
  const byMonday = Map.groupBy(
    rows.filter(({ counted }) => counted.expectedMinutes > 0),
    ({ localStart }) => mondayOf(localStart),
  );
  const last = [...byMonday.keys()].at(-1);
  const shown = [...byMonday].filter(([monday]) => last !== undefined && weeksBetween(monday, last) < atMost);
  const first = shown[0]?.[0];
  return shown.map(([monday, meetings]) => ({
    monday,
    index: first === undefined ? 0 : weeksBetween(first, monday),
    expectedMinutes: meetings.reduce((sum, { counted }) => sum + counted.expectedMinutes, 0),
    countedMinutes: meetings.reduce((sum, { counted }) => sum + counted.countedMinutes, 0),
  }));
}
