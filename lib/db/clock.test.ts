import type pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createDatabaseClock } from './clock.ts';

const hourMs = 3_600_000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A database whose clock differs by `offsetMs`, and that answers after these times, there and back, in turn. */
function databaseOf(offsetMs: number | (() => number), ...ways: [thereMs: number, backMs: number][]) {
  let asked = 0;
  const query = async () => {
    const [thereMs, backMs] = ways[Math.min(asked, ways.length - 1)] ?? [0, 0];
    asked += 1;
    await vi.advanceTimersByTimeAsync(thereMs);
    const ms = String(Date.now() + (typeof offsetMs === 'number' ? offsetMs : offsetMs()));
    await vi.advanceTimersByTimeAsync(backMs);
    return { rows: [{ ms }] };
  };
  return { query } as unknown as Pick<pg.Pool, 'query'>;
}

const errorOf = (clock: ReturnType<typeof createDatabaseClock>, offsetMs: number) =>
  clock.now().getTime() - (Date.now() + offsetMs);

test.each([0, 3 * hourMs, -3 * hourMs])(
  'a machine that is wrong by %i ms has Postgres’ time',
  async (offset) => {
    const clock = createDatabaseClock(databaseOf(offset, [5, 5]));
    await clock.measure();
    expect(errorOf(clock, offset)).toBe(0);
  },
);

test('one late answer among others is not believed', async () => {
  const clock = createDatabaseClock(databaseOf(hourMs, [1_500, 0], [4, 2], [0, 900]));
  await clock.measure();
  expect(Math.abs(errorOf(clock, hourMs))).toBeLessThanOrEqual(1);
});

test('in a burst, in which all answers are late, the difference that was measured before stays', async () => {
  const clock = createDatabaseClock(databaseOf(hourMs, [1, 1], [1, 1], [1, 1], [1_800, 0]));
  await clock.measure();
  await vi.advanceTimersByTimeAsync(60_000);
  await clock.measure();
  expect(errorOf(clock, hourMs)).toBe(0);
});

test.each([hourMs, 1_500, -1_500, -30_000, -hourMs])(
  'a machine whose clock is set by %i ms goes on with Postgres’ time, also in a burst',
  async (byMs) => {
    let offset = hourMs;
    const clock = createDatabaseClock(databaseOf(() => offset, [1, 1], [1, 1], [1, 1], [900, 0]));
    await clock.measure();
    await vi.advanceTimersByTimeAsync(30_000);
    vi.setSystemTime(Date.now() + byMs);
    offset -= byMs;
    expect(errorOf(clock, offset)).toBe(0);
    // Late answers tell nothing better, and the clock that was set is no reason to believe them.
    await clock.measure();
    expect(errorOf(clock, offset)).toBe(0);
  },
);

test('a machine that has slept has Postgres’ time as soon as somebody asks for it again', async () => {
  const clock = createDatabaseClock(databaseOf(0, [1, 1], [1, 1], [1, 1], [40, 0]));
  await clock.measure();
  // Its steady clock has slept too; its own was set when it woke.
  vi.setSystemTime(Date.now() + hourMs);
  expect(errorOf(clock, 0)).toBe(-hourMs);
  await vi.waitFor(() => {
    expect(Math.abs(errorOf(clock, 0))).toBeLessThanOrEqual(20);
  });
});

test('another database that has taken over is believed, however late it answers', async () => {
  let offset = 0;
  const clock = createDatabaseClock(databaseOf(() => offset, [1, 1], [1, 1], [1, 1], [400, 400]));
  await clock.measure();
  offset = 10_000;
  await clock.measure();
  expect(errorOf(clock, offset)).toBe(0);
});
