import { expect, test } from 'vitest';
import { attendanceByWeek } from './attendance-by-week.ts';

const row = (day: string, expectedMinutes: number, countedMinutes = expectedMinutes) => ({
  localStart: `${day}T09:00`,
  counted: { expectedMinutes, countedMinutes },
});

test('adds up what lies in one week, and keeps the distance to the next', () => {
  const rows = [
    row('2026-10-05', 90),
    row('2026-10-11', 210, 100),
    row('2026-10-12', 90, 0),
    row('2026-10-28', 60),
  ];
  expect(attendanceByWeek(rows, 26)).toEqual([
    { monday: '2026-10-05', index: 0, expectedMinutes: 300, countedMinutes: 190 },
    { monday: '2026-10-12', index: 1, expectedMinutes: 90, countedMinutes: 0 },
    { monday: '2026-10-26', index: 3, expectedMinutes: 60, countedMinutes: 60 },
  ]);
});

test('a week in which nothing was expected is none, wherever it lies', () => {
  const rows = [row('2026-10-05', 0), row('2026-10-12', 90), row('2026-10-19', 0)];
  expect(attendanceByWeek(rows, 26)).toEqual([
    { monday: '2026-10-12', index: 0, expectedMinutes: 90, countedMinutes: 90 },
  ]);
  expect(attendanceByWeek([], 26)).toEqual([]);
});

test('of many weeks the last ones, by the calendar', () => {
  const rows = [row('2026-08-31', 90), row('2026-09-14', 90), row('2026-09-28', 90), row('2026-10-05', 90)];
  expect(attendanceByWeek(rows, 3).map(({ monday, index }) => [monday, index])).toEqual([
    ['2026-09-28', 0],
    ['2026-10-05', 1],
  ]);
  expect(attendanceByWeek(rows, 4).map(({ index }) => index)).toEqual([0, 2, 3]);
});
