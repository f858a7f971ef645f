import { eq, sql } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { newId } from '#lib/base/ids.ts';
import { confirmScan } from '#lib/check-in/confirm-scan.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { loadScan } from '#lib/check-in/load-scan.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { attendanceRecords, checkIns, memberships, personConflicts } from '#lib/db/schema.ts';
import { decideConflict } from '#lib/members/decide-conflict.ts';
import { lockPeople } from '#lib/members/queries.ts';
import { useClassroom } from '../support/classroom.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { saturday, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);
const { who, place } = room;

/** Anna's row came with the number of another row, which is found to be her too. */
async function seedTwin(): Promise<{ twin: SeededMember; conflictId: string }> {
  const twin = await room.course.addMember('Anna Beispiel');
  const conflictId = newId();
  await tool.ctx.db.insert(personConflicts).values({
    ...{ id: conflictId, personId: room.anna.personId, otherPersonId: twin.personId, seenAt: saturday },
  });
  return { twin, conflictId };
}

const phone = { cookieTicket: undefined, browserHash: 'a phone', deviceKey: undefined };
const confirmed = (ticket: string) => ({
  ticket,
  circumstances: {
    browserHash: 'a phone',
    deviceKey: undefined,
    network: null,
    address: null,
    position: undefined,
  },
});

async function scanned(): Promise<string> {
  await openCheckIn(who(room.teacher), place());
  const [shown] = (await loadCodes(who(room.teacher), place())).codes;
  const scan = await loadScan(who(undefined), {
    ...{ code: shown?.code ?? '', ...phone },
  });
  if (!('ticket' in scan)) throw new Error(scan.kind);
  return scan.ticket;
}

const confirmAsAnna = (ticket: string) => confirmScan(who(room.anna), confirmed(ticket));

const waiting = sql`select count(*)::int as n from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;

async function expectCheckedIn(twin: SeededMember) {
  const records = await tool.ctx.db
    .select()
    .from(attendanceRecords)
    .where(eq(attendanceRecords.meetingId, room.meetingId));
  expect(records).toMatchObject([{ membershipId: twin.membershipId, status: 'present' }]);
  expect(await tool.ctx.db.$count(checkIns, eq(checkIns.membershipId, twin.membershipId))).toBe(1);
  expect(await tool.ctx.db.$count(memberships, eq(memberships.id, room.anna.membershipId))).toBe(0);
}

test('a check-in goes through while a merge has only begun, and comes along', async () => {
  const { twin, conflictId } = await seedTwin();
  const ticket = await scanned();
  await tool.ctx.db.transaction(async (db) => {
    await lockPeople(db, [room.anna.personId, twin.personId]);
    expect(await confirmAsAnna(ticket)).toMatchObject({ kind: 'checked-in' });
    const ctx = { ...who(room.teacher), db };
    await decideConflict(ctx, { courseId: room.course.courseId, conflictId, decision: 'merged' });
  });
  await expectCheckedIn(twin);
});

test('a check-in that arrives during a merge is written for the one who lives on', async () => {
  const { twin, conflictId } = await seedTwin();
  const ticket = await scanned();
  const [merged, mayCommit] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const merging = tool.ctx.db.transaction(async (db) => {
    const ctx = { ...who(room.teacher), db };
    await decideConflict(ctx, { courseId: room.course.courseId, conflictId, decision: 'merged' });
    merged.resolve(undefined);
    await mayCommit.promise;
  });
  await merged.promise;
  const confirming = confirmAsAnna(ticket);
  await expect.poll(async () => (await tool.ctx.db.execute(waiting)).rows[0]?.n).toBe(1);
  mayCommit.resolve(undefined);
  await merging;
  expect(await confirming).toMatchObject({ kind: 'checked-in' });
  await expectCheckedIn(twin);
});

test('a merge that arrives during a check-in takes it along', async () => {
  const { twin, conflictId } = await seedTwin();
  const ticket = await scanned();
  const [written, mayCommit] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const confirming = tool.ctx.db.transaction(async (db) => {
    const result = await confirmScan({ ...who(room.anna), db }, confirmed(ticket));
    written.resolve(undefined);
    await mayCommit.promise;
    return result;
  });
  await written.promise;
  const merging = decideConflict(who(room.teacher), {
    ...{ courseId: room.course.courseId, conflictId, decision: 'merged' },
  });
  await expect.poll(async () => (await tool.ctx.db.execute(waiting)).rows[0]?.n).toBe(1);
  mayCommit.resolve(undefined);
  expect(await confirming).toMatchObject({ kind: 'checked-in' });
  expect(await merging).toEqual({ kind: 'merged' });
  await expectCheckedIn(twin);
});
