import { request } from 'node:http';
import { answerOrders } from './ordered-process.ts';

// Screens that watch a meeting, as a process of their own. See `startHelper`.

export interface WatchOrder {
  kind: 'watch';
  url: string;
  /** The path of the meeting below /api. */
  path: string;
  headers: Readonly<Record<string, string>>;
  /** So many of them show the codes too, and ask for them every 20 seconds. */
  projectors: number;
  registers: number;
}

export type WatchersOrder =
  | WatchOrder
  /** Waits until every screen shows so many members with a record, then ends all of them. */
  | { kind: 'end'; expected: number; withinMs: number };

/** How many screens show all that was expected. */
export interface WatchersAnswer {
  complete: number;
}

interface Screen {
  /** Those whose record has come: in a snapshot or by a notice. */
  seen: Set<string>;
  text: string;
  end(): void;
}

const pollMs = 20_000;
let screens: Screen[] = [];
let polls: NodeJS.Timeout[] = [];
let onRead = () => {};

answerOrders(async (order: WatchersOrder): Promise<WatchersAnswer> => {
  if (order.kind === 'watch') {
    const count = order.projectors + order.registers;
    screens = await Promise.all(Array.from({ length: count }, () => openScreen(order)));
    polls = Array.from({ length: order.projectors }, () => {
      askForCodes(order);
      return setInterval(() => {
        askForCodes(order);
      }, pollMs);
    });
    return { complete: 0 };
  }
  const complete = await completeWithin(order);
  for (const poll of polls) clearInterval(poll);
  for (const screen of screens) screen.end();
  return { complete };
});

function askForCodes(order: WatchOrder): void {
  const { path, headers } = order;
  // A line of its own each time: a kept one may be closed by the tool in the moment in which it is used.
  request({ agent: false, ...addressOf(order), path: `${path}/codes`, headers }, (answer) => {
    answer.resume();
  }).end();
}

function addressOf({ url }: WatchOrder) {
  const { hostname, port } = new URL(url);
  return { hostname, port };
}

/** Resolves when its first snapshot is there. */
function openScreen(order: WatchOrder): Promise<Screen> {
  return new Promise((done, failed) => {
    const asking = request(
      {
        agent: false,
        ...addressOf(order),
        path: `${order.path}/events`,
        headers: { ...order.headers, accept: 'text/event-stream' },
      },
      (answer) => {
        if (answer.statusCode !== 200) {
          failed(new Error(`a screen was answered ${String(answer.statusCode)}`));
          return;
        }
        const screen: Screen = { seen: new Set(), text: '', end: () => asking.destroy() };
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          screen.text += chunk;
          if (screen.text.includes('event: snapshot')) done(screen);
          onRead();
        });
        // Ended by `end`.
        answer.on('error', () => undefined);
      },
    );
    asking.on('error', failed);
    asking.end();
  });
}

async function completeWithin({
  expected,
  withinMs,
}: {
  expected: number;
  withinMs: number;
}): Promise<number> {
  const count = () => {
    for (const screen of screens) takeIn(screen);
    return screens.filter(({ seen }) => seen.size >= expected).length;
  };
  await new Promise<void>((done) => {
    const giveUp = setTimeout(done, withinMs);
    onRead = () => {
      if (count() < screens.length) return;
      clearTimeout(giveUp);
      onRead = () => {};
      done();
    };
    onRead();
  });
  onRead = () => {};
  return count();
}

/** Reads the events that have come whole. While the burst lasts they are only collected. */
function takeIn(screen: Screen): void {
  const end = screen.text.lastIndexOf('\n\n');
  if (end < 0) return;
  const events = screen.text.slice(0, end).split('\n\n');
  screen.text = screen.text.slice(end + 2);
  for (const event of events) {
    const [, kind, data] = /^event: (\w+)\ndata: (.*)$/m.exec(event) ?? [];
    if (kind !== 'snapshot' && kind !== 'record') continue;
    for (const { membershipId } of recordsIn(kind, JSON.parse(data ?? ''))) screen.seen.add(membershipId);
  }
}

interface Told {
  membershipId: string;
  record: unknown;
}

function recordsIn(kind: 'snapshot' | 'record', data: unknown): Told[] {
  const told = kind === 'record' ? [data as Told] : (data as { rows: Told[] }).rows;
  return told.filter(({ record }) => record !== null);
}
