import { beforeAll, describe, expect, test } from 'vitest';
import { isWaiting, titleOf } from '../support/phone.ts';
import type { Phone } from '../support/phone.ts';
import { isCheckedIn, startBurst, ticketIdOf } from './burst.ts';
import type { Burst, Way } from './burst.ts';
import { readLedger } from './ledger.ts';
import { fillHall, startStand } from './stand.ts';
import type { Hall, Stand } from './stand.ts';

/** `npm run test:faults` sends full lecture halls, `npm test` a seminar. */
const isLong = process.env.FAULTS === 'long';
const students = isLong ? 800 : 90;
const atOnce = isLong ? 150 : 30;
const kills = isLong ? 3 : 1;
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

/** In the end everybody is there, by the scan that the phone was first answered, at the time of that scan. */
async function expectAll(hall: Hall, burst: Burst): Promise<void> {
  await burst.done;
  await expectKept(hall, burst, burst.ways);
  const ledger = await readLedger(stand.db, hall.meetingId);
  expect(ledger.size).toBe(hall.members.length);
  for (const way of burst.ways) {
    const at = ledger.get(memberOf(hall, burst, way))?.scannedAt.getTime() ?? 0;
    // PostgreSQL's clock is this machine's; a process measures it to some tens of milliseconds.
    expect(at).toBeGreaterThan((way.scanned?.from.getTime() ?? Infinity) - 500);
    expect(at).toBeLessThan((way.scanned?.to.getTime() ?? 0) + 500);
  }
}

const sum = (burst: Burst, of: 'waited' | 'unanswered') =>
  burst.ways.reduce((total, way) => total + way[of], 0);

/** The moments at which something breaks, in the middle of what is under way. */
const moments = (count: number) =>
  Array.from({ length: count }, (_, index) => Math.floor(((index + 1) * students) / (count + 1)));

describe('a server that is killed in the middle of a burst', () => {
  test('has lost nothing that it confirmed; whoever heard nothing tries the same ticket again', async () => {
    const hall = await fillHall(stand, students);
    const burst = startBurst(phonesOf(hall, stand.a.url), (await hall.wall()).code, atOnce);
    for (const moment of moments(kills)) {
      await burst.when(() => burst.confirmed().length >= moment);
      await stand.a.kill();
      const told = burst.confirmed();
      expect(told.length).toBeLessThan(students);
      await expectKept(hall, burst, told);
      await stand.a.start();
    }
    await expectAll(hall, burst);
    expect(sum(burst, 'unanswered')).toBeGreaterThan(0);
  });

  test('is replaced by the other at once, where a balancer stands before two', async () => {
    const hall = await fillHall(stand, students);
    const burst = startBurst(phonesOf(hall), (await hall.wall()).code, atOnce);
    await burst.when(() => burst.confirmed().length >= students / 3);
    await stand.a.kill();
    const told = burst.confirmed();
    expect(told.length).toBeLessThan(students);
    await expectKept(hall, burst, told);
    // Nobody has started it again yet.
    await expectAll(hall, burst);
    await stand.a.start();
  });
});

describe('PostgreSQL', () => {
  test('that is restarted under load keeps phones waiting, who come through by themselves', async () => {
    const hall = await fillHall(stand, students);
    const burst = startBurst(phonesOf(hall), (await hall.wall()).code, atOnce);
    for (const moment of moments(kills)) {
      await burst.when(() => burst.confirmed().length >= moment);
      await stand.postgres.crash();
      const told = burst.confirmed();
      const waitedBefore = sum(burst, 'waited');
      await burst.when(() => sum(burst, 'waited') > waitedBefore);
      await stand.postgres.start();
      await expectKept(hall, burst, told);
    }
    await expectAll(hall, burst);
  });

  test('that is away at the scan itself: the scan is kept, with its time, and judged later', async () => {
    const hall = await fillHall(stand, 6);
    const wall = await hall.wall();
    await stand.postgres.crash();
    const burst = startBurst(phonesOf(hall), wall.code, 6);
    await burst.when(() => burst.ways.every(({ waited }) => waited > 0));
    for (const { phone } of burst.ways) expectPatient(phone);
    await stand.postgres.start();
    const back = new Date();
    await expectAll(hall, burst);
    for (const { scannedAt } of (await readLedger(stand.db, hall.meetingId)).values()) {
      expect(scannedAt.getTime()).toBeLessThan(back.getTime());
    }
  });

  test('that falls silent keeps nobody before a white page: "try again" comes in time, with the ticket', async () => {
    const hall = await fillHall(stand, isLong ? 200 : 40);
    const wall = await hall.wall();
    const phones = phonesOf(hall, stand.b.url);
    // Half of them have the question already.
    const [asked, unasked] = [phones.slice(0, phones.length / 2), phones.slice(phones.length / 2)];
    await Promise.all(asked.map((phone) => phone.scan(wall.code())));
    stand.line.silence();
    const began = Date.now();
    await Promise.all([
      ...asked.map((phone) => phone.confirm()),
      ...unasked.map((phone) => phone.scan(wall.code())),
    ]);
    expect(Date.now() - began).toBeLessThan(15_000);
    for (const phone of phones) expectPatient(phone);
    const tickets = phones.map(({ page }) => ticketIdOf(page));
    stand.line.restore();
    const burst = startBurst(phones, wall.code, phones.length);
    await burst.done;
    const ledger = await readLedger(stand.db, hall.meetingId);
    hall.members.forEach(({ membershipId }, index) => {
      expect(ledger.get(membershipId)).toMatchObject({ ...once, tickets: [tickets[index]] });
    });
  });
});

/** The page that is shown says "try again" with 503, does so by itself, and holds the scan, as the browser does. */
function expectPatient(phone: Phone): void {
  expect(isWaiting(phone.page), titleOf(phone.page)).toBe(true);
  expect(phone.page?.headers['retry-after']).toMatch(/^\d+$/);
  expect(ticketIdOf(phone.page)).toBeDefined();
  expect(phone.cookie('sk_scan')).toBeDefined();
}

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
      const from = Date.now();
      await phone.scan(wall?.code() ?? '', scan);
      expect(isCheckedIn(await phone.confirm(confirm)), titleOf(phone.page)).toBe(true);
      const entry = (await readLedger(stand.db, hall.meetingId)).get(hall.member(index).membershipId);
      expect(entry).toMatchObject(once);
      expect(Math.abs((entry?.scannedAt.getTime() ?? 0) - from)).toBeLessThan(2_000);
    }
  });

  test('the same ticket at both at once is entered once, and both say "checked in"', async () => {
    const hall = await fillHall(stand, isLong ? 200 : 20);
    const { code } = await hall.wall();
    await Promise.all(
      hall.members.map(async (_, index) => {
        const phone = hall.phone(index);
        await phone.scan(code());
        const answers = await Promise.all([phone.confirm(stand.a.url), phone.confirm(stand.b.url)]);
        for (const page of answers) expect(isCheckedIn(page), titleOf(page)).toBe(true);
      }),
    );
    const ledger = await readLedger(stand.db, hall.meetingId);
    expect(ledger.size).toBe(hall.members.length);
    for (const entry of ledger.values()) {
      expect(entry).toMatchObject(once);
      expect(entry.tickets).toHaveLength(1);
    }
  });

  test('who watches at one sees what is confirmed at the other, at once, and again after it was killed', async () => {
    const hall = await fillHall(stand, 3);
    const { code } = await hall.wall();
    const checkIn = async (index: number, by: string) => {
      const phone = hall.phone(index);
      await phone.scan(code(), by);
      await phone.confirm(by);
      expect(isCheckedIn(phone.page), titleOf(phone.page)).toBe(true);
    };
    const [atA, atB, throughBalancer] = await Promise.all([
      watch(hall.watch(stand.a.url)),
      watch(hall.watch(stand.b.url)),
      watch(hall.watch()),
    ]);
    await checkIn(0, stand.a.url);
    await checkIn(1, stand.b.url);
    for (const stream of [atA, atB, throughBalancer]) {
      for (const index of [0, 1]) await stream.hears(hall.member(index).membershipId);
    }
    await stand.a.kill();
    await expect(atA.hears(hall.member(2).membershipId)).rejects.toThrow();
    await checkIn(2, stand.b.url);
    await atB.hears(hall.member(2).membershipId);
    // A browser comes back by itself, and the balancer leads it to whoever lives.
    const again = await watch(hall.watch());
    expect(again.snapshot()).toContain(hall.member(2).membershipId);
    for (const stream of [atB, throughBalancer, again]) stream.leave();
    await stand.a.start();
  });
});

describe('a phone whose clock is a day wrong', () => {
  test.each([
    ['ahead', dayMs],
    ['behind', -dayMs],
  ])('%s: nothing changes, and its cookies last as long as anybody’s', async (_where, clockOffsetMs) => {
    const hall = await fillHall(stand, 1);
    const phone = hall.phone(0, { clockOffsetMs });
    const scanned = await phone.scan((await hall.wall()).code());
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
    expect(Math.abs((entry?.scannedAt.getTime() ?? 0) - Date.now())).toBeLessThan(5_000);
  });
});

/** Reads an event stream until something has been heard, or rejects when it ends before. */
async function watch({ url, headers }: { url: string; headers: Record<string, string> }) {
  const leaving = new AbortController();
  const answer = await fetch(url, { headers, signal: leaving.signal });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = '';
  const until = async (text: RegExp) => {
    while (!text.test(heard)) {
      const chunk = await reader?.read();
      if (chunk?.done !== false) throw new Error('the stream ended');
      heard += chunk.value;
    }
  };
  await until(/event: snapshot\n.*\n\n/);
  const snapshot = heard;
  return {
    snapshot: () => snapshot,
    hears: (membershipId: string) =>
      until(new RegExp(`event: record\n[^\n]*${membershipId}[^\n]*"status":"(present|late)"`)),
    leave: () => {
      leaving.abort();
    },
  };
}
