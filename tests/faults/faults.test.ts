import { beforeAll, describe, expect, test } from 'vitest';
import type { RegisterView } from '#lib/attendance/load-register.ts';
import type { Notice, RecordView } from '#lib/live/notices.ts';
import { isWaiting, titleOf } from '../support/phone.ts';
import type { Phone } from '../support/phone.ts';
import { clockErrorMs, isCheckedIn, isPatient, startBurst, ticketIdOf } from './burst.ts';
import type { Burst, Way } from './burst.ts';
import { readLedger } from './ledger.ts';
import type { Entry } from './ledger.ts';
import { fillHall, startStand } from './stand.ts';
import type { Hall, Stand } from './stand.ts';

/** `npm run test:faults` sends full lecture halls, `npm test` a seminar. */
const isLong = process.env.FAULTS === 'long';
const students = isLong ? 800 : 90;
const atOnce = isLong ? 150 : 30;
const kills = isLong ? 3 : 1;
/** More than a process has connections. */
const silenced = isLong ? 200 : 40;
/** What one page may take whose database has fallen silent: a connection that does not come, then a statement's time. */
const promisedMs = 2_000 + 11_000;
const dayMs = 24 * 3_600_000;

let stand: Stand;

beforeAll(async () => {
  stand = await startStand();
  return stand.stop;
});

const phonesOf = (hall: Hall, by?: string) =>
  hall.members.map((_, index) => hall.phone(index, by === undefined ? {} : { url: by }));

/** The member whose phone went this way. */
const memberOf = (hall: Hall, burst: Burst, way: Way) => hall.member(burst.ways.indexOf(way)).membershipId;

/** Once and whole: evidence, record, presence and audit. */
const once = { records: 1, revision: 1, spans: 1, told: 1, flags: [] };

/** Every check-in that a phone was told of is there, once; asked at any moment. */
async function expectKept(hall: Hall, burst: Burst, told: readonly Way[]): Promise<void> {
  const ledger = await readLedger(stand.db, hall.meetingId);
  for (const way of told) {
    expect(ledger.get(memberOf(hall, burst, way))).toMatchObject({ ...once, tickets: [way.ticketId] });
  }
  // What nobody was told of is there whole, or not at all.
  for (const entry of ledger.values()) expect(entry).toMatchObject(once);
}

/** The time that counts is that of the scan, by whichever clock the process goes. */
function expectScannedWithin(entry: Entry | undefined, { from, to }: { from: Date; to: Date }): void {
  const at = entry?.scannedAt.getTime() ?? 0;
  expect(at).toBeGreaterThan(from.getTime() - clockErrorMs);
  expect(at).toBeLessThan(to.getTime() + clockErrorMs);
}

/** In the end everybody is there, by the scan that the phone was first answered, at the time of that scan. */
async function expectAll(hall: Hall, burst: Burst): Promise<void> {
  await burst.done;
  await expectKept(hall, burst, burst.ways);
  const ledger = await readLedger(stand.db, hall.meetingId);
  expect(ledger.size).toBe(hall.members.length);
  for (const way of burst.ways) {
    if (way.scanned === undefined) throw new Error('a phone has come through without a scan');
    expectScannedWithin(ledger.get(memberOf(hall, burst, way)), way.scanned);
  }
}

/** The moments at which something breaks, in the middle of what is under way. */
const moments = (count: number) =>
  Array.from({ length: count }, (_, index) => Math.floor(((index + 1) * students) / (count + 1)));

describe('two servers, one of which has a wrong clock', () => {
  test('a code of one fits at the other, and the scan of one is confirmed at the other', async () => {
    const hall = await fillHall(stand, 4);
    const walls = [await hall.wall(stand.a.url), await hall.wall(stand.b.url)];
    const ways = [
      { wall: walls[0], scan: stand.a.url, confirm: stand.b.url },
      { wall: walls[1], scan: stand.b.url, confirm: stand.a.url },
      { wall: walls[1], scan: stand.a.url, confirm: stand.b.url },
      { wall: walls[0], scan: stand.b.url, confirm: stand.a.url },
    ];
    for (const [index, { wall, scan, confirm }] of ways.entries()) {
      const phone = hall.phone(index);
      const from = new Date();
      await phone.scan(wall?.code() ?? '', scan);
      const to = new Date();
      expect(isCheckedIn(await phone.confirm(confirm)), titleOf(phone.page)).toBe(true);
      const entry = (await readLedger(stand.db, hall.meetingId)).get(hall.member(index).membershipId);
      expect(entry).toMatchObject(once);
      expectScannedWithin(entry, { from, to });
    }
  });

  test('the same ticket at both at once is entered once, and both say "checked in"', async () => {
    const hall = await fillHall(stand, isLong ? 200 : 20);
    const { code } = await hall.wall();
    await Promise.all(
      hall.members.map(async (_, index) => {
        const phone = hall.phone(index);
        await phone.scan(code());
        // A machine that is very busy may ask for patience at any moment.
        while (isWaiting(phone.page)) await phone.follow();
        const answers = await Promise.all([phone.confirm(stand.a.url), phone.confirm(stand.b.url)]);
        for (const page of answers) expect(isCheckedIn(page) || isWaiting(page), titleOf(page)).toBe(true);
        if (answers.some(isWaiting)) await startBurst([phone], code, 1).done;
      }),
    );
    const ledger = await readLedger(stand.db, hall.meetingId);
    expect(ledger.size).toBe(hall.members.length);
    for (const entry of ledger.values()) {
      expect(entry).toMatchObject(once);
      expect(entry.tickets).toHaveLength(1);
    }
  });

  test('who watches at one sees what is confirmed at the other', async () => {
    const hall = await fillHall(stand, 2);
    const { code } = await hall.wall();
    const streams = await Promise.all(
      [stand.a.url, stand.b.url, stand.publicUrl].map((by) => watch(hall.watch(by))),
    );
    for (const [index, by] of [stand.a.url, stand.b.url].entries()) {
      const phone = hall.phone(index);
      await phone.scan(code(), by);
      expect(isCheckedIn(await phone.confirm(by)), titleOf(phone.page)).toBe(true);
      for (const stream of streams) await stream.sees(hall.member(index).membershipId);
    }
    for (const stream of streams) stream.leave();
  });
});

describe('a phone whose clock is a day wrong', () => {
  test.each([
    ['ahead', dayMs],
    ['behind', -dayMs],
  ])('%s: nothing changes, and its cookies last as long as anybody’s', async (_where, clockOffsetMs) => {
    const hall = await fillHall(stand, 1);
    const phone = hall.phone(0, { clockOffsetMs });
    const { code } = await hall.wall();
    const from = new Date();
    const scanned = await phone.scan(code());
    const to = new Date();
    // An instant (Expires) would be over for this phone, or last a day longer.
    for (const cookie of scanned.headers['set-cookie'] ?? []) {
      expect(cookie).toMatch(/; Max-Age=\d+(;|$)/);
      expect(cookie).not.toMatch(/expires/i);
    }
    expect(phone.cookie('sk_scan')).toBeDefined();
    await phone.confirm();
    expect(isCheckedIn(phone.page), titleOf(phone.page)).toBe(true);
    const [entry] = (await readLedger(stand.db, hall.meetingId)).values();
    expect(entry).toMatchObject(once);
    expectScannedWithin(entry, { from, to });
  });
});

// Two processes, each with a trouble of its own.
describe.concurrent('one process', () => {
  test('that is killed in the middle of a burst has lost nothing that it confirmed; whoever heard nothing tries the same ticket again', async () => {
    const hall = await fillHall(stand, students);
    const burst = startBurst(phonesOf(hall, stand.a.url), (await hall.wall(stand.a.url)).code, atOnce);
    for (const moment of moments(kills)) {
      await burst.when(() => burst.confirmed().length >= moment);
      expect(burst.confirmed().length).toBeLessThan(students);
      await stand.a.kill();
      try {
        await expectKept(hall, burst, burst.confirmed());
      } finally {
        await stand.a.start();
      }
    }
    await expectAll(hall, burst);
    expect(burst.ways.filter(({ unanswered }) => unanswered > 0)).not.toEqual([]);
  });

  test('whose database falls silent keeps nobody before a white page: "try again" comes in time, with the ticket', async () => {
    const hall = await fillHall(stand, silenced);
    const wall = await hall.wall(stand.b.url);
    const phones = phonesOf(hall, stand.b.url);
    // Half of them have the question already; how long it took says how fast this machine is now.
    const [asked, unasked] = [phones.slice(0, silenced / 2), phones.slice(silenced / 2)];
    const usualMs = await timed(() => Promise.all(asked.map((phone) => phone.scan(wall.code()))));
    stand.line.silence();
    try {
      const tookMs = await timed(() =>
        Promise.all([
          ...asked.map((phone) => phone.confirm()),
          ...unasked.map((phone) => phone.scan(wall.code())),
        ]),
      );
      // Two statements one after the other would take longer.
      expect(tookMs).toBeLessThan(1.5 * promisedMs + 10 * usualMs);
      for (const phone of phones) expect(isPatient(phone), titleOf(phone.page)).toBe(true);
    } finally {
      stand.line.restore();
    }
    const tickets = phones.map(({ page }) => ticketIdOf(page));
    await startBurst(phones, wall.code, silenced).done;
    const ledger = await readLedger(stand.db, hall.meetingId);
    hall.members.forEach(({ membershipId }, index) => {
      expect(ledger.get(membershipId)).toMatchObject({ ...once, tickets: [tickets[index]] });
    });
  });
});

test('a balancer goes on with the other process when one is killed, for phones and for who watches', async () => {
  const hall = await fillHall(stand, students);
  const { code } = await hall.wall();
  const [atA, atB] = await Promise.all([watch(hall.watch(stand.a.url)), watch(hall.watch(stand.b.url))]);
  const burst = startBurst(phonesOf(hall), code, atOnce);
  await burst.when(() => burst.confirmed().length >= students / 3);
  // The other goes on while this one ends.
  expect(burst.confirmed().length).toBeLessThan(students);
  await stand.a.kill();
  try {
    await expectKept(hall, burst, burst.confirmed());
    // Nobody starts it again before all are through.
    await expectAll(hall, burst);
    for (const { membershipId } of hall.members) await atB.sees(membershipId);
    await expect(atA.sees('nobody')).rejects.toThrow();
    // A browser comes back by itself, and the balancer leads it to whoever lives.
    const again = await watch(hall.watch());
    for (const { membershipId } of hall.members) await again.sees(membershipId);
    for (const stream of [atB, again]) stream.leave();
  } finally {
    await stand.a.start();
  }
});

test('phones wait while PostgreSQL is restarted under load, and come through by themselves, with the time of their scan', async () => {
  const hall = await fillHall(stand, students + 2 * kills);
  const { code } = await hall.wall();
  const phones = phonesOf(hall);
  const [asked, unasked] = [phones.splice(students, kills), phones.splice(students)];
  for (const phone of asked) await phone.scan(code());
  const burst = startBurst(phones, code, atOnce);
  for (const [index, moment] of moments(kills).entries()) {
    const [early, late] = [asked[index], unasked[index]] as [Phone, Phone];
    await burst.when(() => burst.confirmed().length >= moment);
    await stand.postgres.crash();
    const told = burst.confirmed();
    // Away when somebody taps, and away at the moment of the scan itself.
    await Promise.all([early.confirm(), late.scan(code())]);
    for (const phone of [early, late]) expect(isPatient(phone), titleOf(phone.page)).toBe(true);
    await burst.when(() => burst.ways.some(({ waited }) => waited > 0));
    const ticketId = ticketIdOf(late.page);
    await stand.postgres.start();
    // Seconds after the scan, and before anything of it can be entered.
    const back = new Date();
    await expectKept(hall, burst, told);
    await startBurst([early, late], code, 2).done;
    const scan = [...(await readLedger(stand.db, hall.meetingId)).values()].find(
      ({ tickets }) => tickets[0] === ticketId,
    );
    expect(scan?.scannedAt.getTime()).toBeLessThan(back.getTime());
  }
  await expectAll(hall, burst);
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/**
 * A watcher, as the screens are: a snapshot says all, and comes again after a gap; a record comes on top of it. Rejects
 * when the stream ends before what is waited for has come.
 */
async function watch({ url, headers }: { url: string; headers: Record<string, string> }) {
  const leaving = new AbortController();
  const answer = await fetch(url, { headers, signal: leaving.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  const shown = new Map<string, RecordView | null>();
  let hasSnapshot = false;
  let unread = '';
  const take = (event: string) => {
    const [, kind, data = ''] = /^event: (\w+)\ndata: (.*)$/m.exec(event) ?? [];
    if (kind === 'snapshot') {
      hasSnapshot = true;
      shown.clear();
      for (const row of (JSON.parse(data) as RegisterView).rows) shown.set(row.membershipId, row.record);
    } else if (kind === 'record') {
      const { membershipId, record } = JSON.parse(data) as Extract<Notice, { kind: 'record' }>;
      shown.set(membershipId, record);
    }
  };
  const until = async (isSo: () => boolean) => {
    while (!isSo()) {
      const chunk = await reader?.read();
      if (chunk?.done !== false) throw new Error('the stream ended');
      const events = (unread + chunk.value).split('\n\n');
      unread = events.pop() ?? '';
      events.forEach(take);
    }
  };
  await until(() => hasSnapshot);
  return {
    sees: (membershipId: string) =>
      until(() => ['present', 'late'].includes(shown.get(membershipId)?.status ?? '')),
    leave: () => {
      leaving.abort();
    },
  };
}
