import { beforeAll, describe, expect, test } from 'vitest';
import { titleOf } from '../support/phone.ts';
import type { Phone } from '../support/phone.ts';
import { isCheckedIn, isPatient, startBurst, ticketIdOf } from './burst.ts';
import type { Burst, Way } from './burst.ts';
import { readLedger } from './ledger.ts';
import { fillHall, startStand } from './stand.ts';
import type { Hall, Stand } from './stand.ts';

/** `npm run test:faults` sends full lecture halls, `npm test` a seminar. */
const isLong = process.env.FAULTS === 'long';
const students = isLong ? 800 : 90;
const atOnce = isLong ? 150 : 30;
const kills = isLong ? 3 : 1;
/** More than a process has connections. */
const silenced = isLong ? 200 : 40;
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
      for (const stream of streams) await stream.hears(hall.member(index).membershipId);
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

// Two processes, each with a trouble of its own.
describe.concurrent('one process', () => {
  test('that is killed in the middle of a burst has lost nothing that it confirmed; whoever heard nothing tries the same ticket again', async () => {
    const hall = await fillHall(stand, students);
    const burst = startBurst(phonesOf(hall, stand.a.url), (await hall.wall(stand.a.url)).code, atOnce);
    for (const moment of moments(kills)) {
      await burst.when(() => burst.confirmed().length >= moment);
      await stand.a.kill();
      const told = burst.confirmed();
      expect(told.length).toBeLessThan(students);
      await expectKept(hall, burst, told);
      await stand.a.start();
    }
    await expectAll(hall, burst);
    expect(burst.ways.filter(({ unanswered }) => unanswered > 0)).not.toEqual([]);
  });

  test('whose database falls silent keeps nobody before a white page: "try again" comes in time, with the ticket', async () => {
    const hall = await fillHall(stand, silenced);
    const wall = await hall.wall(stand.b.url);
    const phones = phonesOf(hall, stand.b.url);
    // Half of them have the question already.
    const [asked, unasked] = [phones.slice(0, silenced / 2), phones.slice(silenced / 2)];
    await Promise.all(asked.map((phone) => phone.scan(wall.code())));
    stand.line.silence();
    const began = Date.now();
    await Promise.all([
      ...asked.map((phone) => phone.confirm()),
      ...unasked.map((phone) => phone.scan(wall.code())),
    ]);
    expect(Date.now() - began).toBeLessThan(20_000);
    for (const phone of phones) expect(isPatient(phone), titleOf(phone.page)).toBe(true);
    const tickets = phones.map(({ page }) => ticketIdOf(page));
    stand.line.restore();
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
  await stand.a.kill();
  const told = burst.confirmed();
  expect(told.length).toBeLessThan(students);
  await expectKept(hall, burst, told);
  // Nobody starts it again before all are through.
  await expectAll(hall, burst);
  for (const { membershipId } of hall.members) await atB.hears(membershipId);
  await expect(atA.hears('nobody')).rejects.toThrow();
  // A browser comes back by itself, and the balancer leads it to whoever lives.
  const again = await watch(hall.watch());
  for (const { membershipId } of hall.members) expect(again.snapshot).toContain(membershipId);
  for (const stream of [atB, again]) stream.leave();
  await stand.a.start();
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
    const back = new Date();
    await stand.postgres.start();
    await expectKept(hall, burst, told);
    await startBurst([early, late], code, 2).done;
    const scan = [...(await readLedger(stand.db, hall.meetingId)).values()].find(
      ({ tickets }) => tickets[0] === ticketId,
    );
    expect(scan?.scannedAt.getTime()).toBeLessThan(back.getTime());
  }
  await expectAll(hall, burst);
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
    snapshot,
    hears: (membershipId: string) =>
      until(new RegExp(`event: record\n[^\n]*${membershipId}[^\n]*"status":"(present|late)"`)),
    leave: () => {
      leaving.abort();
    },
  };
}
