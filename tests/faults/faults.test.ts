import { inArray, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadRegister } from '#lib/attendance/load-register.ts';
import type { RegisterView } from '#lib/attendance/load-register.ts';
import { markRecords } from '#lib/attendance/mark-records.ts';
import { sealCourse } from '#lib/audit/seal-audit.ts';
import { newId } from '#lib/base/ids.ts';
import { devices, personConflicts } from '#lib/db/schema.ts';
import type { Notice, RecordView } from '#lib/live/notices.ts';
import { decideConflict } from '#lib/members/decide-conflict.ts';
import { loadSettings } from '#lib/settings/load-settings.ts';
import { updatePolicy } from '#lib/settings/update-policy.ts';
import { isWaiting, titleOf } from '../support/phone.ts';
import type { Phone } from '../support/phone.ts';
import { clockErrorMs, isCheckedIn, isPatient, startBurst, ticketIdOf } from './burst.ts';
import type { Burst, Way } from './burst.ts';
import { readLedger } from './ledger.ts';
import type { Entry } from './ledger.ts';
import { fillHall, startStand, wrongClockMs } from './stand.ts';
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
/** More than goes together in one statement. */
const together = isLong ? 150 : 60;

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

  test.each([10_000, -10_000, dayMs, -dayMs])(
    'one whose clock is set by %i ms on the way goes on with the time of the database',
    async (byMs) => {
      const hall = await fillHall(stand, 2);
      const { code } = await hall.wall(stand.b.url);
      const [before, after] = phonesOf(hall, stand.b.url) as [Phone, Phone];
      const scanned = [await scanTimed(before, code())];
      stand.b.setClock(wrongClockMs + byMs);
      scanned.push(await scanTimed(after, code()));
      for (const phone of [before, after]) {
        expect(isCheckedIn(await phone.confirm()), titleOf(phone.page)).toBe(true);
      }
      stand.b.setClock(wrongClockMs);
      const ledger = await readLedger(stand.db, hall.meetingId);
      for (const [index, time] of scanned.entries()) {
        const entry = ledger.get(hall.member(index).membershipId);
        expect(entry).toMatchObject(once);
        expectScannedWithin(entry, time);
      }
    },
  );

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
    await expectTickets(hall, phones, tickets, wall.code);
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

describe('nobody is told before it is kept', () => {
  test('when PostgreSQL crashes in between, all are told to try again', async () => {
    const hall = await fillHall(stand, together);
    const { code } = await hall.wall();
    const phones = phonesOf(hall);
    await Promise.all(phones.map((phone) => scanPatiently(phone, code)));
    const tickets = phones.map(({ page }) => ticketIdOf(page));
    const { answers, letGo } = await holdBack(hall, phones);
    await stand.postgres.crash();
    try {
      await expect(letGo()).rejects.toThrow();
      await answers;
      for (const phone of phones) expect(isPatient(phone), titleOf(phone.page)).toBe(true);
    } finally {
      await stand.postgres.start();
    }
    expect(await readLedger(stand.db, hall.meetingId)).toEqual(new Map());
    await expectTickets(hall, phones, tickets, code);
  });

  test('when the process is killed in between, nobody has heard anything', async () => {
    const hall = await fillHall(stand, together);
    const { code } = await hall.wall(stand.a.url);
    const phones = phonesOf(hall, stand.a.url);
    await Promise.all(phones.map((phone) => scanPatiently(phone, code)));
    const tickets = phones.map(({ page }) => ticketIdOf(page));
    const { answers, letGo } = await holdBack(hall, phones);
    await stand.a.kill();
    try {
      for (const { status } of await answers) expect(status).toBe('rejected');
      await letGo();
    } finally {
      await stand.a.start();
    }
    await expectTickets(hall, phones, tickets, code);
  });
});

test('phones that are forgotten while their check-ins wait keep no neighbour from theirs', async () => {
  const hall = await fillHall(stand, together);
  const { code } = await hall.wall(stand.a.url);
  const phones = phonesOf(hall, stand.a.url);
  await Promise.all(phones.map((phone) => scanPatiently(phone, code)));
  const { answers, letGo } = await holdBack(hall, phones);
  const isForgotten = (index: number) => index % 10 === 5;
  const forgotten = hall.members.filter((_, index) => isForgotten(index)).map(({ personId }) => personId);
  await stand.db.delete(devices).where(inArray(devices.personId, forgotten));
  await letGo();
  await answers;
  for (const [index, phone] of phones.entries()) {
    // Whoever is nobody's phone any more is asked to sign in, with the scan.
    expect(isCheckedIn(phone.page), titleOf(phone.page)).toBe(!isForgotten(index));
    expect(phone.page?.status).toBe(200);
  }
  const ledger = await readLedger(stand.db, hall.meetingId);
  expect(ledger.size).toBe(together - forgotten.length);
  for (const entry of ledger.values()) expect(entry).toMatchObject(once);
});

test('a line that breaks after the database has kept a check-in, and before it says so: the same again is entered once', async () => {
  const hall = await fillHall(stand, together);
  const { code } = await hall.wall(stand.b.url);
  const phones = phonesOf(hall, stand.b.url);
  await Promise.all(phones.map((phone) => scanPatiently(phone, code)));
  const tickets = phones.map(({ page }) => ticketIdOf(page));
  stand.line.loseAnswersTo('insert into "check_ins"');
  try {
    await Promise.all(phones.map((phone) => phone.confirm()));
  } finally {
    stand.line.restore();
  }
  expect(stand.line.lostAnswers).toBeGreaterThan(0);
  for (const phone of phones) expect(isPatient(phone), titleOf(phone.page)).toBe(true);
  // Nobody knows it yet, but they are all there.
  const ledger = await readLedger(stand.db, hall.meetingId);
  expect(ledger.size).toBe(together);
  await expectTickets(hall, phones, tickets, code);
  expect(await readLedger(stand.db, hall.meetingId)).toEqual(ledger);
});

// In short it is what tests/deploy and the graceful server's own test look at.
test.runIf(isLong)(
  'a process that is told to stop in the middle of a burst has kept whatever it confirmed',
  async () => {
    const hall = await fillHall(stand, students);
    const burst = startBurst(phonesOf(hall), (await hall.wall()).code, atOnce);
    await burst.when(() => burst.confirmed().length >= students / 3);
    try {
      await stand.a.stop();
      await expectKept(hall, burst, burst.confirmed());
      await expectAll(hall, burst);
    } finally {
      await stand.a.start();
    }
  },
);

test('a burst goes on while the teacher marks, the course counts otherwise, rows are merged and the log is sealed', async () => {
  const hall = await fillHall(stand, students);
  const { courseId, meetingId } = hall;
  const turns = 6;
  // Everybody's row came twice.
  const twins = await hall.course.addMembers(students);
  const conflicts = twins.map(({ personId }, index) => ({
    ...{ id: newId(), personId, otherPersonId: hall.member(index).personId, seenAt: new Date() },
  }));
  await stand.db.insert(personConflicts).values(conflicts);
  const burst = startBurst(phonesOf(hall), (await hall.wall()).code, atOnce);
  const marking = async (turn: number) => {
    const shown = await loadRegister(hall.teacher(), { courseId, meetingId });
    const seen = shown.rows.filter(({ record }) => record?.source === 'check-in').slice(0, 5);
    if (seen.length === 0) return;
    const marked = await markRecords(hall.teacher(), {
      ...{ courseId, meetingId },
      marks: seen.map(({ membershipId, record }) => ({
        ...{ membershipId, revision: record?.revision ?? 0 },
        change: turn % 2 === 0 ? { kind: 'word', status: 'absent' } : { kind: 'note', note: 'Seen.' },
      })),
    });
    for (const { kind } of marked) expect(['marked', 'conflict']).toContain(kind);
  };
  const counting = async (turn: number) => {
    const { policy, revision } = await loadSettings(hall.teacher(), courseId);
    const wish = { ...policy, graceMinutes: turn % 2 };
    const saved = await updatePolicy(hall.teacher(), { courseId, revision, policy: wish });
    expect(saved).toMatchObject({ kind: 'saved' });
  };
  const merging = async (turn: number) => {
    const conflictId = conflicts[turn]?.id ?? '';
    const decision = await decideConflict(hall.teacher(), { courseId, conflictId, decision: 'merged' });
    expect(decision).toEqual({ kind: 'merged' });
  };
  for (let turn = 0; turn < turns; turn += 1) {
    await burst.when(() => burst.confirmed().length >= (students * turn) / turns);
    await Promise.all([
      ...[marking(turn), counting(turn), merging(turn)],
      sealCourse(hall.teacher(), courseId),
    ]);
  }
  await burst.done;
  const ledger = await readLedger(stand.db, meetingId);
  expect(ledger.size).toBe(students);
  for (const way of burst.ways) {
    const entry = ledger.get(memberOf(hall, burst, way));
    expect(entry).toMatchObject({ records: 1, told: 1, flags: [], tickets: [way.ticketId] });
    if (way.scanned !== undefined) expectScannedWithin(entry, way.scanned);
  }
});

test('PostgreSQL is restarted and a process is killed in the same moment: phones wait or press again, and all are there once', async () => {
  const hall = await fillHall(stand, students);
  const burst = startBurst(phonesOf(hall), (await hall.wall()).code, atOnce);
  await burst.when(() => burst.confirmed().length >= students / 2);
  // In order this time: every connection is told.
  await Promise.all([stand.a.kill(), stand.postgres.stop()]);
  const told = burst.confirmed();
  await stand.postgres.start();
  await expectKept(hall, burst, told);
  await stand.a.start();
  await expectAll(hall, burst);
});

async function scanTimed(phone: Phone, code: string): Promise<{ from: Date; to: Date }> {
  const from = new Date();
  await phone.scan(code);
  return { from, to: new Date() };
}

/** Check-ins that have come to the database, and wait there for their meeting. */
async function holdBack(hall: Hall, phones: readonly Phone[]) {
  const [isHeld, mayGo] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const holding = stand.db.transaction(async (tx) => {
    await tx.execute(sql`select 1 from meetings where id = ${hall.meetingId} for update`);
    isHeld.resolve(undefined);
    await mayGo.promise;
  });
  await isHeld.promise;
  const answers = Promise.allSettled(phones.map((phone) => phone.confirm()));
  await expect.poll(waitingForLock, { timeout: 20_000 }).toBeGreaterThan(0);
  return {
    answers,
    letGo: () => {
      mayGo.resolve(undefined);
      return holding;
    },
  };
}

async function waitingForLock(): Promise<number> {
  const { rows } = await stand.db.execute(sql`select 1 from pg_stat_activity where wait_event_type = 'Lock'`);
  return rows.length;
}

/** Until the question is there: a machine that is very busy may ask for patience at any moment. */
async function scanPatiently(phone: Phone, code: () => string): Promise<void> {
  await phone.scan(code());
  while (isWaiting(phone.page)) await phone.follow();
}

/** All come through, each by the ticket of its scan, once. */
async function expectTickets(
  hall: Hall,
  phones: readonly Phone[],
  tickets: readonly (string | undefined)[],
  code: () => string,
): Promise<void> {
  await startBurst(phones, code, phones.length).done;
  const ledger = await readLedger(stand.db, hall.meetingId);
  expect(ledger.size).toBe(hall.members.length);
  hall.members.forEach(({ membershipId }, index) => {
    expect(ledger.get(membershipId)).toMatchObject({ ...once, tickets: [tickets[index]] });
  });
}

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
