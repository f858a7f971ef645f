import { eq, sql } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { loadHistory } from '#lib/audit/load-history.ts';
import { newId } from '#lib/base/ids.ts';
import { tokenHash } from '#lib/base/seal.ts';
import { addMs } from '#lib/base/time.ts';
import type { Ctx } from '#lib/context.ts';
import { auditEvents, checkIns, courses, devices } from '#lib/db/schema.ts';
import { forgetDevice } from '#lib/devices/forget-device.ts';
import { isRemembered } from '#lib/devices/is-remembered.ts';
import { loadMemberDevices } from '#lib/devices/load-member-devices.ts';
import { loadMyDevices } from '#lib/devices/load-my-devices.ts';
import { isDeviceOf, shownKeyColumns } from '#lib/devices/queries.ts';
import { rememberDevice } from '#lib/devices/remember-device.ts';
import { renewDevice } from '#lib/devices/renew-device.ts';
import { revokeMemberDevice } from '#lib/devices/revoke-member-device.ts';
import { revokeMyDevice } from '#lib/devices/revoke-my-device.ts';
import { useClassroom } from '../support/classroom.ts';
import { rememberPhone } from '../support/remember-phone.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { saturday, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);
const { who } = room;

const days = (count: number) => addMs(saturday, count * 24 * 3_600_000);
const daySeconds = 24 * 3_600;

const rowsOf = (member: SeededMember) =>
  tool.ctx.db.select().from(devices).where(eq(devices.personId, member.personId));
const knows = (deviceKey: string | undefined, member: SeededMember, now = saturday) =>
  isRemembered({ ...tool.ctx, now }, { deviceKey, personId: member.personId });

describe('"this is my phone"', () => {
  const endTermAt = (courseId: string, at: Date) =>
    tool.ctx.db.update(courses).set({ termEndsAt: at }).where(eq(courses.id, courseId));

  test('holds until the last of the person’s terms ends, and no second longer', async () => {
    const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    await other.addMember(room.anna);
    const past = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    await past.addMember(room.anna, 'student', { left: true });
    await endTermAt(room.course.courseId, days(40));
    await endTermAt(other.courseId, days(90));
    // Of a course that they have left.
    await endTermAt(past.courseId, days(200));
    const { deviceKey, maxAgeSeconds } = await rememberPhone(who(room.anna));
    expect(maxAgeSeconds).toBe(90 * daySeconds);
    expect(await knows(deviceKey, room.anna, addMs(days(90), -1))).toBe(true);
    expect(await knows(deviceKey, room.anna, days(90))).toBe(false);
  });

  test.each<[string, Date | undefined, number]>([
    ['no term is told', undefined, 180],
    ['the term is over', days(-1), 180],
    ['the term never ends', days(4_000), 180],
  ])('half a year where %s', async (_what, termEndsAt, expected) => {
    if (termEndsAt !== undefined) await endTermAt(room.course.courseId, termEndsAt);
    expect((await rememberPhone(who(room.anna))).maxAgeSeconds).toBe(expected * daySeconds);
  });

  test('no computer, and nobody who is not signed in', async () => {
    const browser = { userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Firefox/133.0', mobile: '?0' };
    expect(await rememberDevice(who(room.anna), { oldKey: undefined, browser })).toEqual({
      kind: 'not-a-phone',
    });
    await expect(rememberPhone(who(undefined))).rejects.toThrow('not-signed-in');
    expect(await rowsOf(room.anna)).toEqual([]);
  });

  test('a computer that says it is somebody’s phone takes no phone away, either', async () => {
    const { deviceKey } = await rememberPhone(who(room.anna));
    await rememberDevice(who(room.anna), { oldKey: deviceKey, browser: { userAgent: null, mobile: null } });
    expect(await knows(deviceKey, room.anna)).toBe(true);
  });

  test('the key is not in the database, and the phone has a name', async () => {
    const { deviceKey } = await rememberPhone(who(room.anna));
    const rows = await rowsOf(room.anna);
    expect(rows).toMatchObject([{ name: 'iPhone, Safari', keyHash: tokenHash(deviceKey) }]);
    expect(JSON.stringify(rows)).not.toContain(deviceKey);
  });

  test('whoever was remembered in this browser before is not any more, also by the key that was to follow', async () => {
    const ben = await room.course.addMember('Ben Muster');
    const first = await rememberPhone(who(room.anna));
    const next = await renew(first.deviceKey, days(8));
    const bens = await rememberPhone(who(ben, days(8)), first.deviceKey);
    expect(await knows(first.deviceKey, room.anna, days(8))).toBe(false);
    expect(await knows(next, room.anna, days(8))).toBe(false);
    expect(await knows(bens.deviceKey, ben, days(8))).toBe(true);
  });

  test('a copied key that has had its next ones since ends as well, when the owner says it again', async () => {
    const { deviceKey } = await rememberPhone(who(room.anna));
    let copy: string | undefined = deviceKey;
    for (const day of [8, 16, 24]) copy = await renew(copy ?? '', days(day));
    // The owner's phone has been asked to sign in since then: its key was nobody's any more.
    expect(await knows(deviceKey, room.anna, days(24))).toBe(false);
    expect(await knows(copy, room.anna, days(24))).toBe(true);
    const own = await rememberPhone(who(room.anna, days(24)), deviceKey);
    expect(await knows(copy, room.anna, days(24))).toBe(false);
    expect(await knows(own.deviceKey, room.anna, days(24))).toBe(true);
  });

  test('of more than ten phones the oldest end', async () => {
    const keys: string[] = [];
    for (let count = 0; count < 12; count += 1) {
      keys.push((await rememberPhone(who(room.anna, addMs(saturday, count * 1_000)))).deviceKey);
    }
    const known = await Promise.all(keys.map((key) => knows(key, room.anna)));
    expect(known).toEqual([false, false, ...Array.from({ length: 10 }, () => true)]);
  });
});

/** As the check-in does it: what the database says of the key, then the renewal. @returns the cookie from then on */
async function renew(deviceKey: string, now: Date): Promise<string | undefined> {
  const keyHash = tokenHash(deviceKey);
  const [shown] = await tool.ctx.db
    .select(shownKeyColumns(keyHash))
    .from(devices)
    .where(isDeviceOf(keyHash, now));
  if (shown === undefined) throw new Error('nobody’s phone');
  return (await renewDevice({ ...tool.ctx, now }, { deviceKey, shown }))?.deviceKey;
}

describe('the key follows itself', () => {
  test('not within a week, and then without a statement', async () => {
    const { deviceKey } = await rememberPhone(who(room.anna));
    const shown = { isNextKey: false, renewedAt: saturday, expiresAt: days(180) };
    const before = tool.statements();
    expect(await renewDevice({ ...tool.ctx, now: days(7) }, { deviceKey, shown })).toEqual({
      deviceKey,
      maxAgeSeconds: 173 * daySeconds,
    });
    expect(tool.statements()).toBe(before);
  });

  test('after a week, in one statement; both are taken until the next one has come, then the old one ends', async () => {
    const { deviceKey: first } = await rememberPhone(who(room.anna));
    const before = tool.statements();
    const second = await renew(first, days(8));
    expect(tool.statements() - before).toBe(2);
    expect(second).not.toBe(first);
    expect(await knows(first, room.anna, days(8))).toBe(true);
    expect(await knows(second, room.anna, days(8))).toBe(true);

    expect(await renew(second ?? '', days(9))).toBe(second);
    expect(await knows(second, room.anna, days(9))).toBe(true);
    expect(await knows(first, room.anna, days(9))).toBe(false);

    // And so on, a week after the change.
    expect(await renew(second ?? '', days(16))).toBe(second);
    const third = await renew(second ?? '', days(17));
    expect([first, second]).not.toContain(third);
  });

  test('a lost answer locks nobody out: the phone that comes with its old key is given the same next one', async () => {
    const { deviceKey: first } = await rememberPhone(who(room.anna));
    const lost = await renew(first, days(8));
    const again = await renew(first, days(30));
    expect(again).toBe(lost);
    expect(await renew(again ?? '', days(31))).toBe(again);
    expect(await knows(again, room.anna, days(31))).toBe(true);
  });

  test('two tabs at once are given the same key, whichever answer comes last', async () => {
    const { deviceKey: first } = await rememberPhone(who(room.anna));
    const given = await Promise.all(Array.from({ length: 8 }, () => renew(first, days(8))));
    expect(new Set(given).size).toBe(1);
    const arrived = await Promise.all(Array.from({ length: 8 }, () => renew(given[0] ?? '', days(9))));
    // Whoever came second has nothing to set: the cookie is right already.
    expect(new Set(arrived.filter((key) => key !== undefined))).toEqual(new Set([given[0]]));
    expect(await knows(given[0], room.anna, days(9))).toBe(true);
  });

  test('a tab that was judged with the old key gives it back to nobody once the next one has come', async () => {
    const { deviceKey: first } = await rememberPhone(who(room.anna));
    const second = await renew(first, days(8));
    await renew(second ?? '', days(9));
    const shown = { isNextKey: false, renewedAt: saturday, expiresAt: days(180) };
    expect(await renewDevice({ ...tool.ctx, now: days(9) }, { deviceKey: first, shown })).toBeUndefined();
    expect(await knows(second, room.anna, days(9))).toBe(true);
  });

  test('the end stays where it was, and what was revoked is not renewed', async () => {
    const { deviceKey } = await rememberPhone(who(room.anna));
    const [before] = await rowsOf(room.anna);
    await renew(deviceKey, days(8));
    const [after] = await rowsOf(room.anna);
    expect(after?.expiresAt).toEqual(before?.expiresAt);

    await forgetDevice({ ...tool.ctx, now: days(8) }, { deviceKey });
    const shown = { isNextKey: false, renewedAt: saturday, expiresAt: days(180) };
    expect(await renewDevice({ ...tool.ctx, now: days(9) }, { deviceKey, shown })).toBeUndefined();
    expect(await knows(deviceKey, room.anna, days(9))).toBe(false);
  });
});

describe('the student’s own list', () => {
  async function useAt(course: { courseId: string }, member: SeededMember, deviceId: string, at: Date) {
    await tool.ctx.db.insert(checkIns).values({
      ...{ id: newId(), courseId: course.courseId, membershipId: member.membershipId, deviceId },
      ...{ outcome: 'checked-in' as const, via: 'scan' as const, scannedAt: at, confirmedAt: at },
    });
  }

  test('names each living phone, since when, and when it was used last, anywhere', async () => {
    const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    const there = await other.addMember(room.anna);
    await rememberPhone(who(room.anna, days(-2)));
    const { deviceKey: forgotten } = await rememberPhone(who(room.anna, days(-1)));
    await forgetDevice(tool.ctx, { deviceKey: forgotten });
    const [first] = await loadMyDevices(who(room.anna));
    expect(first).toMatchObject({ name: 'iPhone, Safari', since: days(-2), lastUsedAt: null });
    await useAt(room.course, room.anna, first?.id ?? '', days(1));
    await useAt(other, there, first?.id ?? '', days(3));
    // Somebody else on the same phone is no use of hers.
    const ben = await room.course.addMember('Ben Muster');
    await useAt(room.course, ben, first?.id ?? '', days(4));
    await rememberPhone(who(room.anna, days(2)));
    expect(await loadMyDevices(who(room.anna, days(5)))).toMatchObject([
      { since: days(2), lastUsedAt: null },
      { id: first?.id, lastUsedAt: days(3) },
    ]);
    expect(await loadMyDevices(who(room.anna, days(179)))).toHaveLength(1);
    expect(await loadMyDevices(who(ben))).toEqual([]);

    // A teacher sees the use in their own course alone.
    const seen = await loadMemberDevices(who(room.teacher, days(5)), {
      courseId: room.course.courseId,
      membershipId: room.anna.membershipId,
    });
    expect(seen.devices.map(({ lastUsedAt }) => lastUsedAt)).toEqual([null, days(1)]);
    expect(Object.keys(seen.devices[0] ?? {}).sort()).toEqual(['id', 'lastUsedAt', 'name', 'since']);
  });

  test('ends a phone at once, a second time changes nothing, and nobody else’s is there', async () => {
    const { deviceKey } = await rememberPhone(who(room.anna));
    const [phone] = await loadMyDevices(who(room.anna));
    const ben = await room.course.addMember('Ben Muster');
    for (const stranger of [ben, room.teacher]) {
      await expect(revokeMyDevice(who(stranger), phone?.id ?? '')).rejects.toThrow('not-found');
    }
    await expect(revokeMyDevice(who(undefined), phone?.id ?? '')).rejects.toThrow('not-signed-in');
    await expect(loadMyDevices(who(undefined))).rejects.toThrow('not-signed-in');
    await expect(revokeMyDevice(who(room.anna), 'x')).rejects.toThrow('not-found');
    expect(await knows(deviceKey, room.anna)).toBe(true);

    await revokeMyDevice(who(room.anna), phone?.id ?? '');
    expect(await knows(deviceKey, room.anna)).toBe(false);
    await revokeMyDevice(who(room.anna, days(1)), phone?.id ?? '');
    expect(await rowsOf(room.anna)).toMatchObject([{ revokedAt: saturday }]);
  });
});

describe('a teacher', () => {
  const key = async (ctx: Ctx = who(room.anna)) => {
    const [phone] = await loadMyDevices(ctx);
    return {
      courseId: room.course.courseId,
      membershipId: room.anna.membershipId,
      deviceId: phone?.id ?? '',
    };
  };

  test('revokes a student’s phone; the log says so, once', async () => {
    const { deviceKey } = await rememberPhone(who(room.anna));
    const phone = await key();
    await revokeMemberDevice(who(room.teacher), phone);
    await revokeMemberDevice(who(room.teacher), phone);
    expect(await knows(deviceKey, room.anna)).toBe(false);
    expect(
      await tool.ctx.db.select().from(auditEvents).where(eq(auditEvents.courseId, phone.courseId)),
    ).toMatchObject([
      {
        action: 'membership.phone-revoked',
        subjectId: room.anna.membershipId,
        actorPersonId: room.teacher.personId,
        before: { phone: 'iPhone, Safari', rememberedAt: saturday.toISOString() },
      },
    ]);
    const { entries } = await loadHistory(who(room.teacher), {
      courseId: phone.courseId,
      of: { kind: 'member', membershipId: phone.membershipId },
    });
    expect(entries).toHaveLength(1);
  });

  test('of students who are enrolled in their own course, and only theirs', async () => {
    const { deviceKey } = await rememberPhone(who(room.anna));
    const phone = await key();
    const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
    const foreign = await other.addMember('Fre Md', 'teacher');
    const ben = await room.course.addMember('Ben Muster');
    const left = await room.course.addMember('Lea Fort', 'student', { left: true });
    const preview = await room.course.addMember('Test Student', 'student', { isTestUser: true });
    const observer = await room.course.addMember('Ob Server', 'observer');

    for (const doer of [undefined, room.anna, ben, observer, foreign]) {
      const error = doer === undefined ? 'not-signed-in' : 'no-access';
      await expect(revokeMemberDevice(who(doer), phone)).rejects.toThrow(error);
      await expect(loadMemberDevices(who(doer), phone)).rejects.toThrow(error);
    }
    // Through a course that the student is not in.
    await expect(revokeMemberDevice(who(foreign), { ...phone, courseId: other.courseId })).rejects.toThrow(
      'not-found',
    );
    for (const member of [ben, left, preview, observer, { membershipId: 'x' }]) {
      await expect(
        revokeMemberDevice(who(room.teacher), { ...phone, membershipId: member.membershipId }),
      ).rejects.toThrow('not-found');
    }
    for (const member of [left, preview, observer, { membershipId: 'x' }]) {
      await expect(
        loadMemberDevices(who(room.teacher), { ...phone, membershipId: member.membershipId }),
      ).rejects.toThrow('not-found');
    }
    expect(await knows(deviceKey, room.anna)).toBe(true);
    expect(
      await tool.ctx.db.select().from(auditEvents).where(eq(auditEvents.courseId, phone.courseId)),
    ).toEqual([]);
  });

  test('an assistant as the course says: whoever takes attendance', async () => {
    const { deviceKey } = await rememberPhone(who(room.anna));
    const phone = await key();
    const assistant = await room.course.addMember('Assi Stenz', 'assistant');
    const setMarking = (assistantsMayMark: boolean) =>
      tool.ctx.db
        .update(courses)
        .set({ policy: sql`${JSON.stringify({ assistantsMayMark })}::jsonb` })
        .where(eq(courses.id, phone.courseId));
    await setMarking(false);
    expect(await loadMemberDevices(who(assistant), phone)).toMatchObject({ mayRevoke: false });
    await expect(revokeMemberDevice(who(assistant), phone)).rejects.toThrow('not-for-assistants');
    expect(await knows(deviceKey, room.anna)).toBe(true);
    await setMarking(true);
    expect(await loadMemberDevices(who(assistant), phone)).toMatchObject({ mayRevoke: true });
    await revokeMemberDevice(who(assistant), phone);
    expect(await knows(deviceKey, room.anna)).toBe(false);
  });
});
