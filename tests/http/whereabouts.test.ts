import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CoursePolicy } from '#lib/base/course-policy.ts';
import { checkInByTypedCode } from '#lib/check-in/check-in-by-typed-code.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { auditEvents, checkIns, courses } from '#lib/db/schema.ts';
import { circumstancesOf } from '#lib/http/circumstances.ts';
import { closeLiveHub } from '#lib/http/live-hub.ts';
import { GET as getCode } from '../../app/c/[code]/route.ts';
import { POST as postConfirm } from '../../app/c/confirm/route.ts';
import { rememberPhone } from '../support/remember-phone.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { publicUrl, useTestProcess } from '../support/test-process.ts';

const tool = useTestProcess();
let course: Awaited<ReturnType<typeof seedCourse>>;
let teacher: SeededMember;
let anna: SeededMember;
let meetingId: string;

beforeAll(() => tool.running.clock.measure());
afterAll(() => closeLiveHub());
beforeEach(async () => {
  const ctx = tool.ctx();
  course = await seedCourse(ctx.db, { webHost: 'canvas.example' });
  teacher = await course.addMember('Tea Cher', 'teacher');
  anna = await course.addMember('Anna Beispiel');
  const now = ctx.now.getTime();
  meetingId = await course.addMeeting({
    startsAt: new Date(now - 60_000),
    endsAt: new Date(now + 90 * 60_000),
  });
});

const as = (member: SeededMember) => ({ ...tool.ctx(), viewer: { personId: member.personId } });
const room = { roomPosition: '52.52003, 13.40495', roomRadiusMeters: 200 };

async function wall(policy: Partial<CoursePolicy>) {
  await tool.ctx().db.update(courses).set({ policy }).where(eq(courses.id, course.courseId));
  const place = { courseId: course.courseId, meetingId };
  await openCheckIn(as(teacher), place);
  const [shown] = (await loadCodes(as(teacher), place)).codes;
  if (shown === undefined) throw new Error('no code on the wall');
  return shown;
}

/** Anna's own phone: what it shows after a scan, and what comes of the tap. */
async function scanned(code: string, { language = 'en', address = '198.51.100.9' } = {}) {
  const { deviceKey } = await rememberPhone(as(anna));
  const headers = {
    'accept-language': language,
    'x-forwarded-for': `203.0.113.1, ${address}`,
    cookie: `__Host-sk_device=${deviceKey}`,
  };
  const answer = await getCode(new Request(`${publicUrl}/c/${code}`, { headers }), {
    params: Promise.resolve({ code }),
  });
  const page = await answer.text();
  const kept = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
  const fieldOf = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
  return {
    answer,
    page,
    confirm: (more: Record<string, string> = {}) =>
      postConfirm(
        new Request(`${publicUrl}/c/confirm`, {
          method: 'POST',
          headers: {
            ...{ ...headers, cookie: [headers.cookie, ...kept].join('; ') },
            ...{ origin: publicUrl, 'content-type': 'application/x-www-form-urlencoded' },
          },
          body: new URLSearchParams({
            ...{ ticket: fieldOf('ticket'), member: fieldOf('member') },
            ...more,
          }).toString(),
        }),
        undefined,
      ),
  };
}

const evidence = async () => {
  const rows = await tool
    .ctx()
    .db.select()
    .from(checkIns)
    .where(eq(checkIns.membershipId, anna.membershipId));
  expect(rows).toHaveLength(1);
  return rows[0];
};

describe('the question', () => {
  test('is not there where the course has no place, and a position that comes all the same is not looked at', async () => {
    const { answer, page, confirm } = await scanned((await wall({})).code);
    expect(page).not.toMatch(/<script|<div[^>]+data-where|name="position"/);
    expect(answer.headers.get('content-security-policy')).not.toContain('script-src');
    expect(answer.headers.get('permissions-policy')).toContain('geolocation=()');
    expect(await (await confirm({ position: '48.1 11.5 5' })).text()).toContain('You are checked in');
    expect(await evidence()).toMatchObject({ distanceMeters: null, isNetworkAllowed: null, flags: [] });
  });

  test.each(['en', 'de'])('costs no request, and is hidden without script (%s)', async (language) => {
    const { answer, page, confirm } = await scanned((await wall(room)).code, { language });
    expect(page).toMatch(/<div\s+hidden\s+data-where/);
    // Unticked, and the tick itself is not sent.
    expect(page).toContain('<input type="checkbox" autocomplete="off" />');
    const policy = answer.headers.get('content-security-policy') ?? '';
    const [, nonce = ''] = /script-src 'nonce-([^']+)'/.exec(policy) ?? [];
    expect(page).toContain(`<script nonce="${nonce}">`);
    expect(policy).not.toMatch(/connect-src|unsafe/);
    expect(answer.headers.get('permissions-policy')).toContain('geolocation=(self)');
    expect(page).not.toMatch(/ src=|<link[^>]+href="(?!data:)|<img|@import|url\((?!data:)/);
    expect(await (await confirm()).text()).toMatch(/You are checked in|Du bist eingecheckt/);
    expect(await evidence()).toMatchObject({ outcome: 'checked-in', distanceMeters: null, flags: [] });
  });
});

describe('what is kept', () => {
  test.each([
    ['in the room', '52.520030 13.404950 15', 0, []],
    ['a street away', '52.523000 13.404950 20', 310, ['far-away']],
    ['in another town, and sure of it', '53.551080 9.993680 30', 255_000, ['far-away']],
    ['unsure', '52.523000 13.404950 2000', 0, []],
    ['nonsense', 'here', null, []],
  ])('of a phone %s: metres, and it is checked in', async (_what, position, meters, flags) => {
    const { confirm } = await scanned((await wall(room)).code);
    const answer = await confirm({ position });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('You are checked in');
    const kept = await evidence();
    expect(kept).toMatchObject({ outcome: 'checked-in', flags });
    if (meters === null) expect(kept?.distanceMeters).toBeNull();
    else expect(Math.abs((kept?.distanceMeters ?? NaN) - meters)).toBeLessThan(meters / 100 + 1);
  });

  test.each([
    ['inside', '192.0.2.44', true, []],
    ['inside, IPv6', '2001:db8:7::1', true, []],
    ['outside', '198.51.100.9', false, ['outside-network']],
  ])('of an address %s: yes or no, and it is checked in', async (_what, address, isNetworkAllowed, flags) => {
    const { code } = await wall({ allowedNetworks: '192.0.2.0/24 2001:db8::/32 203.0.113.0/24' });
    const { confirm } = await scanned(code, { address });
    expect(await (await confirm()).text()).toContain('You are checked in');
    expect(await evidence()).toMatchObject({ outcome: 'checked-in', isNetworkAllowed, flags });
  });

  test('a second tap keeps what the first one has told', async () => {
    const { confirm } = await scanned((await wall({ ...room, allowedNetworks: '192.0.2.0/24' })).code);
    await confirm({ position: '52.523000 13.404950 20' });
    expect(await (await confirm()).text()).toContain('You are checked in');
    expect((await evidence())?.flags).toEqual(['outside-network', 'far-away']);
  });

  test('neither place nor address stands anywhere', async () => {
    const { confirm } = await scanned((await wall({ ...room, allowedNetworks: '192.0.2.0/24' })).code);
    await confirm({ position: '52.523111 13.404222 20' });
    const { db } = tool.ctx();
    const log = await db.select().from(auditEvents).where(eq(auditEvents.courseId, course.courseId));
    expect(log.map(({ action }) => action)).toContain('record.checked-in');
    const kept = JSON.stringify([await evidence(), log]);
    expect(kept).not.toMatch(/52\.523|13\.404222|198\.51\.100/);
  });

  test('of a code that is typed in the course: the network, too', async () => {
    const { typed } = await wall({ ...room, allowedNetworks: '192.0.2.0/24' });
    const result = await checkInByTypedCode(as(anna), {
      ...{ courseId: course.courseId, code: typed },
      circumstances: circumstancesOf(new Headers({ 'x-forwarded-for': '198.51.100.9' })),
    });
    expect(result).toMatchObject({ kind: 'checked-in' });
    expect(await evidence()).toMatchObject({
      ...{ isNetworkAllowed: false, distanceMeters: null, flags: ['outside-network'] },
    });
  });
});
