import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { and, asc, eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eraseFromAudit } from '#lib/audit/erase-from-audit.ts';
import { insertAuditEvents } from '#lib/audit/queries.ts';
import { recordEvent } from '#lib/audit/record-event.ts';
import { commitmentOf, macOf } from '#lib/audit/rules.ts';
import type { SealedRow } from '#lib/audit/rules.ts';
import { sealAudit } from '#lib/audit/seal-audit.ts';
import { verifyAudit } from '#lib/audit/verify-audit.ts';
import { newId, randomToken, recordSubject } from '#lib/base/ids.ts';
import { seal, unseal } from '#lib/base/seal.ts';
import type { Ctx } from '#lib/context.ts';
import { auditEvents, auditKeys, auditSeals } from '#lib/db/schema.ts';
import { keepToolKey } from '#lib/platforms/keep-tool-key.ts';
import { renewKeys } from '#lib/seals/renew-keys.ts';
import { requireOpenSeals } from '#lib/seals/require-open-seals.ts';
import { resealSecrets } from '#lib/seals/reseal-secrets.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { testSecrets, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
let folder: string;
let headsFile: string;
let course: Awaited<ReturnType<typeof seedCourse>>;
let teacher: SeededMember;
let anna: SeededMember;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-'));
  headsFile = join(folder, 'heads', 'audit-heads.jsonl');
  await tool.ctx.db.delete(auditEvents);
  await tool.ctx.db.delete(auditSeals);
  await tool.ctx.db.delete(auditKeys);
  course = await seedCourse(tool.ctx.db);
  teacher = await course.addMember('Tea Cher', 'teacher');
  anna = await course.addMember('Anna Beispiel');
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes so many changes of Anna's membership, by the teacher, and seals them in batches of three. */
async function happen(count: number, subjectId = anna.membershipId): Promise<void> {
  const events = Array.from({ length: count }, (_, index) => ({
    courseId: course.courseId,
    action: 'membership.spans-changed',
    subjectId,
    before: { step: index, zone: 'Ä' },
    after: { step: index + 1, nested: { b: [1.5, null, 'x'], a: true } },
  }));
  await insertAuditEvents(tool.as(teacher.personId), events);
}
const sealNow = (ctx: Ctx = tool.ctx) => sealAudit(ctx, { headsFile, batch: 3 });
const verify = (given: { heads?: boolean; courseId?: string } = {}, ctx: Ctx = tool.ctx) =>
  verifyAudit(ctx, {
    courseId: given.courseId,
    headsFile: given.heads === false ? undefined : headsFile,
  });
const problems = async (given: { heads?: boolean } = {}) => (await verify(given)).problems;
const eventsInOrder = () =>
  tool.ctx.db
    .select()
    .from(auditEvents)
    .innerJoin(auditSeals, eq(auditSeals.id, auditEvents.sealId))
    .where(eq(auditEvents.courseId, course.courseId))
    .orderBy(asc(auditSeals.number), asc(auditEvents.sealPosition))
    .then((rows) => rows.map((row) => row.audit_events));
const heads = async () =>
  (await readFile(headsFile, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { courseId: string; number: number; mac: string; events: number });

/** What somebody does who can write to the database, and has the key where one is given. */
async function makeAnew(key: Buffer, keyId?: string): Promise<void> {
  const rows = await tool.ctx.db
    .select({
      event: auditEvents,
      at: sql<string>`to_char(${auditEvents.at} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
      seal: auditSeals,
    })
    .from(auditEvents)
    .innerJoin(auditSeals, eq(auditSeals.id, auditEvents.sealId))
    .where(eq(auditEvents.courseId, course.courseId))
    .orderBy(asc(auditSeals.number), asc(auditEvents.sealPosition));
  let previousMac = '';
  for (const number of new Set(rows.map((row) => row.seal.number))) {
    const covered = rows.filter((row) => row.seal.number === number);
    const commitments: string[] = [];
    for (const { event, at } of covered) {
      const salt = randomToken();
      const commitment = commitmentOf({ ...(event as Omit<SealedRow, 'at'>), at }, salt);
      commitments.push(commitment);
      await tool.ctx.db.update(auditEvents).set({ salt, commitment }).where(eq(auditEvents.id, event.id));
    }
    previousMac = macOf(key, { courseId: course.courseId, number, previousMac, commitments });
    await tool.ctx.db
      .update(auditSeals)
      .set({ mac: previousMac, eventCount: commitments.length, ...(keyId === undefined ? {} : { keyId }) })
      .where(and(eq(auditSeals.courseId, course.courseId), eq(auditSeals.number, number)));
  }
}

async function realKey(): Promise<Buffer> {
  const [row] = await tool.ctx.db.select().from(auditKeys);
  return Buffer.from(String(unseal(testSecrets, 'audit-key', row?.sealedKey ?? '')), 'base64url');
}

describe('sealing', () => {
  test('covers all that waits, in batches, and keeps a head for each outside of the database', async () => {
    await happen(7);
    expect(await sealNow()).toEqual({ seals: 3, events: 7 });
    expect(await heads()).toMatchObject([
      { courseId: course.courseId, number: 1, events: 3 },
      { courseId: course.courseId, number: 2, events: 3 },
      { courseId: course.courseId, number: 3, events: 1 },
    ]);
    expect(await verify()).toMatchObject({
      ...{ courses: 1, seals: 3, events: 7, erased: 0, unsealed: 0, problemCount: 0 },
      heads: { compared: 3 },
    });
  });

  test('with nothing to seal changes nothing', async () => {
    await happen(2);
    await sealNow();
    const before = await readFile(headsFile, 'utf8');
    expect(await sealNow()).toEqual({ seals: 0, events: 0 });
    expect(await readFile(headsFile, 'utf8')).toBe(before);
  });

  test('takes a late commit into the next seal', async () => {
    await happen(2);
    await sealNow();
    await insertAuditEvents({ ...tool.ctx, now: new Date('2026-11-01T00:00:00Z') }, [
      { courseId: course.courseId, action: 'meeting.created', subjectId: newId() },
    ]);
    expect((await verify()).unsealed).toBe(1);
    expect(await sealNow()).toEqual({ seals: 1, events: 1 });
    expect(await verify()).toMatchObject({ problems: [], seals: 2, unsealed: 0 });
  });

  test('by several processes at once makes one chain, with one key', async () => {
    await happen(20);
    const done = await Promise.all([1, 2, 3, 4].map(() => sealNow()));
    expect(done.reduce((sum, { events }) => sum + events, 0)).toBe(20);
    expect(await tool.ctx.db.select().from(auditKeys)).toHaveLength(1);
    expect(await verify()).toMatchObject({ problems: [], events: 20 });
  });

  test('each course has a chain of its own', async () => {
    await happen(4);
    const other = await seedCourse(tool.ctx.db);
    const event = { courseId: other.courseId, action: 'meeting.created', subjectId: newId() };
    await insertAuditEvents(tool.ctx, [event]);
    await sealNow();
    expect(await verify()).toMatchObject({ courses: 2, seals: 3, problems: [] });
    expect(await verify({ courseId: other.courseId })).toMatchObject({
      ...{ courses: 1, seals: 1, problems: [] },
      heads: { compared: 1 },
    });
  });

  test('a head that a crash kept from the file is written the next time, once', async () => {
    await happen(7);
    await sealNow();
    const [first = '', second = '', third = ''] = (await readFile(headsFile, 'utf8')).split('\n');
    await writeFile(headsFile, `${first}\n${third}\n`);
    await sealNow();
    expect((await readFile(headsFile, 'utf8')).trimEnd().split('\n')).toEqual([first, third, second]);
  });

  test('another server, with a file of its own, has all heads too', async () => {
    await happen(7);
    await sealNow();
    const otherFile = join(folder, 'other.jsonl');
    await sealAudit(tool.ctx, { headsFile: otherFile });
    expect(await readFile(otherFile, 'utf8')).toBe(await readFile(headsFile, 'utf8'));
  });

  test('says what it sealed in the log, which serves as heads as well', async () => {
    const lines: string[] = [];
    const log = {
      ...tool.ctx.log,
      info: (facts: object) => lines.push(JSON.stringify({ level: 30, ...facts })),
    };
    await happen(4);
    await sealNow({ ...tool.ctx, log });
    const logFile = join(folder, 'tool.log');
    await writeFile(logFile, `no JSON\n${lines.join('\n')}\n{"msg":"roster synced"}\n`);
    expect(await verifyAudit(tool.ctx, { headsFile: logFile })).toMatchObject({
      ...{ heads: { compared: 2 }, problems: [] },
    });
  });
});

describe('audit verify finds', () => {
  beforeEach(async () => {
    await happen(7);
    await sealNow();
  });
  const change = (id: string | undefined, set: Partial<typeof auditEvents.$inferInsert>) =>
    tool.ctx.db
      .update(auditEvents)
      .set(set)
      .where(eq(auditEvents.id, id ?? ''));

  test.each<[string, Partial<typeof auditEvents.$inferInsert>]>([
    ['what it was before', { before: { step: 4, zone: 'A' } }],
    ['what it is after', { after: null }],
    ['who did it', { actorPersonId: null }],
    ['when it was', { at: new Date('2026-11-28T07:58:00.001Z') }],
    ['what was done', { action: 'membership.ended' }],
    ['to whom', { subjectId: '01890000-0000-7000-8000-000000000000' }],
    ['its salt', { salt: 'AAAA' }],
    ['its commitment', { commitment: null }],
  ])('an edited row: %s', async (_what, set) => {
    const target = (await eventsInOrder())[4];
    await change(target?.id, set);
    expect(await problems({ heads: false })).toContainEqual({
      ...{ kind: 'event-changed', courseId: course.courseId, seal: 2, eventId: target?.id },
    });
  });

  test('a change of a microsecond', async () => {
    const target = (await eventsInOrder())[0];
    await tool.ctx.db.execute(
      sql`update audit_events set at = at + interval '1 microsecond' where id = ${target?.id ?? ''}`,
    );
    expect(await problems()).toMatchObject([{ kind: 'event-changed', eventId: target?.id }]);
  });

  test('an edited row whose commitment was made anew: the seal does not fit it', async () => {
    const target = (await eventsInOrder())[4];
    await change(target?.id, { action: 'membership.ended' });
    const macs = await tool.ctx.db.select().from(auditSeals);
    await makeAnew(randomBytes(32));
    for (const { id, mac } of macs) {
      await tool.ctx.db.update(auditSeals).set({ mac }).where(eq(auditSeals.id, id));
    }
    expect(await problems({ heads: false })).toContainEqual({
      ...{ kind: 'seal-broken', courseId: course.courseId, seal: 2 },
    });
  });

  test('a removed row, a row put in, and rows that changed places', async () => {
    const [one, two, three, four] = await eventsInOrder();
    await tool.ctx.db.delete(auditEvents).where(eq(auditEvents.id, one?.id ?? ''));
    expect(await problems()).toEqual([
      { kind: 'events-missing', courseId: course.courseId, seal: 1, count: 1 },
    ]);
    await tool.ctx.db
      .insert(auditEvents)
      .values(
        [one, { ...one, id: newId(), sealPosition: 9 }].map((row) => row as typeof auditEvents.$inferInsert),
      );
    expect(await problems()).toMatchObject([
      { kind: 'event-changed', seal: 1 },
      { kind: 'events-added', courseId: course.courseId, seal: 1, count: 1 },
    ]);
    await tool.ctx.db.delete(auditEvents).where(eq(auditEvents.sealPosition, 9));
    expect(await problems()).toEqual([]);
    await change(two?.id, { sealPosition: 9 });
    await change(three?.id, { sealPosition: 1 });
    await change(two?.id, { sealPosition: 2 });
    expect(await problems()).toEqual([{ kind: 'seal-broken', courseId: course.courseId, seal: 1 }]);
    await change(four?.id, { sealPosition: 9 });
    expect(await problems()).toHaveLength(2);
  });

  test('a seal taken out of the chain', async () => {
    const [second] = await tool.ctx.db.select().from(auditSeals).where(eq(auditSeals.number, 2));
    await tool.ctx.db.delete(auditEvents).where(eq(auditEvents.sealId, second?.id ?? ''));
    await tool.ctx.db.delete(auditSeals).where(eq(auditSeals.id, second?.id ?? ''));
    expect(await problems({ heads: false })).toEqual([
      { kind: 'seals-missing', courseId: course.courseId, seal: 2, count: 1 },
      { kind: 'seal-broken', courseId: course.courseId, seal: 3 },
    ]);
  });

  test('a chain made anew by somebody who has the database without the key', async () => {
    await change((await eventsInOrder())[4]?.id, { action: 'membership.ended' });
    await makeAnew(randomBytes(32));
    expect(await problems({ heads: false })).toEqual(
      [1, 2, 3].map((number) => ({ kind: 'seal-broken', courseId: course.courseId, seal: number })),
    );
  });

  test('a chain made anew with a key that was put in', async () => {
    await change((await eventsInOrder())[4]?.id, { action: 'membership.ended' });
    const own = randomBytes(32);
    const keyId = newId();
    const sealedKey = seal({ current: 'an0ther-secret' }, 'audit-key', own.toString('base64url'));
    await tool.ctx.db.insert(auditKeys).values({ id: keyId, sealedKey });
    await makeAnew(own, keyId);
    expect(await problems({ heads: false })).toEqual(
      [1, 2, 3].map((number) => ({ kind: 'key-lost', courseId: course.courseId, seal: number })),
    );
  });

  test('a chain made anew by somebody who even has the key: by the heads outside alone', async () => {
    await change((await eventsInOrder())[4]?.id, { action: 'membership.ended' });
    await makeAnew(await realKey());
    expect(await problems({ heads: false })).toEqual([]);
    expect(await problems()).toEqual(
      [1, 2, 3].map((number) => ({ kind: 'head-differs', courseId: course.courseId, seal: number })),
    );
  });

  test('a chain that was taken away and sealed again by the tool itself', async () => {
    await tool.ctx.db
      .update(auditEvents)
      .set({ salt: null, commitment: null, sealId: null, sealPosition: null, action: 'membership.ended' });
    await tool.ctx.db.delete(auditSeals);
    await sealAudit(tool.ctx, { headsFile: join(folder, 'other.jsonl') });
    expect(await problems({ heads: false })).toEqual([]);
    expect(await problems()).toMatchObject([
      { kind: 'head-differs', seal: 1 },
      { kind: 'tail-cut', seal: 2 },
      { kind: 'tail-cut', seal: 3 },
    ]);
  });

  test('a cut tail: by the heads outside alone', async () => {
    const [third] = await tool.ctx.db.select().from(auditSeals).where(eq(auditSeals.number, 3));
    await tool.ctx.db.delete(auditEvents).where(eq(auditEvents.sealId, third?.id ?? ''));
    await tool.ctx.db.delete(auditSeals).where(eq(auditSeals.id, third?.id ?? ''));
    expect(await problems({ heads: false })).toEqual([]);
    expect(await problems()).toEqual([{ kind: 'tail-cut', courseId: course.courseId, seal: 3 }]);
  });

  test('changes that wait for a seal too long, and those that wait for their minute not', async () => {
    await happen(2);
    const after = (minutes: number): Ctx => ({
      ...tool.ctx,
      now: new Date(tool.ctx.now.getTime() + minutes * 60_000),
    });
    expect(await verify({}, after(14))).toMatchObject({ unsealed: 2, problems: [] });
    expect(await verify({}, after(16))).toMatchObject({
      unsealed: 2,
      problems: [{ kind: 'unsealed', courseId: course.courseId, count: 2 }],
    });
  });

  test('no more problems than a person reads, and how many there are', async () => {
    await happen(150);
    await sealNow();
    await tool.ctx.db.update(auditEvents).set({ action: 'x' });
    const verdict = await verify();
    expect(verdict.problems).toHaveLength(100);
    expect(verdict.problemCount).toBe(157);
  });
});

describe('after a person’s data were erased', () => {
  let bert: SeededMember;
  const meetingId = newId();
  beforeEach(async () => {
    bert = await course.addMember('Bert Ärmel');
    const { courseId } = course;
    const record = {
      ...{ courseId, meetingId, membershipId: anna.membershipId },
      ...{ action: 'record.marked', before: { status: 'present' }, after: { status: 'late' } },
    };
    await insertAuditEvents(tool.as(anna.personId), [
      recordEvent({ ...record, action: 'record.checked-in', before: null }),
    ]);
    await insertAuditEvents(tool.as(teacher.personId), [
      recordEvent(record),
      recordEvent({ ...record, after: null }),
      recordEvent({ ...record, membershipId: bert.membershipId }),
    ]);
    await happen(2);
  });

  test('nothing tells of them, the rest stays, and all still verifies', async () => {
    await sealNow();
    expect(await eraseFromAudit(tool.ctx, anna.personId)).toEqual({ courses: 1, events: 5 });
    const told = (await tool.ctx.db.select().from(auditEvents)).filter(({ erasedAt }) => erasedAt === null);
    expect(JSON.stringify(told)).not.toMatch(new RegExp(`${anna.membershipId}|${anna.personId}`));
    expect(told.map(({ action }) => action).sort()).toEqual(['audit.erased', 'record.marked']);
    expect(await tool.ctx.db.$count(auditEvents, eq(auditEvents.actorPersonId, anna.personId))).toBe(0);
    expect(await verify()).toMatchObject({ problems: [], erased: 5, unsealed: 1 });
    await sealNow();
    expect(await verify()).toMatchObject({ problems: [], erased: 5, unsealed: 0 });
    expect(await eraseFromAudit(tool.ctx, anna.personId)).toEqual({ courses: 0, events: 0 });
  });

  test('what was not sealed yet is sealed first', async () => {
    expect(await eraseFromAudit(tool.ctx, anna.personId)).toEqual({ courses: 1, events: 5 });
    await sealNow();
    expect(await verify()).toMatchObject({ problems: [], erased: 5, events: 7 });
  });

  test('a teacher’s marks of others stay: they are the others’ evidence', async () => {
    await sealNow();
    expect(await eraseFromAudit(tool.ctx, teacher.personId)).toEqual({ courses: 0, events: 0 });
  });

  test('an edit cannot hide as an erasure, not even beside a true one', async () => {
    await sealNow();
    await eraseFromAudit(tool.ctx, anna.personId);
    await sealNow();
    const ofBert = eq(auditEvents.subjectId, recordSubject(meetingId, bert.membershipId));
    const [erased] = await tool.ctx.db
      .select()
      .from(auditEvents)
      .where(sql`erased_at is not null`)
      .limit(1);
    await tool.ctx.db
      .update(auditEvents)
      .set({ before: null, after: null, salt: null, erasedAt: erased?.erasedAt ?? null })
      .where(ofBert);
    expect(await problems()).toMatchObject([{ kind: 'erasure-unknown', erased: 6, told: 5 }]);
    await tool.ctx.db.update(auditEvents).set({ erasedAt: new Date() }).where(ofBert);
    expect(await problems()).toMatchObject([{ kind: 'erasure-unknown', erased: 1, told: 0 }]);
  });

  test('content that was put into an erased row is found', async () => {
    await sealNow();
    await eraseFromAudit(tool.ctx, anna.personId);
    await tool.ctx.db
      .update(auditEvents)
      .set({ after: { status: 'present' } })
      .where(eq(auditEvents.action, 'record.checked-in'));
    expect(await problems()).toMatchObject([{ kind: 'event-changed' }]);
  });
});

describe('a changed secret', () => {
  const changed = { current: 'an0ther-that-nobody-knows-Rw83kLq1ZtVb6Yx', previous: testSecrets.current };
  const alone: Ctx['secrets'] = { current: changed.current };
  const withSecrets = (secrets: Ctx['secrets']): Ctx => ({ ...tool.ctx, secrets });

  beforeEach(async () => {
    await keepToolKey(tool.ctx);
    await happen(4);
    await sealNow();
  });

  test('resealed, the same key goes on, and the whole chain verifies', async () => {
    expect(await resealSecrets(withSecrets(changed))).toMatchObject({ auditKeys: { changed: 1 } });
    await requireOpenSeals(withSecrets(alone));
    await happen(1);
    await sealNow(withSecrets(alone));
    expect(await tool.ctx.db.select().from(auditKeys)).toHaveLength(1);
    expect(await verify({}, withSecrets(alone))).toMatchObject({ problems: [], seals: 3 });
    await resealSecrets(withSecrets({ current: testSecrets.current, previous: changed.current }));
  });

  test('lost: nothing is sealed until keys are renewed; then it goes on, and what cannot be proven is told', async () => {
    await expect(requireOpenSeals(withSecrets(alone))).rejects.toMatchObject({ name: 'LostSecretError' });
    await happen(1);
    await expect(sealNow(withSecrets(alone))).rejects.toMatchObject({ name: 'LostSecretError' });
    expect(await renewKeys(withSecrets(alone))).toMatchObject({ auditKeyRenewed: true });
    expect(await renewKeys(withSecrets(alone))).toMatchObject({ auditKeyRenewed: false });
    await requireOpenSeals(withSecrets(alone));
    await sealNow(withSecrets(alone));
    const verdict = await verify({}, withSecrets(alone));
    expect(verdict.problems).toEqual(
      [1, 2].map((number) => ({ kind: 'key-lost', courseId: course.courseId, seal: number })),
    );
    expect(verdict.seals).toBe(3);
  });
});
