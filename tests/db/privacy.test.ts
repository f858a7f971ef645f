import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { requirePlace } from '#lib/access/require-place.ts';
import { loadHistory } from '#lib/audit/load-history.ts';
import { insertAuditEvents } from '#lib/audit/queries.ts';
import { recordEvent } from '#lib/audit/record-event.ts';
import { verifyAudit } from '#lib/audit/verify-audit.ts';
import { AppError } from '#lib/base/errors.ts';
import { newId } from '#lib/base/ids.ts';
import type { Ctx } from '#lib/context.ts';
import * as tables from '#lib/db/schema.ts';
import type { FileStore } from '#lib/files/file-store.ts';
import { keepMembers } from '#lib/members/keep-members.ts';
import { loadMembers } from '#lib/members/load-members.ts';
import { applyRetention } from '#lib/privacy/apply-retention.ts';
import { erasePerson } from '#lib/privacy/erase-person.ts';
import { exportMyData } from '#lib/privacy/export-my-data.ts';
import { exportPerson } from '#lib/privacy/export-person.ts';
import { findPeople } from '#lib/privacy/find-people.ts';
import { listRuns } from '#lib/privacy/list-runs.ts';
import { loadMyData } from '#lib/privacy/load-my-data.ts';
import { loadRetention } from '#lib/privacy/load-retention.ts';
import { rehearse } from '#lib/privacy/rehearse.ts';
import { updateRetention } from '#lib/privacy/update-retention.ts';
import { useClassroom } from '../support/classroom.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { saturday, useTestContext } from '../support/test-context.ts';
import { readZip } from '../support/read-zip.ts';

const tool = useTestContext();
const room = useClassroom(tool);
const dayMs = 86_400_000;
const daysLater = (days: number) => new Date(saturday.getTime() + days * dayMs);
const nameOf = (number: number) => `Erased person ${String(number)}`;
const db = () => tool.ctx.db;

/** Something personal of every kind for a member, marked so that it is found wherever it goes. */
async function fill({ personId, membershipId }: SeededMember, mark: string, usedDeviceId?: string) {
  const { courseId, meetingId } = room.place();
  const at = { createdAt: saturday };
  await db()
    .update(tables.people)
    .set({ email: `${mark}@school.example`, sisId: `sis-${mark}`, canvasUserId: `no-${mark}`, locale: 'de' })
    .where(eq(tables.people.id, personId));
  const { platformId } = room.course;
  const deviceId = newId();
  const device = { id: deviceId, personId, platformId, keyHash: `key-${mark}`, name: `phone-${mark}` };
  await db()
    .insert(tables.devices)
    .values({ ...device, expiresAt: daysLater(100) });
  await db()
    .insert(tables.calendarFeeds)
    .values({ personId, tokenHash: `feed-${mark}`, sealedToken: `sealed-${mark}` });
  await db()
    .insert(tables.personalCodes)
    .values({ personId, tokenHash: `code-${mark}`, sealedToken: `sealed-${mark}` });
  const recordId = newId();
  await db()
    .insert(tables.attendanceRecords)
    .values({
      ...{ id: recordId, meetingId, membershipId, status: 'late', provenMinutes: 200, source: 'check-in' },
      note: `note-${mark}`,
    });
  await db().insert(tables.recordSpans).values({ id: newId(), recordId, fromAt: saturday });
  const evidence: Omit<typeof tables.checkIns.$inferInsert, 'id' | 'outcome'> = {
    ...{ courseId, membershipId, via: 'scan', scannedAt: saturday, confirmedAt: saturday, codeAgeMs: 5000 },
    ...{
      deviceId: usedDeviceId ?? deviceId,
      scanBrowserHash: `scan-${mark}`,
      browserHash: `browser-${mark}`,
      networkHash: 'network',
    },
    ...{ distanceMeters: 40, isNetworkAllowed: true },
  };
  const checkIns = { looked: newId(), plain: newId(), stray: newId() };
  await db()
    .insert(tables.checkIns)
    .values([
      { ...evidence, id: checkIns.looked, meetingId, outcome: 'checked-in', flags: ['far-away'] },
      { ...evidence, id: checkIns.plain, meetingId, outcome: 'already', flags: ['outside-network'] },
      { ...evidence, id: checkIns.stray, outcome: 'wrong-code' },
    ]);
  await db()
    .insert(tables.checkInReviews)
    .values({
      ...{ checkInId: checkIns.looked, decision: 'set-aside', decidedAt: saturday },
      decidedBy: room.teacher.personId,
    });
  const decided = newId();
  const waiting = newId();
  const excuse = { courseId, membershipId, reason: 'illness', submittedAt: saturday } as const;
  await db()
    .insert(tables.excuses)
    .values([
      {
        ...{ ...excuse, id: decided, text: `text-${mark}`, state: 'accepted', decidedAt: saturday },
        ...{ decidedBy: room.teacher.personId, decisionNote: `decision-${mark}` },
      },
      { ...excuse, id: waiting, text: `waiting-${mark}`, state: 'submitted' },
    ]);
  const recordBefore: tables.RecordBefore = {
    ...{ status: 'absent', source: 'teacher', spans: [], replacesMeetingId: null },
    note: `before-${mark}`,
  };
  await db()
    .insert(tables.excuseMeetings)
    .values({ excuseId: decided, meetingId, decision: 'accepted', changedRecord: true, recordBefore });
  const file = { membershipId, mediaType: 'application/pdf', bytes: 9, ...at, storedAt: saturday } as const;
  const files = { decided: newId(), waiting: newId() };
  await db()
    .insert(tables.excuseFiles)
    .values([
      {
        ...{ ...file, id: files.decided, excuseId: decided, objectKey: `key-${mark}-1`, name: `${mark}.pdf` },
      },
      {
        ...{ ...file, id: files.waiting, excuseId: waiting, objectKey: `key-${mark}-2`, name: `${mark}.pdf` },
      },
    ]);
  await db()
    .insert(tables.messages)
    .values(
      [
        { id: newId(), kind: 'excuse-decided', personId, courseId, onceKey: `${mark}-1`, dueAt: saturday },
        { id: newId(), kind: 'rate-below', personId, courseId, onceKey: `${mark}-2`, dueAt: saturday },
      ].map((message) => ({
        ...message,
        ...at,
        sentAt: saturday,
      })) as (typeof tables.messages.$inferInsert)[],
    );
  await db().insert(tables.messageOptOuts).values({ personId, kind: 'marked-absent' });
  await insertAuditEvents(room.who(room.teacher), [
    recordEvent({
      ...{ courseId, meetingId, membershipId, action: 'record.marked' },
      before: null,
      after: { note: `note-${mark}` },
    }),
    { courseId, action: 'excuse.accepted', subjectId: decided, after: { membershipId, accepted: 1 } },
    {
      ...{ courseId, action: 'membership.merged', subjectId: membershipId },
      after: { personId, merged: { personId: room.teacher.personId } },
    },
  ]);
  return { checkIns, decided, waiting, files, recordId, deviceId };
}

/** A store in which each document says whose it is. */
const holding = (bodyOf: (key: string) => string | undefined | Error): Pick<FileStore, 'open'> => ({
  open: (key) => {
    const body = bodyOf(key);
    if (body instanceof Error) return Promise.reject(body);
    if (body === undefined) return Promise.resolve(undefined);
    const bytes = new TextEncoder().encode(body);
    return Promise.resolve({ body: new Blob([bytes]).stream(), bytes: bytes.length });
  },
});
const speaking = holding((key) => `of ${key}`);

async function exported(ctx: Ctx, member: SeededMember, store = speaking) {
  const zip = await readZip(await exportMyData(ctx, member.personId, store));
  return { zip, data: JSON.parse(zip.get('data.json') ?? '') as Record<string, unknown> };
}

/** The whole database as text, so that nothing is overlooked. */
async function everything(): Promise<string> {
  const found = await tool.database.pool.query<{ table_name: string }>(
    "select table_name from information_schema.tables where table_schema = 'public'",
  );
  const texts = [];
  for (const { table_name: table } of found.rows) {
    const rows = await tool.database.pool.query<{ row: string }>(`select t::text as row from "${table}" t`);
    texts.push(...rows.rows.map(({ row }) => `${table}: ${row}`));
  }
  return texts.join('\n');
}

let ben: SeededMember;
let annas: Awaited<ReturnType<typeof fill>>;
afterEach(async () => {
  await tool.database.pool.query('truncate platforms, retention_runs cascade');
});

beforeEach(async () => {
  ben = await room.course.addMember('Ben Anders');
  annas = await fill(room.anna, 'anna');
});

describe('one’s own data', () => {
  test('holds every kind that is kept, with the documents', async () => {
    const { zip, data } = await exported(room.who(room.anna), room.anna);
    expect(zip.get(`files/${annas.files.decided}.pdf`)).toBe('of key-anna-1');
    expect(data).toMatchObject({
      ...{ format: 'sk-attendance/person', version: 1 },
      person: { name: 'Anna Beispiel', email: 'anna@school.example', sisId: 'sis-anna' },
      phones: [{ name: 'phone-anna' }],
      calendarLinkSince: expect.any(String) as string,
      personalCodeSince: expect.any(String) as string,
      messages: [{ kind: 'excuse-decided' }, { kind: 'rate-below' }],
      unwantedMessages: [{ kind: 'marked-absent' }],
      documents: [
        { name: 'anna.pdf', path: `files/${annas.files.decided}.pdf` },
        { name: 'anna.pdf', path: `files/${annas.files.waiting}.pdf` },
      ],
      courses: [
        {
          ...{ id: room.course.courseId, title: 'Meisterkurs Elektrotechnik', role: 'student' },
          spans: [{ section: null, from: null, until: null }],
          records: [{ status: 'late', note: 'note-anna', presence: [{ until: null }] }],
          excuses: [
            { text: 'text-anna', decisionNote: 'decision-anna', meetings: [{ decision: 'accepted' }] },
            { text: 'waiting-anna', state: 'submitted' },
          ],
          history: [
            { action: 'record.marked', by: 'teacher', after: { note: 'note-anna' } },
            { action: 'excuse.accepted', by: 'teacher' },
            { action: 'membership.merged', after: { personId: room.anna.personId, merged: {} } },
          ],
        },
      ],
    });
    const [course] = data.courses as { checkIns: Record<string, unknown>[] }[];
    expect(course?.checkIns).toHaveLength(3);
    expect(course?.checkIns.find(({ id }) => id === annas.checkIns.looked)).toMatchObject({
      ...{
        decision: 'set-aside',
        codeAgeMs: 5000,
        distanceMeters: 40,
        phone: 'phone-anna',
        isOwnPhone: true,
      },
      ...{ flags: ['far-away'], scanBrowser: 1, browser: 2, network: 1 },
    });
  });

  test('names nobody else, by name, id, address or hash, and tells no secret', async () => {
    // Ben was in the same meeting and network, with Anna's phone.
    await fill(ben, 'ben', annas.deviceId);
    const { zip } = await exported(room.who(ben), ben);
    const text = [...zip.keys(), ...zip.values()].join('\n');
    const others = [room.anna, room.teacher];
    const ids = others.flatMap(({ personId, membershipId }) => [personId, membershipId]);
    for (const id of [...ids, ...Object.values(annas.checkIns), annas.decided])
      expect(text).not.toContain(id);
    expect(text).not.toMatch(/anna|Beispiel|Tea Cher/i);
    expect(text).toContain('"isOwnPhone": false');
    expect(text).not.toMatch(/sealed-|feed-|code-ben|key-ben(?!-\d)|browser-ben|scan-ben/);
    expect(text).toContain('text-ben');
  });

  test('comes along from rows that were merged, and from every course', async () => {
    const other = await room.course.addPerson('Anna Beispiel');
    await db()
      .update(tables.people)
      .set({ mergedInto: room.anna.personId, sisId: 'old-number' })
      .where(eq(tables.people.id, other));
    const { data } = await exported(room.who({ ...room.anna, personId: other }), room.anna);
    expect(data.person).toMatchObject({ id: room.anna.personId, otherEntries: [{ sisId: 'old-number' }] });
  });

  test('says which documents are not there, and why', async () => {
    await db()
      .update(tables.excuseFiles)
      .set({ discardedAt: saturday, name: null })
      .where(eq(tables.excuseFiles.id, annas.files.waiting));
    const away = holding(() => new AppError('files-unavailable'));
    const { zip, data } = await exported(room.who(room.anna), room.anna, away);
    expect([...zip.keys()]).toEqual(['data.json']);
    expect(data.documents).toMatchObject([{ missing: 'unavailable' }, { missing: 'deleted' }]);
  });

  test('breaks off where a document does, instead of looking whole', async () => {
    const breaking: Pick<FileStore, 'open'> = {
      open: () => {
        const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
          start(controller) {
            controller.enqueue(new Uint8Array(5));
          },
          pull(controller) {
            controller.error(new AppError('files-unavailable'));
          },
        });
        return Promise.resolve({ body, bytes: 9 });
      },
    };
    const stream = await exportPerson(tool.ctx, room.anna.personId, breaking);
    await expect(new Response(stream).arrayBuffer()).rejects.toThrow();
  });

  test('a download that is given up lets go of its document', async () => {
    let isLetGo = false;
    const endless: Pick<FileStore, 'open'> = {
      open: () => {
        const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
          pull: (controller) => {
            controller.enqueue(new Uint8Array(65_536));
          },
          cancel: () => {
            isLetGo = true;
          },
        });
        return Promise.resolve({ body, bytes: 1 << 30 });
      },
    };
    const reader = (await exportPerson(tool.ctx, room.anna.personId, endless)).getReader();
    for (let reads = 0; reads < 4; reads += 1) await reader.read();
    await reader.cancel();
    await expect.poll(() => isLetGo).toBe(true);
  });

  test('is nobody else’s', async () => {
    const asked = (ctx: Ctx, personId: string) => exportMyData(ctx, personId, speaking);
    await expect(asked(tool.ctx, room.anna.personId)).rejects.toMatchObject({ code: 'not-signed-in' });
    await expect(asked(room.who(ben), room.anna.personId)).rejects.toMatchObject({ code: 'other-person' });
    await expect(asked(room.who(room.teacher), room.anna.personId)).rejects.toMatchObject({
      code: 'other-person',
    });
    await expect(loadMyData(room.who(undefined), room.course.courseId)).rejects.toMatchObject({
      code: 'not-signed-in',
    });
    await expect(loadRetention(room.who(room.anna), room.course.courseId)).rejects.toMatchObject({
      code: 'no-access',
    });
  });

  test('is counted on the page', async () => {
    expect(await loadMyData(room.who(room.anna), room.course.courseId)).toMatchObject({
      personId: room.anna.personId,
      role: 'student',
      kept: {
        ...{ courses: 1, records: 1, checkIns: 3, evidence: 3, excuses: 2, documents: 2, phones: 1 },
        ...{ messages: 2, hasCalendarLink: true, hasPersonalCode: true },
      },
      retention: { excuseDocumentDays: 30 },
    });
  });
});

test('a teacher who attends a course themselves is told that there is more', async () => {
  const { courseId } = room.course;
  const told = async () => (await loadMyData(room.who(room.teacher), courseId)).attendsElsewhere;
  expect(await told()).toBe(false);
  const { platformId } = room.course;
  const other = await seedCourse(db(), { platformId });
  const { membershipId } = await other.addMember(room.teacher);
  await db()
    .insert(tables.attendanceRecords)
    .values({
      ...{ id: newId(), meetingId: await other.addMeeting(), membershipId, status: 'present' },
      ...{ provenMinutes: 210, source: 'teacher' },
    });
  expect(await told()).toBe(true);
  const { data } = await exported(room.who(room.teacher), room.teacher);
  expect(data.courses).toMatchObject([
    { role: 'teacher' },
    { role: 'student', records: [{ status: 'present' }] },
  ]);
});

describe('erasing a person', () => {
  const erase = (ctx: Ctx = tool.ctx, { personId } = room.anna) => erasePerson(ctx, { personId, nameOf });

  test('leaves nothing of them but records that belong to a number', async () => {
    await fill(ben, 'ben');
    const sub = await subOf(room.anna);
    expect(await erase()).toEqual({
      ...{ kind: 'erased', personId: room.anna.personId, entries: 1, phones: 1, links: 2, messages: 2 },
      ...{ places: 1, checkIns: 3, notes: 1, excuses: 2, documents: 2, events: 5 },
    });
    const text = await everything();
    expect(text).not.toMatch(/Anna|Beispiel|(text|note|decision|waiting|before|phone|browser|scan)-anna/);
    expect(text).not.toMatch(/anna@|sis-anna|no-anna|key-anna\b(?!-)|anna\.pdf/);
    expect(text).not.toContain(sub);
    expect(text).toContain('text-ben');
    const [record] = await db()
      .select()
      .from(tables.attendanceRecords)
      .where(eq(tables.attendanceRecords.membershipId, room.anna.membershipId));
    expect(record).toMatchObject({ status: 'late', provenMinutes: 200, note: null, revision: 2 });
    const states = await db()
      .select({ state: tables.excuses.state })
      .from(tables.excuses)
      .where(eq(tables.excuses.membershipId, room.anna.membershipId));
    expect(states.map(({ state }) => state).toSorted()).toEqual(['accepted', 'withdrawn']);
    expect(await flagsOf(annas.checkIns.looked)).toEqual(['far-away']);
    expect(await flagsOf(annas.checkIns.plain)).toEqual([]);
  });

  test('a second time finds nothing to do, and they keep their number', async () => {
    await erase();
    // What the log tells of the erasure is sealed meanwhile, as everything is.
    const ofPeople = async () =>
      (await everything())
        .split('\n')
        .filter((line) => !line.startsWith('audit_'))
        .toSorted();
    const before = await ofPeople();
    expect(await erase()).toMatchObject({
      ...{ entries: 0, phones: 0, links: 0, messages: 0, checkIns: 0, notes: 0, excuses: 0, documents: 0 },
      events: 0,
    });
    expect(await ofPeople()).toEqual(before);
  });

  test('a rehearsal tells the same, and changes nothing', async () => {
    const before = await everything();
    const rehearsed = await rehearse(tool.ctx, (ctx) => erase(ctx));
    expect(await everything()).toBe(before);
    expect(await erase()).toEqual(rehearsed);
  });

  test('lists call them by a number, and the log of the course holds', async () => {
    await erase();
    const view = await loadMembers(room.who(room.teacher), room.course.courseId);
    expect(JSON.stringify(view)).toMatch(/Erased person \d{6}/);
    expect(JSON.stringify(view)).not.toContain('Anna');
    const history = await loadHistory(room.who(room.teacher), {
      courseId: room.course.courseId,
      of: { kind: 'course' },
    });
    expect(JSON.stringify(history)).not.toMatch(/Anna|note-anna/);
    const verdict = await verifyAudit(tool.ctx, { courseId: room.course.courseId, headsFile: undefined });
    expect(verdict.problems).toEqual([]);
  });

  test('whoever was signed in as them is nobody', async () => {
    await erase();
    await expect(requirePlace(room.who(room.anna), room.course.courseId)).rejects.toMatchObject({
      code: 'no-access',
    });
    await expect(exportMyData(room.who(room.anna), room.anna.personId, speaking)).rejects.toMatchObject({
      code: 'not-signed-in',
    });
  });

  test('the same human is somebody new when the platform names them again', async () => {
    const sub = await subOf(room.anna);
    await erase();
    const [kept] = await keepMembers(tool.ctx, {
      ...{ platformId: room.course.platformId, courseId: room.course.courseId, launched: false },
      spanStarts: { newMember: null, knownMember: null },
      members: [
        {
          ...{
            sub,
            name: 'Anna Beispiel',
            givenName: 'Anna',
            familyName: 'Beispiel',
            canvasUserId: 'no-anna',
          },
          ...{ email: undefined, locale: undefined, sisId: undefined, role: 'student', isTestUser: false },
          sections: undefined,
        },
      ],
    });
    expect(kept?.personId).not.toBe(room.anna.personId);
    expect(kept?.isNew).toBe(true);
  });

  test('whom they had been merged with goes along, by whichever row they are named', async () => {
    const other = await room.course.addPerson('Anna Vorher');
    await db()
      .update(tables.people)
      .set({ mergedInto: room.anna.personId })
      .where(eq(tables.people.id, other));
    expect(await erase(tool.ctx, { personId: other, membershipId: '' })).toMatchObject({ entries: 2 });
    expect(await everything()).not.toMatch(/Vorher|Anna/);
  });

  test('a teacher’s acts stay what they were to others', async () => {
    await erase(tool.ctx, room.teacher);
    const { data } = await exported(room.who(room.anna), room.anna);
    const [course] = data.courses as { history: { action: string }[] }[];
    expect(course?.history.map(({ action }) => action)).toContain('record.marked');
    expect(await everything()).not.toMatch(/Tea Cher/);
  });

  test('an unknown id is told so', async () => {
    expect(await erase(tool.ctx, { personId: newId(), membershipId: '' })).toEqual({ kind: 'unknown' });
    expect(await erase(tool.ctx, { personId: 'anna', membershipId: '' })).toEqual({ kind: 'unknown' });
  });

  test('people are found by a part of their name or address, until they are erased', async () => {
    const find = (name?: string, email?: string) => findPeople(tool.ctx, { name, email });
    const ids = async (found: ReturnType<typeof find>) => (await found).map(({ id }) => id);
    expect(await ids(find('beispiel'))).toContain(room.anna.personId);
    expect(await ids(find(undefined, 'anna@school'))).toContain(room.anna.personId);
    expect(await ids(find('%'))).toEqual([]);
    await erase();
    expect(await ids(find('beispiel'))).not.toContain(room.anna.personId);
  });
});

describe('what has been kept long enough', () => {
  const apply = (days: number) =>
    applyRetention(tool.at(daysLater(days)), { nameOf, endedAt: () => daysLater(days), batch: 2 });
  const none = { excuseDocuments: 0, excuseTexts: 0, evidence: 0, messages: 0, phones: 0, people: 0 };
  const deploymentId = async () => {
    const [row] = await db()
      .select({ id: tables.courses.deploymentId })
      .from(tables.courses)
      .where(eq(tables.courses.id, room.course.courseId));
    return row?.id ?? '';
  };
  const keepFor = async (set: Record<string, unknown>) =>
    updateRetention(tool.ctx, await deploymentId(), { set, reset: [] });
  beforeEach(async () => {
    await db().update(tables.people).set({ createdAt: saturday, updatedAt: saturday });
  });

  test('goes kind by kind as the clock moves on, and once', async () => {
    expect(await apply(29)).toEqual(none);
    expect(await apply(31)).toEqual({ ...none, excuseDocuments: 1 });
    expect(await discarded()).toEqual([true, false]);
    expect(await apply(31)).toEqual(none);
    expect(await apply(91)).toEqual({ ...none, messages: 1 });
    expect(await apply(101)).toEqual({ ...none, phones: 1 });
    expect(await apply(179)).toEqual(none);
    expect(await apply(182)).toEqual({ ...none, evidence: 3 });
    expect(await apply(182)).toEqual(none);
    expect(await apply(366)).toEqual({ ...none, excuseDocuments: 1, excuseTexts: 2 });
    expect(await discarded()).toEqual([true, true]);
    expect(await apply(366)).toEqual(none);
    const text = await everything();
    expect(text).not.toMatch(/(text|decision|waiting|phone|browser|scan)-anna|anna\.pdf/);
    expect(text).toMatch(/note-anna/);
    const [excuse] = await db().select().from(tables.excuses).where(eq(tables.excuses.id, annas.decided));
    expect(excuse).toMatchObject({ state: 'accepted', reason: 'illness', text: null, decisionNote: null });
    const checkIns = await db().select().from(tables.checkIns);
    expect(checkIns.map(({ outcome }) => outcome).toSorted()).toEqual([
      'already',
      'checked-in',
      'wrong-code',
    ]);
    expect(checkIns.every(({ scannedAt }) => scannedAt.getTime() === saturday.getTime())).toBe(true);
  });

  test('an institution’s own times hold for its courses alone', async () => {
    await keepFor({ evidenceDays: 10, excuseDocumentDays: 60 });
    expect(await apply(12)).toEqual({ ...none, evidence: 3 });
    expect(await apply(59)).toEqual(none);
    expect(await apply(61)).toEqual({ ...none, excuseDocuments: 1 });
  });

  test('the one mail on a low rate stays known, or it would be sent again', async () => {
    await apply(91);
    const left = await db().select({ kind: tables.messages.kind }).from(tables.messages);
    expect(left).toEqual([{ kind: 'rate-below' }]);
  });

  test('the evidence of a meeting that was moved behind its erasure is erased again', async () => {
    await apply(182);
    await db()
      .update(tables.meetings)
      .set({ startsAt: daysLater(183), endsAt: daysLater(183.1) })
      .where(eq(tables.meetings.id, room.meetingId));
    await db()
      .update(tables.checkIns)
      .set({ browserHash: 'again' })
      .where(eq(tables.checkIns.id, annas.checkIns.plain));
    expect(await apply(183 + 182)).toMatchObject({ evidence: 1 });
  });

  test('people are erased whom nobody has named for so long', async () => {
    await keepFor({ personDays: 100 });
    await db()
      .update(tables.membershipSpans)
      .set({ endsAt: daysLater(20) })
      .where(eq(tables.membershipSpans.membershipId, room.anna.membershipId));
    // The teacher and Ben have no end, but their course has held nothing since.
    expect(await apply(102)).toMatchObject({ people: 2 });
    expect(await apply(119)).toMatchObject({ people: 0 });
    expect(await apply(121)).toMatchObject({ people: 1 });
    expect(await apply(121)).toMatchObject({ people: 0 });
    expect(await everything()).not.toMatch(/Anna|Beispiel/);
  });

  test.each<[string, () => Promise<unknown>]>([
    [
      'a list that names them',
      () =>
        db()
          .update(tables.people)
          .set({ updatedAt: daysLater(50) }),
    ],
    [
      'a meeting to come in a course that they are in',
      () => room.course.addMeeting({ startsAt: daysLater(50), endsAt: daysLater(50.1) }),
    ],
    [
      'a term that goes on',
      () =>
        db()
          .update(tables.courses)
          .set({ termEndsAt: daysLater(50) }),
    ],
    ['their institution’s longer time', () => keepFor({ personDays: 500 })],
  ])('%s keeps people', async (_what, happens) => {
    await keepFor({ personDays: 100 });
    await happens();
    expect(await apply(102)).toMatchObject({ people: 0 });
  });

  test('each run is kept with its counts', async () => {
    await apply(31);
    expect(await listRuns(tool.ctx)).toMatchObject([
      { startedAt: daysLater(31), endedAt: daysLater(31), erased: { ...none, excuseDocuments: 1 } },
    ]);
  });

  test('a rehearsal counts, and changes nothing', async () => {
    await keepFor({ personDays: 100 });
    const before = await everything();
    const rehearsed = await rehearse(tool.at(daysLater(400)), (ctx) =>
      applyRetention(ctx, { nameOf, endedAt: () => daysLater(400) }),
    );
    expect(rehearsed).toEqual({
      ...{ excuseDocuments: 2, excuseTexts: 2, evidence: 3, messages: 1, phones: 1, people: 3 },
    });
    expect(await everything()).toBe(before);
  });

  test('two at once erase each thing once', async () => {
    const counts = await Promise.all([apply(200), apply(200)]);
    expect(counts[0].evidence + counts[1].evidence).toBe(3);
    expect(counts[0].excuseDocuments + counts[1].excuseDocuments).toBe(1);
  });

  test('times that are none are refused, and those that are ours again are not kept', async () => {
    const update = async (set: Record<string, unknown>, reset: 'evidenceDays'[] = []) =>
      updateRetention(tool.ctx, await deploymentId(), { set, reset });
    expect(await update({ evidenceDays: 0, messageDays: 29, personDays: 1.5 })).toEqual({
      kind: 'invalid',
      fields: ['evidenceDays', 'messageDays', 'personDays'],
    });
    expect(await update({ evidenceDays: 7 })).toMatchObject({ kind: 'kept', changed: ['evidenceDays'] });
    expect(await loadRetention(room.who(room.teacher), room.course.courseId)).toMatchObject({
      evidenceDays: 7,
    });
    expect(await update({}, ['evidenceDays'])).toMatchObject({ changed: ['evidenceDays'] });
    const [row] = await db()
      .select({ retention: tables.deployments.retention })
      .from(tables.deployments)
      .where(eq(tables.deployments.id, await deploymentId()));
    expect(row?.retention).toEqual({});
  });

  test('it looks at what is due, and not at what is kept', async () => {
    await tool.database.pool.query(
      `
      insert into meetings (id, course_id, local_start, local_end, time_zone, starts_at, ends_at)
        select gen_random_uuid(), $1, '2027-01-01T09:00', '2027-01-01T10:00', 'Europe/Berlin',
          $2::timestamptz + n * interval '1 minute', $2::timestamptz + (n + 1) * interval '1 minute'
        from generate_series(1, 3000) n`,
      [room.course.courseId, daysLater(20)],
    );
    const { courseId, meetingId } = room.place();
    const { membershipId, personId } = room.anna;
    await tool.database.pool.query(
      `insert into check_ins (id, course_id, meeting_id, membership_id, outcome, via, scanned_at, confirmed_at,
          browser_hash)
        select gen_random_uuid(), $1, m.id, $2, 'already', 'scan', $3, $3, 'b' from meetings m
        where m.course_id = $1 and m.id <> $4`,
      [courseId, membershipId, daysLater(20), meetingId],
    );
    await tool.database.pool.query(
      `insert into excuses (id, course_id, membership_id, reason, text, state, submitted_at, decided_at)
        select gen_random_uuid(), $1, $2, 'other', 't', 'declined', $3, $3 from generate_series(1, 3000)`,
      [courseId, membershipId, daysLater(20)],
    );
    await tool.database.pool.query(
      `insert into messages (id, kind, person_id, course_id, once_key, due_at, created_at, sent_at)
        select gen_random_uuid(), 'excuse-decided', $1, $2, 'k' || n, $3, $3, $3 from generate_series(1, 3000) n`,
      [personId, courseId, daysLater(150)],
    );
    await tool.database.pool.query(
      `insert into devices (id, key_hash, platform_id, person_id, expires_at)
        select gen_random_uuid(), 'k' || n, $1, $2, $3 from generate_series(1, 3000) n`,
      [room.course.platformId, personId, daysLater(500)],
    );
    await room.course.addMembers(3000);
    await db().update(tables.people).set({ createdAt: saturday });
    await tool.database.pool.query('analyze');
    // The connection may still have counts of what it read before.
    const readSoFar = async (ctx: Ctx) => {
      const answer = await ctx.db.execute<{ relname: string; rows: number }>(`
        select relname, (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows from pg_stat_xact_user_tables
        where relname in ('check_ins', 'excuses', 'messages', 'devices', 'people', 'meetings')`);
      return new Map(answer.rows.map(({ relname, rows }) => [relname, rows]));
    };
    const read = await rehearse(tool.at(daysLater(190)), async (ctx) => {
      const before = await readSoFar(ctx);
      expect(await applyRetention(ctx, { nameOf, endedAt: () => ctx.now })).toMatchObject({ evidence: 3 });
      const after = await readSoFar(ctx);
      expect(after.size).toBe(6);
      return [...after].map(([table, rows]) => [table, rows - (before.get(table) ?? 0)] as const);
    });
    expect(read.filter(([, rows]) => rows > 100)).toEqual([]);
  });
});

async function subOf({ personId }: SeededMember): Promise<string> {
  const [row] = await db()
    .select({ sub: tables.people.sub })
    .from(tables.people)
    .where(eq(tables.people.id, personId));
  return row?.sub ?? '';
}

async function flagsOf(checkInId: string): Promise<string[] | undefined> {
  const [row] = await db()
    .select({ flags: tables.checkIns.flags })
    .from(tables.checkIns)
    .where(eq(tables.checkIns.id, checkInId));
  return row?.flags;
}

async function discarded(): Promise<boolean[]> {
  const rows = await db()
    .select({ discardedAt: tables.excuseFiles.discardedAt })
    .from(tables.excuseFiles)
    .orderBy(tables.excuseFiles.objectKey);
  return rows.map(({ discardedAt }) => discardedAt !== null);
}
