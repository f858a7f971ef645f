import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { forgetDevice } from '#lib/devices/forget-device.ts';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { loadScan } from '#lib/check-in/load-scan.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { planCheckIn } from '#lib/check-in-windows/plan-check-in.ts';
import type { Ctx } from '#lib/context.ts';
import { auditEvents, checkInWindows, meetings, toolKeys } from '#lib/db/schema.ts';
import { keepToolKey } from '#lib/platforms/keep-tool-key.ts';
import { listToolKeys } from '#lib/platforms/list-tool-keys.ts';
import { loadPublicKeys, loadToolSigner } from '#lib/platforms/load-tool-keys.ts';
import { rotateToolKeys } from '#lib/platforms/rotate-tool-keys.ts';
import type { KeyRotation } from '#lib/platforms/rotate-tool-keys.ts';
import { renewKeys } from '#lib/seals/renew-keys.ts';
import { requireOpenSeals } from '#lib/seals/require-open-seals.ts';
import { resealSecrets } from '#lib/seals/reseal-secrets.ts';
import { rememberPhone } from '../support/remember-phone.ts';
import { seedCourse } from '../support/seed-course.ts';
import { saturday, testSecrets, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const after = (minutes: number): Ctx => tool.at(addMs(saturday, minutes * minuteMs));
const hour = 60;
const published = async (ctx: Ctx) => (await loadPublicKeys(ctx)).keys.map((key) => key.kid);
const signing = async (ctx: Ctx) => (await loadToolSigner(ctx)).kid;

let first: string;

beforeEach(async () => {
  process.env.SESSION_SECRET = testSecrets.current;
  await tool.ctx.db.delete(toolKeys);
  await keepToolKey(after(-1));
  first = await signing(tool.ctx);
});

describe('the first key', () => {
  test('is made once, by however many processes', async () => {
    await tool.ctx.db.delete(toolKeys);
    await Promise.all([1, 2, 3].map(() => keepToolKey(tool.ctx)));
    expect(await published(tool.ctx)).toHaveLength(1);
  });

  test('is nothing to rotate before it is there', async () => {
    await tool.ctx.db.delete(toolKeys);
    expect(await rotateToolKeys(tool.ctx, 'now')).toEqual({ kind: 'no-key' });
    expect(await published(tool.ctx)).toEqual([]);
  });

  test('signs for a process whose clock lags, too', async () => {
    expect(await signing(after(-2))).toBe(first);
  });
});

describe('a rotation', () => {
  const rotate = (minutes = hour, ctx = tool.ctx) => rotateToolKeys(ctx, { signsInMinutes: minutes });
  const kidOf = (rotation: KeyRotation) => (rotation.kind === 'no-key' ? '' : rotation.kid);

  test.each<[string, number, 'old' | 'new', ('old' | 'new')[]]>([
    ['at once', 0, 'old', ['new', 'old']],
    ['just before its time', 59, 'old', ['new', 'old']],
    ['at its time', 60, 'new', ['new', 'old']],
    ['a day later', 60 + 24 * hour - 1, 'new', ['new', 'old']],
    ['after that', 60 + 24 * hour, 'new', ['new']],
  ])('%s', async (_when, minutes, signs, shown) => {
    const names = { old: first, new: kidOf(await rotate()) };
    expect(await signing(after(minutes))).toBe(names[signs]);
    expect(await published(after(minutes))).toEqual(shown.map((which) => names[which]));
  });

  test('never lets a key sign before everybody has had time to see it', async () => {
    expect(await rotate(0)).toMatchObject({ signsFrom: addMs(saturday, 10 * minuteMs) });
  });

  test('is refused while another is under way, and not after it', async () => {
    const kid = kidOf(await rotate());
    expect(await rotate()).toMatchObject({ kind: 'under-way', kid });
    expect(await published(tool.ctx)).toHaveLength(2);
    expect(await rotate(hour, after(hour))).toMatchObject({ kind: 'rotated', retired: [kid] });
    // The first key keeps the end that it was given.
    expect(await published(after(hour + 24 * hour))).not.toContain(first);
  });

  test('by two at the same moment happens once', async () => {
    const kinds = (await Promise.all([rotate(), rotate()])).map((outcome) => outcome.kind);
    expect(kinds.sort()).toEqual(['rotated', 'under-way']);
  });

  test('of a leaked key withdraws at once whatever there was, a waiting one too', async () => {
    await rotate();
    const kid = kidOf(await rotateToolKeys(tool.ctx, 'now'));
    expect(await published(tool.ctx)).toEqual([kid]);
    expect(await signing(tool.ctx)).toBe(kid);
  });

  test('is told as it stands', async () => {
    await rotate();
    const states = async (minutes: number) =>
      (await listToolKeys(after(minutes))).map(({ state }) => state).join(', ');
    expect(await states(0)).toBe('waiting, signing');
    expect(await states(hour)).toBe('signing, published');
    expect(await states(25 * hour)).toBe('signing, withdrawn');
  });
});

describe('a changed secret', () => {
  const newSecret = 'an0ther-that-nobody-knows-Rw83kLq1ZtVb6Yx';
  const changed = { current: newSecret, previous: testSecrets.current };
  const withSecrets = (secrets: Ctx['secrets']): Ctx => ({ ...tool.ctx, secrets });
  let course: Awaited<ReturnType<typeof seedCourse>>;
  let teacher: { personId: string };
  let meetingId: string;

  const asTeacher = (ctx: Ctx): Ctx => ({ ...ctx, viewer: teacher });
  const windowOf = async (meeting: string) => {
    const [row] = await tool.ctx.db
      .select()
      .from(checkInWindows)
      .where(eq(checkInWindows.meetingId, meeting));
    if (row === undefined) throw new Error('there is a window');
    return row;
  };

  beforeEach(async () => {
    course = await seedCourse(tool.ctx.db);
    teacher = await course.addMember('Tea Cher', 'teacher');
    meetingId = await course.addMeeting();
    await openCheckIn(asTeacher(tool.ctx), { courseId: course.courseId, meetingId });
  });
  afterEach(async () => {
    await tool.ctx.db.delete(auditEvents);
    await tool.ctx.db.delete(checkInWindows);
    await tool.ctx.db.delete(meetings);
  });

  test('works at once with the previous one beside it; resealed, without it, the same codes on the wall', async () => {
    await requireOpenSeals(withSecrets(changed));
    const meeting = { courseId: course.courseId, meetingId };
    const before = await loadCodes(asTeacher(tool.ctx), meeting);
    expect(await resealSecrets(withSecrets(changed))).toMatchObject({
      keys: { changed: 1, current: 0, lost: 0 },
      windows: { changed: 1, current: 0, lost: 0 },
    });
    const alone = withSecrets({ current: newSecret });
    await requireOpenSeals(alone);
    expect(await signing(alone)).toBe(first);
    expect(await loadCodes(asTeacher(alone), meeting)).toEqual(before);
  });

  test('resealing twice changes nothing more', async () => {
    await resealSecrets(withSecrets(changed));
    const [before] = await tool.ctx.db.select().from(toolKeys);
    expect(await resealSecrets(withSecrets(changed))).toMatchObject({
      keys: { changed: 0, current: 1 },
      windows: { changed: 0, current: 1 },
    });
    expect(await tool.ctx.db.select().from(toolKeys)).toEqual([before]);
  });

  test('keeps every remembered phone', async () => {
    const anna = await course.addMember('Anna Beispiel');
    const { deviceKey } = await rememberPhone({ ...tool.ctx, viewer: anna });
    await resealSecrets(withSecrets(changed));
    const alone = withSecrets({ current: newSecret });
    const { codes } = await loadCodes(asTeacher(alone), { courseId: course.courseId, meetingId });
    const code = codes[0]?.code ?? '';
    expect(
      await loadScan(alone, { code, cookieTicket: undefined, browserHash: null, deviceKey }),
    ).toMatchObject({
      kind: 'confirm',
      personName: 'Anna Beispiel',
    });
    await forgetDevice(alone, { deviceKey });
    expect(
      await loadScan(alone, { code, cookieTicket: undefined, browserHash: null, deviceKey }),
    ).toMatchObject({
      kind: 'sign-in',
    });
  });

  describe('whose predecessor is lost', () => {
    const lost = () => withSecrets({ current: newSecret });

    test('is told with both ways on', async () => {
      const sentence = /another SESSION_SECRET[^]*SESSION_SECRET_PREVIOUS[^]*keys reseal[^]*keys renew/;
      await expect(requireOpenSeals(lost())).rejects.toThrow(sentence);
      await expect(loadToolSigner(lost())).rejects.toThrow(sentence);
    });

    test('is noticed by an open check-in alone', async () => {
      await tool.ctx.db.delete(toolKeys);
      await keepToolKey(lost());
      await expect(requireOpenSeals(lost())).rejects.toThrow(/another SESSION_SECRET/);
    });

    test('and by a planned one; both directions are closed with it', async () => {
      await tool.ctx.db.delete(toolKeys);
      await keepToolKey(lost());
      await tool.ctx.db.delete(checkInWindows);
      for (const direction of ['in', 'out'] as const) {
        const place = { courseId: course.courseId, meetingId, direction };
        await planCheckIn(asTeacher(tool.ctx), { ...place, beforeMinutes: 0, afterMinutes: 15 });
      }
      await expect(requireOpenSeals(lost())).rejects.toThrow(/another SESSION_SECRET/);
      expect(await renewKeys(lost())).toMatchObject({ closedCheckIns: 2 });
      await requireOpenSeals(lost());
    });

    test('is overcome by new keys; what was open is closed, and its codes say so', async () => {
      const { codes } = await loadCodes(asTeacher(tool.ctx), { courseId: course.courseId, meetingId });
      const renewed = await renewKeys(lost());
      expect(renewed).toMatchObject({ withdrawn: [first], closedCheckIns: 1 });
      await requireOpenSeals(lost());
      expect(await published(lost())).toEqual([renewed.made]);
      expect(await signing(lost())).toBe(renewed.made);
      expect((await windowOf(meetingId)).closedAt).toEqual(saturday);
      expect(await tool.ctx.db.select().from(auditEvents)).toContainEqual(
        expect.objectContaining({ action: 'check-in.closed', subjectId: meetingId, actorPersonId: null }),
      );
      const scan = {
        code: codes[0]?.code ?? '',
        cookieTicket: undefined,
        browserHash: null,
        deviceKey: undefined,
      };
      expect(await loadScan(lost(), scan)).toMatchObject({ kind: 'closed' });
      await openCheckIn(asTeacher(lost()), { courseId: course.courseId, meetingId });
    });

    test('changes nothing where everything opens', async () => {
      expect(await renewKeys(tool.ctx)).toMatchObject({ withdrawn: [], made: undefined, closedCheckIns: 0 });
      expect(await published(tool.ctx)).toEqual([first]);
      expect((await windowOf(meetingId)).closedAt).toBeNull();
    });
  });
});
