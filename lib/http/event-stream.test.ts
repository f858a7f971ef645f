import { expect, test, vi } from 'vitest';
import { createLog } from '../base/log.ts';
import { endStreams } from '../base/shutdown.ts';
import type { Heard, Listener } from '../live/hub.ts';
import { eventStream } from './event-stream.ts';

function watch({ snapshot = { rows: [] as unknown[] }, leaving = new AbortController() } = {}) {
  let tell: Listener = () => undefined;
  let listeners = 0;
  const answer = eventStream(new Request('https://tool.example/', { signal: leaving.signal }), {
    subscribe: (listener) => {
      tell = listener;
      listeners += 1;
      return () => {
        listeners -= 1;
      };
    },
    loadSnapshot: () => Promise.resolve(snapshot),
    log: createLog('silent'),
  });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  let writes = 0;
  return {
    hear: (heard: Heard) => {
      tell(heard);
    },
    leave: () => {
      leaving.abort();
    },
    listeners: () => listeners,
    /** Reads to the end. @returns all that has come */
    toEnd: async () => {
      for (let read = await reader?.read(); read?.done === false; read = await reader?.read())
        text += read.value;
      return text;
    },
    /** Reads on until this has come. @returns all that has come, and in how many writes */
    until: async (wanted: string) => {
      while (!text.includes(wanted)) {
        const read = await reader?.read();
        if (read?.done !== false) throw new Error(`the stream ended before: ${wanted}`);
        text += read.value;
        writes += 1;
      }
      return { text, writes };
    },
  };
}

const record = (membershipId: string): Heard => ({
  ...{ kind: 'record', meetingId: 'm', membershipId, name: 'Muster, Kim', record: null },
});

test('a burst of notices comes in a few writes: all of it, in order', async () => {
  const stream = watch();
  const { writes: before } = await stream.until('event: snapshot\n');
  for (let one = 1; one <= 300; one += 1) stream.hear(record(`member-${String(one)}-`));
  const { text, writes } = await stream.until('member-300-');
  expect(writes - before).toBeLessThanOrEqual(3);
  const told = [...text.matchAll(/member-(\d+)-/g)].map(([, number]) => Number(number));
  expect(told).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
  expect(text.split('\n\n').filter((event) => event.startsWith('event: record\ndata: {'))).toHaveLength(300);
  stream.leave();
});

test('watchers of the same notice are told the same words', async () => {
  const streams = [watch(), watch()];
  await Promise.all(streams.map((stream) => stream.until('event: snapshot\n')));
  const heard = record('member-1-');
  for (const stream of streams) stream.hear(heard);
  const told = await Promise.all(streams.map((stream) => stream.until('member-1-')));
  expect(told[0]?.text).toBe(told[1]?.text);
  for (const stream of streams) stream.leave();
});

test('a quiet line says all the time that it lives, in words that a page hears', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const stream = watch();
    await stream.until('event: snapshot\n');
    vi.advanceTimersByTime(30_000);
    const { text } = await stream.until('event: beat\ndata: null\n\nevent: beat\ndata: null\n\n');
    expect(text.match(/event: beat/g)).toHaveLength(2);
    stream.leave();
  } finally {
    vi.useRealTimers();
  }
});

test('nobody listens for whoever has left: at once, later, or by reading nothing', async () => {
  const left = new AbortController();
  left.abort();
  expect(watch({ leaving: left }).listeners()).toBe(0);

  const leaves = watch();
  await leaves.until('event: snapshot\n');
  expect(leaves.listeners()).toBe(1);
  leaves.leave();
  expect(leaves.listeners()).toBe(0);

  const sleeps = watch({ snapshot: { rows: ['x'.repeat(1_000_000)] } });
  await vi.waitFor(
    () => {
      sleeps.hear({ kind: 'resync' });
      expect(sleeps.listeners()).toBe(0);
    },
    { timeout: 10_000, interval: 50 },
  );
});

test('watchers of a process that ends come back one after another', async () => {
  const streams = Array.from({ length: 40 }, () => watch());
  await Promise.all(streams.map((stream) => stream.until('event: snapshot\n')));
  const told = await Promise.all(
    streams.map(async (stream) => {
      stream.hear({ kind: 'closed' });
      const last = /retry: (\d+)\n\n$/.exec(await stream.toEnd());
      return Number(last?.[1]);
    }),
  );
  expect(Math.min(...told)).toBeGreaterThanOrEqual(1_000);
  expect(Math.max(...told)).toBeLessThan(2_500);
  expect(new Set(told).size).toBeGreaterThan(20);
});

test('whoever comes while the process ends is sent away at once, and told when to come back', async () => {
  await endStreams(() => undefined);
  expect(await watch().toEnd()).toMatch(/^retry: \d+\n\n$/);
});
