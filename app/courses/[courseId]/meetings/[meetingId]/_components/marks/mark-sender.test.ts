import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MarkRequest } from '#lib/attendance/input.ts';
import type { MarkResult } from '#lib/attendance/mark-records.ts';
import type { RecordView } from '#lib/live/notices.ts';
import { stands, withChanges } from './mark-change.ts';
import type { Change, Judging } from './mark-change.ts';
import { openMarkSender } from './mark-sender.ts';
import type { PostAnswer } from './mark-sender.ts';
import { passingStore } from './mark-store.ts';

const judging: Judging = {
  meeting: {
    startsAt: new Date('2026-11-28T08:00:00Z'),
    endsAt: new Date('2026-11-28T11:45:00Z'),
    breakMinutes: 0,
    breaks: [],
  },
  policy: { graceMinutes: 5, absentAfterMinutes: null, checkOutRequired: false },
};
const word = (status: 'present' | 'absent' | 'excused'): Change => ({ kind: 'word', status });

/** The server's side, as far as one register is concerned. */
function playServer() {
  const records = new Map<string, RecordView | null>();
  const requests: MarkRequest[][] = [];
  const enter = ({ membershipId, revision, change }: MarkRequest): MarkResult => {
    const before = records.get(membershipId) ?? null;
    if (stands(before, change)) return { membershipId, kind: 'marked', record: before };
    if ((before?.revision ?? 0) !== revision) return { membershipId, kind: 'conflict', record: before };
    const after = withChanges(before, [change], judging);
    records.set(membershipId, after);
    return { membershipId, kind: 'marked', record: after };
  };
  return {
    records,
    requests,
    answer(marks: MarkRequest[]): PostAnswer {
      requests.push(marks);
      return { kind: 'answered', results: marks.map(enter) };
    },
  };
}

/** What happens to each request: it arrives, it is lost, or its answer is lost. */
type Fate = 'arrives' | 'lost' | 'answer-lost';

function open(
  server: ReturnType<typeof playServer>,
  { fates = [], store = passingStore() }: { fates?: Fate[]; store?: ReturnType<typeof passingStore> } = {},
) {
  let ids = 0;
  const left = [...fates];
  const sender = openMarkSender({
    store,
    post: (marks) => {
      const fate = left.shift() ?? 'arrives';
      if (fate === 'lost') return Promise.resolve({ kind: 'unreachable' });
      const answer = server.answer(marks);
      return Promise.resolve(fate === 'arrives' ? answer : { kind: 'unreachable' });
    },
    alone: (work) => work(),
    tellTabs: () => {},
    newId: () => String((ids += 1)),
    onAnswered: () => {},
  });
  sender.start();
  return sender;
}

const mark = (membershipId: string, change: Change, revision = 0) => [
  { membershipId, revision, changes: [change] },
];

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});
const passTime = () => vi.advanceTimersByTimeAsync(120_000);

describe('marks on their way', () => {
  test('are shown before anything is sent, and go when they are entered', async () => {
    const server = playServer();
    const sender = open(server);
    sender.mark(mark('a', word('absent')));
    expect(sender.state().marks.get('a')?.wishes[0]?.change).toEqual(word('absent'));
    await passTime();
    expect(server.records.get('a')?.status).toBe('absent');
    expect(sender.state()).toMatchObject({ phase: { kind: 'idle' }, hasMarked: true });
    expect(sender.state().marks.size).toBe(0);
  });

  test('of a whole course go out a hundred at a time', async () => {
    const server = playServer();
    const sender = open(server);
    sender.mark(
      Array.from({ length: 250 }, (_, at) => ({
        membershipId: String(at),
        revision: 0,
        changes: [word('present')],
      })),
    );
    await passTime();
    expect(server.requests.map((marks) => marks.length)).toEqual([100, 100, 50]);
    expect(server.records.size).toBe(250);
  });

  test('wait for the network, and survive the page', async () => {
    const server = playServer();
    const store = passingStore();
    const sender = open(server, { store, fates: Array<Fate>(20).fill('lost') });
    sender.mark(mark('a', word('present')));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(sender.state().phase).toEqual({ kind: 'unreachable' });
    sender.stop();
    expect(server.records.size).toBe(0);
    open(server, { store });
    await passTime();
    expect(server.records.get('a')?.status).toBe('present');
  });

  test('one that the server takes from nobody does not keep the others back', async () => {
    const server = playServer();
    const bad = 'b';
    const sender = openMarkSender({
      store: passingStore(),
      post: (marks) =>
        Promise.resolve(
          marks.some(({ membershipId }) => membershipId === bad)
            ? { kind: 'refused', code: 'not-found' }
            : server.answer(marks),
        ),
      alone: (work) => work(),
      tellTabs: () => {},
      newId: () => crypto.randomUUID(),
      onAnswered: () => {},
    });
    sender.start();
    sender.mark(['a', bad, 'c', 'd'].flatMap((one) => mark(one, word('absent'))));
    await passTime();
    expect([...server.records.keys()]).toEqual(['a', 'c', 'd']);
    expect(sender.state().marks.get(bad)?.trouble).toEqual({ kind: 'refused', code: 'not-found' });
  });

  test('stay when the sender is refused, and go when asked again', async () => {
    const server = playServer();
    let isSignedIn = false;
    const sender = openMarkSender({
      store: passingStore(),
      post: (marks) =>
        Promise.resolve(isSignedIn ? server.answer(marks) : { kind: 'refused', code: 'not-signed-in' }),
      alone: (work) => work(),
      tellTabs: () => {},
      newId: () => crypto.randomUUID(),
      onAnswered: () => {},
    });
    sender.start();
    sender.mark(mark('a', word('absent')));
    await passTime();
    expect(sender.state()).toMatchObject({ phase: { kind: 'refused', code: 'not-signed-in' } });
    expect(sender.state().marks.size).toBe(1);
    isSignedIn = true;
    sender.tryNow();
    await passTime();
    expect(sender.state().marks.size).toBe(0);
  });

  test('a browser that keeps nothing loses nothing in sight', async () => {
    const server = playServer();
    const broken = {
      isLasting: true,
      load: () => Promise.reject(new Error('blocked')),
      change: () => Promise.reject(new Error('blocked')),
    };
    const sender = open(server, { store: broken });
    sender.mark(mark('a', word('absent')));
    await passTime();
    expect(sender.state().isLasting).toBe(false);
    expect(server.records.get('a')?.status).toBe('absent');
  });
});

test('whatever becomes of the requests, in the end the last word of each member stands, without a conflict', async () => {
  const words = fc.constantFrom(word('present'), word('absent'), word('excused'));
  const press = fc.record({ member: fc.constantFrom('a', 'b', 'c'), change: words, waitMs: fc.nat(3_000) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(press, { minLength: 1, maxLength: 8 }),
      fc.array(fc.constantFrom<Fate>('arrives', 'lost', 'answer-lost'), { maxLength: 8 }),
      async (presses, fates) => {
        const server = playServer();
        const sender = open(server, { fates });
        for (const { member, change, waitMs } of presses) {
          const revision = server.records.get(member)?.revision ?? 0;
          sender.mark(mark(member, change, sender.state().marks.has(member) ? 0 : revision));
          await vi.advanceTimersByTimeAsync(waitMs);
        }
        // Eight requests that are lost one after the other are waited for longer than two minutes.
        await vi.advanceTimersByTimeAsync(300_000);
        expect(sender.state().marks.size).toBe(0);
        const last = new Map(presses.map(({ member, change }) => [member, change]));
        for (const [member, change] of last) {
          expect(stands(server.records.get(member) ?? null, change)).toBe(true);
        }
      },
    ),
    { numRuns: 50 },
  );
});
