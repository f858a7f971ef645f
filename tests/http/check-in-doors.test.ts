import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadCodes } from '#lib/check-in-windows/load-codes.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { closeCheckIn } from '#lib/check-in-windows/close-check-in.ts';
import { spellCode } from '#lib/check-in-windows/rules.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import { openDatabase } from '#lib/db/client.ts';
import { attendanceRecords, checkIns, checkInWindows, courses, devices } from '#lib/db/schema.ts';
import { circumstancesOf, knowBrowser } from '#lib/http/circumstances.ts';
import { finishScan } from '#lib/http/finish-scan.ts';
import { openTicket } from '#lib/check-in/scan-ticket.ts';
import { checkInByTypedCode } from '#lib/check-in/check-in-by-typed-code.ts';
import { closeLiveHub } from '#lib/http/live-hub.ts';
import { sealLogin } from '#lib/logins/login.ts';
import { GET as getEvents } from '../../app/api/courses/[courseId]/meetings/[meetingId]/events/route.ts';
import { GET as getCodes } from '../../app/api/courses/[courseId]/meetings/[meetingId]/codes/route.ts';
import { GET as getCode } from '../../app/c/[code]/route.ts';
import { POST as postConfirm } from '../../app/c/confirm/route.ts';
import { GET as getFinish } from '../../app/c/finish/route.ts';
import { POST as postForget } from '../../app/c/forget/route.ts';
import { GET as getRefused } from '../../app/c/refused/[kind]/route.ts';
import { POST as postRemember } from '../../app/c/remember/route.ts';
import { GET as getResult } from '../../app/c/result/[checkInId]/route.ts';
import { GET as getTyped } from '../../app/c/route.ts';
import { iPhone, rememberPhone } from '../support/remember-phone.ts';
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
  const { db } = tool.ctx();
  course = await seedCourse(db, { webHost: 'canvas.example' });
  teacher = await course.addMember('Tea Cher', 'teacher');
  anna = await course.addMember('Anna <b>Beispiel');
  // A meeting that began a minute ago, whatever the day of the test.
  const now = tool.ctx().now.getTime();
  meetingId = await course.addMeeting({
    title: 'Grundlagen & Recht',
    startsAt: new Date(now - 60_000),
    endsAt: new Date(now + 90 * 60_000),
  });
});

const place = () => ({ courseId: course.courseId, meetingId });
const as = (member: SeededMember) => ({ ...tool.ctx(), viewer: { personId: member.personId } });

async function wall() {
  await openCheckIn(as(teacher), place());
  const [shown] = (await loadCodes(as(teacher), place())).codes;
  if (shown === undefined) throw new Error('no code on the wall');
  return shown;
}

/** A phone's browser: it keeps the cookies that it is given, and sends our own Origin with a form. */
function createBrowser(language = 'en', userAgent = iPhone.userAgent) {
  const jar = new Map<string, string>();
  const keep = (answer: Response) => {
    for (const cookie of answer.headers.getSetCookie()) {
      expect(cookie).toMatch(/; Path=\/; Secure; HttpOnly; SameSite=None; Partitioned$/);
      const [, name = '', value = '', age = ''] = /^([^=]+)=([^;]*); Max-Age=(\d+)/.exec(cookie) ?? [];
      if (age === '0') jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  };
  const headers = () => ({
    'accept-language': language,
    'user-agent': userAgent,
    accept: 'text/html',
    cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
  });
  const post = (path: string, fields: Record<string, string>, more: Record<string, string> = {}) =>
    new Request(publicUrl + path, {
      method: 'POST',
      headers: {
        ...headers(),
        origin: publicUrl,
        'content-type': 'application/x-www-form-urlencoded',
        ...more,
      },
      body: new URLSearchParams(fields).toString(),
    });
  const get = (path: string) => new Request(publicUrl + path, { headers: headers() });
  return {
    jar,
    keep,
    post,
    get,
    async open(code: string) {
      return keep(await getCode(get(`/c/${code}`), { params: Promise.resolve({ code }) }));
    },
    async signIn(member: SeededMember) {
      const ctx = tool.ctx();
      const login = await sealLogin(ctx.secrets, { personId: member.personId, language: 'en' }, ctx.now);
      jar.set('__Host-sk_login', login);
    },
    /** What the launch's door does with this browser's signed target. */
    finish: (member: SeededMember, ticket: string) => {
      const request = get('/lti/launch');
      return finishScan(request, as(member), { ticket, browser: knowBrowser(request.headers) });
    },
    async remember(member: SeededMember) {
      const { deviceKey } = await rememberPhone(as(member));
      jar.set('__Host-sk_device', deviceKey);
    },
    result: async (checkInId: string) =>
      keep(await getResult(get(`/c/result/${checkInId}`), { params: Promise.resolve({ checkInId }) })),
  };
}

const fieldOf = (page: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '';
const ticketOfSignIn = (page: string) => {
  const href = /class="button" href="([^"]*)"/.exec(page)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const target = new URL(href).searchParams.get('launch_url') ?? '';
  return { href, target, ticket: new URL(target).searchParams.get('ticket') ?? '' };
};
const recordsOf = (member: SeededMember) =>
  tool
    .ctx()
    .db.select()
    .from(attendanceRecords)
    .where(eq(attendanceRecords.membershipId, member.membershipId));
const evidenceOf = (member: SeededMember) =>
  tool.ctx().db.select().from(checkIns).where(eq(checkIns.membershipId, member.membershipId));

test('a platform without a direct way in: the page says to open the course and gives the code to type', async () => {
  course = await seedCourse(tool.ctx().db);
  teacher = await course.addMember('Tea Cher', 'teacher');
  anna = await course.addMember('Anna Beispiel');
  const now = tool.ctx().now.getTime();
  meetingId = await course.addMeeting({
    startsAt: new Date(now - 60_000),
    endsAt: new Date(now + 90 * 60_000),
  });
  const page = await (await createBrowser().open((await wall()).code)).text();
  expect(page).toContain('choose Attendance, and type');
  const code = /<code class="big">([^<]+)</.exec(page)?.[1] ?? '';
  expect(code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  const circumstances = circumstancesOf(createBrowser().get('/').headers);
  const typed = await checkInByTypedCode(as(anna), { courseId: course.courseId, code, circumstances });
  expect(typed).toMatchObject({ kind: 'checked-in' });
});

describe('an unknown phone', () => {
  test('is sent to the platform’s own sign-in, comes back, and may be remembered', async () => {
    const phone = createBrowser();
    const answer = await phone.open((await wall()).code);
    const page = await answer.text();
    expect(answer.status).toBe(200);
    expect(page).toContain('Your code is saved');
    expect(page).toContain('Grundlagen &amp; Recht');
    const { href, target, ticket } = ticketOfSignIn(page);
    expect(href).toMatch(/^https:\/\/canvas\.example\/courses\/42\/external_tools\/7\?display=borderless&/);
    expect(target).toMatch(/^https:\/\/tool\.example\/c\/finish\?ticket=/);
    expect(await evidenceOf(anna)).toEqual([]);

    const path = await phone.finish(anna, ticket);
    expect(path).toMatch(/^\/c\/result\//);
    const checkInId = path.split('/').at(-1) ?? '';
    expect(await evidenceOf(anna)).toMatchObject([{ id: checkInId, outcome: 'checked-in', flags: [] }]);

    await phone.signIn(anna);
    const result = await (await phone.result(checkInId)).text();
    expect(result).toContain('You are checked in');
    expect(result).toContain('Anna &lt;b&gt;Beispiel');
    expect(result).toContain('This is my phone');

    const remembered = phone.keep(
      await postRemember(phone.post('/c/remember', { checkIn: checkInId }), undefined),
    );
    expect(remembered.status).toBe(303);
    expect(remembered.headers.get('location')).toBe(`${publicUrl}/c/result/${checkInId}`);
    expect(await (await phone.result(checkInId)).text()).toContain('This phone is remembered');
    phone.jar.delete('__Host-sk_login');
    expect(await (await phone.open((await wall()).code)).text()).toContain('as Anna &lt;b&gt;Beispiel');
  });

  test('that comes back in another browser is taken and flagged', async () => {
    const { ticket } = ticketOfSignIn(await (await createBrowser().open((await wall()).code)).text());
    expect(await createBrowser().finish(anna, ticket)).toMatch(/^\/c\/result\//);
    expect(await evidenceOf(anna)).toMatchObject([{ flags: ['other-browser'] }]);
    // The same scan, forwarded to a second person.
    const ben = await course.addMember('Ben Muster');
    expect(await createBrowser().finish(ben, ticket)).toBe('/c/refused/ticket-used');
  });

  test('keeps its first ticket when the page is loaded again', async () => {
    const phone = createBrowser();
    const { code } = await wall();
    const idBefore = await phone.open(code).then(() => phone.jar.get('__Host-sk_scan'));
    const again = ticketOfSignIn(await (await phone.open(code)).text());
    expect(idBefore).toBeDefined();
    // Sealed anew, but the same scan.
    const [first, second] = [idBefore, again.ticket].map((ticket) => openTicket(tool.ctx(), ticket)?.id);
    expect(second).toBe(first);
    await phone.finish(anna, again.ticket);
    expect(await evidenceOf(anna)).toMatchObject([{ flags: [] }]);
  });

  test('whose link is put into another browser’s cookie as well is flagged all the same', async () => {
    const { ticket } = ticketOfSignIn(await (await createBrowser().open((await wall()).code)).text());
    const atHome = createBrowser();
    await getTyped(atHome.get('/c'), undefined);
    atHome.jar.set('__Host-sk_scan', ticket);
    await atHome.finish(anna, ticket);
    expect(await evidenceOf(anna)).toMatchObject([{ flags: ['other-browser'] }]);
  });

  test('one tablet that goes from hand to hand before one and the same code: each has a scan of their own', async () => {
    const tablet = createBrowser();
    const { code } = await wall();
    const ben = await course.addMember('Ben Muster');
    for (const member of [anna, ben]) {
      const { ticket } = ticketOfSignIn(await (await tablet.open(code)).text());
      expect(await tablet.finish(member, ticket)).toMatch(/^\/c\/result\//);
    }
    expect(await evidenceOf(ben)).toMatchObject([{ outcome: 'checked-in', flags: [] }]);
  });

  test('a remembered phone that is lent after its owner’s check-in, likewise; its owner’s reload stays the same scan', async () => {
    const phone = createBrowser();
    await phone.remember(anna);
    const { code } = await wall();
    const tap = async () => {
      const page = await (await phone.open(code)).text();
      const fields = { ticket: fieldOf(page, 'ticket'), member: fieldOf(page, 'member') };
      return phone.keep(await postConfirm(phone.post('/c/confirm', fields), undefined));
    };
    await tap();
    expect(await (await tap()).text()).toContain('already');
    expect(await evidenceOf(anna)).toHaveLength(1);

    const page = await (await phone.open(code)).text();
    phone.keep(await postForget(phone.post('/c/forget', { ticket: fieldOf(page, 'ticket') }), undefined));
    const ben = await course.addMember('Ben Muster');
    const { ticket } = ticketOfSignIn(await (await phone.open(code)).text());
    expect(await phone.finish(ben, ticket)).toMatch(/^\/c\/result\//);
  });

  test('where the platform has no direct way, is told what to type', async () => {
    course = await seedCourse(tool.ctx().db);
    teacher = await course.addMember('Tea Cher', 'teacher');
    const now = tool.ctx().now.getTime();
    meetingId = await course.addMeeting({
      startsAt: new Date(now - 60_000),
      endsAt: new Date(now + 3_600_000),
    });
    const { code, typed } = await wall();
    const page = await (await createBrowser().open(code)).text();
    expect(page).toContain(typed);
    expect(page).toContain('choose Attendance');
    expect(page).not.toContain('external_tools');
  });

  test('hears in its own language', async () => {
    const page = await (await createBrowser('de-CH,en;q=0.3').open((await wall()).code)).text();
    expect(page).toContain('lang="de"');
    expect(page).toContain('Dein Code ist gesichert');
  });
});

describe('a remembered phone', () => {
  test('two requests from scan to checked in, no script, and a second tap changes nothing', async () => {
    const phone = createBrowser();
    await phone.remember(anna);
    const { code } = await wall();
    const first = await phone.open(code);
    const question = await first.text();
    expect(question).toContain('Check in for Grundlagen &amp; Recht?');
    const tap = () =>
      postConfirm(
        phone.post('/c/confirm', {
          ticket: fieldOf(question, 'ticket'),
          member: fieldOf(question, 'member'),
        }),
        undefined,
      );
    const second = await tap();
    const done = await second.text();
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(done).toContain('You are checked in');

    for (const page of [question, done]) {
      expect(page).not.toMatch(/<script|<link[^>]+href="(?!data:)|<img|@import|url\((?!data:)/);
    }
    const third = await (await tap()).text();
    expect(third).toContain('You are checked in already');
    expect(await recordsOf(anna)).toHaveLength(1);
    expect(await evidenceOf(anna)).toMatchObject([{ flags: [], outcome: 'checked-in' }]);
  });

  test('opening the page records nothing, however often', async () => {
    const phone = createBrowser();
    await phone.remember(anna);
    const { code } = await wall();
    for (let look = 0; look < 5; look += 1) await phone.open(code);
    expect(await evidenceOf(anna)).toEqual([]);
    expect(await recordsOf(anna)).toEqual([]);
  });

  test('"not you?" forgets the phone and goes on with the sign-in, with the same ticket', async () => {
    const phone = createBrowser();
    await phone.remember(anna);
    const page = await (await phone.open((await wall()).code)).text();
    const ticket = fieldOf(page, 'ticket');
    const answer = phone.keep(await postForget(phone.post('/c/forget', { ticket }), undefined));
    expect(answer.status).toBe(303);
    expect(phone.jar.has('__Host-sk_device')).toBe(false);
    const [device] = await tool.ctx().db.select().from(devices).where(eq(devices.personId, anna.personId));
    expect(device?.revokedAt).not.toBeNull();
    const location = answer.headers.get('location') ?? '';
    const next = await (await getFinish(phone.get(location.slice(publicUrl.length)), undefined)).text();
    expect(next).toContain('Your code is saved');
    // Still the browser that scanned.
    await phone.finish(await course.addMember('Ben Muster'), ticketOfSignIn(next).ticket);
    expect(
      await tool.ctx().db.select().from(checkIns).where(eq(checkIns.meetingId, meetingId)),
    ).toMatchObject([{ flags: [] }]);
  });

  test('"not you?" signs out whom it forgets, and nobody else', async () => {
    for (const [signedIn, stays] of [
      [anna, false],
      [teacher, true],
    ] as const) {
      const phone = createBrowser();
      await phone.remember(anna);
      await phone.signIn(signedIn);
      const ticket = fieldOf(await (await phone.open((await wall()).code)).text(), 'ticket');
      phone.keep(await postForget(phone.post('/c/forget', { ticket }), undefined));
      expect(phone.jar.has('__Host-sk_device')).toBe(false);
      expect(phone.jar.has('__Host-sk_login')).toBe(stays);
    }
  });

  test('that became somebody else’s in the meantime asks again, with the new name', async () => {
    const phone = createBrowser();
    await phone.remember(anna);
    const page = await (await phone.open((await wall()).code)).text();
    await phone.remember(await course.addMember('Ben Muster'));
    const answer = await postConfirm(
      phone.post('/c/confirm', { ticket: fieldOf(page, 'ticket'), member: fieldOf(page, 'member') }),
      undefined,
    );
    const next = await answer.text();
    expect(next).toContain('as Ben Muster');
    expect(next).toContain('role="alert"');
    expect(await recordsOf(anna)).toEqual([]);
  });

  test('without its key is sent to the sign-in, whoever is logged in here', async () => {
    const phone = createBrowser();
    await phone.remember(anna);
    const page = await (await phone.open((await wall()).code)).text();
    phone.jar.delete('__Host-sk_device');
    await phone.signIn(anna);
    const fields = { ticket: fieldOf(page, 'ticket'), member: fieldOf(page, 'member') };
    const answer = await postConfirm(phone.post('/c/confirm', fields), undefined);
    expect(await answer.text()).toContain('Your code is saved');
    expect(await recordsOf(anna)).toEqual([]);
  });

  test.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example' }],
    ['no origin', { origin: 'null' }],
    ['a sister domain', { origin: publicUrl, 'sec-fetch-site': 'same-site' }],
  ])('a form of %s changes nothing', async (_what, headers) => {
    const phone = createBrowser();
    await phone.remember(anna);
    await phone.signIn(anna);
    const page = await (await phone.open((await wall()).code)).text();
    const fields = { ticket: fieldOf(page, 'ticket'), member: fieldOf(page, 'member') };
    for (const [path, door] of [
      ['/c/confirm', postConfirm],
      ['/c/forget', postForget],
      ['/c/remember', postRemember],
    ] as const) {
      const answer = await door(phone.post(path, fields, headers), undefined);
      expect([path, answer.status]).toEqual([path, 403]);
    }
    expect(await recordsOf(anna)).toEqual([]);
    const kept = await tool.ctx().db.select().from(devices).where(eq(devices.personId, anna.personId));
    expect(kept.map(({ revokedAt }) => revokedAt)).toEqual([null]);
  });
});

describe('whose phone it is', () => {
  const computer = 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0';
  const phonesOf = (member: SeededMember) =>
    tool.ctx().db.select().from(devices).where(eq(devices.personId, member.personId));

  /** Scans, signs in, and stands on the page with the result. */
  async function checkedIn(browser: ReturnType<typeof createBrowser>) {
    const { ticket } = ticketOfSignIn(await (await browser.open((await wall()).code)).text());
    const checkInId = (await browser.finish(anna, ticket)).split('/').at(-1) ?? '';
    await browser.signIn(anna);
    return { checkInId, page: await (await browser.result(checkInId)).text() };
  }

  test('a computer is not asked, and refused when it asks: it becomes nobody’s', async () => {
    for (const language of ['de', 'en']) {
      const browser = createBrowser(language, computer);
      const { checkInId, page } = await checkedIn(browser);
      expect(page).not.toContain('action="/c/remember"');
      const answer = browser.keep(
        await postRemember(browser.post('/c/remember', { checkIn: checkInId }), undefined),
      );
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain(`href="/c/result/${checkInId}"`);
      expect(browser.jar.has('__Host-sk_device')).toBe(false);
    }
    expect(await phonesOf(anna)).toEqual([]);
  });

  test('a phone is not remembered by a check-in alone, nor by looking at the question', async () => {
    const phone = createBrowser();
    const { page } = await checkedIn(phone);
    expect(page).toContain('action="/c/remember"');
    expect(phone.jar.has('__Host-sk_device')).toBe(false);
    expect(await phonesOf(anna)).toEqual([]);
  });

  test('where an app has opened the sign-in in a browser of its own, the question says that scans open in another', async () => {
    const phone = createBrowser();
    const { checkInId, page } = await checkedIn(phone);
    expect(page).not.toContain('another browser');
    const inApp = createBrowser();
    await inApp.signIn(anna);
    const look = async () => (await inApp.result(checkInId)).text();
    expect(await look()).toContain('You had scanned in another browser');
    inApp.keep(await postRemember(inApp.post('/c/remember', { checkIn: checkInId }), undefined));
    expect(await look()).toMatch(/is remembered[^]*You had scanned in another browser/);
  });

  test('nobody is remembered who is not signed in', async () => {
    const phone = createBrowser();
    expect((await postRemember(phone.post('/c/remember', { checkIn: '' }), undefined)).status).toBe(401);
    expect(phone.jar.has('__Host-sk_device')).toBe(false);
  });

  test('nor whoever has signed in there since: the page had asked somebody else', async () => {
    const phone = createBrowser();
    const { checkInId } = await checkedIn(phone);
    const ben = await course.addMember('Ben Muster');
    await phone.signIn(ben);
    const answer = phone.keep(
      await postRemember(phone.post('/c/remember', { checkIn: checkInId }), undefined),
    );
    expect(answer.status).toBe(404);
    expect(phone.jar.has('__Host-sk_device')).toBe(false);
    expect(await phonesOf(ben)).toEqual([]);
  });

  test('its cookie ends with the term, and is set again at each check-in', async () => {
    const { db, now } = tool.ctx();
    await db
      .update(courses)
      .set({ termEndsAt: addMs(now, 100 * 24 * 3_600_000) })
      .where(eq(courses.id, course.courseId));
    const phone = createBrowser();
    const { checkInId } = await checkedIn(phone);
    const remembered = phone.keep(
      await postRemember(phone.post('/c/remember', { checkIn: checkInId }), undefined),
    );
    const ageOf = (answer: Response) =>
      Number(/sk_device=[^;]+; Max-Age=(\d+)/.exec(answer.headers.getSetCookie().join('\n'))?.[1]);
    const term = 100 * 24 * 3_600;
    expect(ageOf(remembered)).toBeGreaterThan(term - 60);
    expect(ageOf(remembered)).toBeLessThanOrEqual(term);

    const key = phone.jar.get('__Host-sk_device');
    const page = await (await phone.open((await wall()).code)).text();
    const answer = phone.keep(
      await postConfirm(
        phone.post('/c/confirm', { ticket: fieldOf(page, 'ticket'), member: fieldOf(page, 'member') }),
        undefined,
      ),
    );
    expect(ageOf(answer)).toBeGreaterThan(term - 60);
    expect(phone.jar.get('__Host-sk_device')).toBe(key);
  });

  test('after a week its key is followed by the next', async () => {
    const phone = createBrowser();
    await phone.remember(anna);
    const first = phone.jar.get('__Host-sk_device');
    await tool
      .ctx()
      .db.update(devices)
      .set({ renewedAt: addMs(tool.ctx().now, -8 * 24 * 3_600_000) })
      .where(eq(devices.personId, anna.personId));
    const confirm = async () => {
      const page = await (await phone.open((await wall()).code)).text();
      expect(page).toContain('as Anna');
      return phone.keep(
        await postConfirm(
          phone.post('/c/confirm', { ticket: fieldOf(page, 'ticket'), member: fieldOf(page, 'member') }),
          undefined,
        ),
      );
    };
    expect((await confirm()).status).toBe(200);
    const second = phone.jar.get('__Host-sk_device');
    expect(second).not.toBe(first);
    expect((await confirm()).status).toBe(200);
    expect(phone.jar.get('__Host-sk_device')).toBe(second);
    // The old one has ended: who copied it is nobody.
    phone.jar.set('__Host-sk_device', first ?? '');
    expect(await (await phone.open((await wall()).code)).text()).toContain('Your code is saved');
  });
});

describe('refusals', () => {
  test('a closed check-in, an unknown code, an unreadable one: each its own page, without a ticket', async () => {
    const { code } = await wall();
    await closeCheckIn(as(teacher), place());
    const phone = createBrowser();
    for (const [text, status, words] of [
      [code, 410, 'closed'],
      ['zzzz0123456789abc', 404, 'not known'],
      ['hello', 404, 'not known'],
    ] as const) {
      const answer = await phone.open(text);
      expect([text, answer.status]).toEqual([text, status]);
      expect((await answer.text()).replace(/<[^>]*>/g, '')).toContain(words);
    }
    expect(phone.jar.size).toBe(0);
  });

  test('each reason has a page in both languages, with a title of its own', async () => {
    const kinds =
      'code-too-old code-unknown closed meeting-over not-a-member not-a-student test-user ticket-expired ticket-used too-many-attempts';
    for (const language of ['de', 'en']) {
      const titles = new Set<string>();
      for (const kind of kinds.split(' ')) {
        const answer = await getRefused(createBrowser(language).get(`/c/refused/${kind}?age=40`), {
          params: Promise.resolve({ kind }),
        });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        titles.add(/<title>([^<]*)/.exec(await answer.text())?.[1] ?? '');
      }
      expect(titles.size).toBe(kinds.split(' ').length);
      expect([...titles].some((title) => title.includes('40'))).toBe(true);
    }
    const unknown = await getRefused(createBrowser().get('/c/refused/constructor'), {
      params: Promise.resolve({ kind: 'constructor' }),
    });
    expect(unknown.status).toBe(404);
  });

  test('a launch that cannot check in leads to its page', async () => {
    const { code } = await wall();
    const phone = createBrowser();
    const { ticket } = ticketOfSignIn(await (await phone.open(code)).text());
    const preview = await course.addMember('Test Student', 'student', { isTestUser: true });
    expect(await phone.finish(preview, ticket)).toBe('/c/refused/test-user');
    expect(await phone.finish(teacher, ticket)).toBe('/c/refused/not-a-student');
    expect(await phone.finish(anna, 'forged')).toBe('/c/refused/ticket-expired');
    const other = await seedCourse(tool.ctx().db, { platformId: course.platformId });
    expect(await phone.finish(await other.addMember('Fre Md'), ticket)).toBe('/c/refused/not-a-member');
  });

  test('another person’s result is nobody’s to see', async () => {
    const phone = createBrowser();
    const { ticket } = ticketOfSignIn(await (await phone.open((await wall()).code)).text());
    const checkInId = (await phone.finish(anna, ticket)).split('/').at(-1) ?? '';
    expect((await phone.result(checkInId)).status).toBe(401);
    await phone.signIn(await course.addMember('Ben Muster'));
    expect((await phone.result(checkInId)).status).toBe(404);
    await phone.signIn(teacher);
    expect((await phone.result(checkInId)).status).toBe(404);
  });
});

describe('typed codes', () => {
  test('the field leads on, whichever way the code is written', async () => {
    const { typed } = await wall();
    const phone = createBrowser();
    expect(await (await getTyped(phone.get('/c'), undefined)).text()).toContain('name="code"');
    const query = new URLSearchParams({ code: ` ${typed.toLowerCase()} ` }).toString();
    const answer = await getTyped(phone.get(`/c?${query}`), undefined);
    expect(answer.status).toBe(303);
    const path = new URL(answer.headers.get('location') ?? '').pathname;
    expect(spellCode(path.slice('/c/'.length))).toBe(typed);
    const wrong = await getTyped(phone.get('/c?code=%3Cscript%3E'), undefined);
    expect(wrong.status).toBe(404);
    expect(await wrong.text()).not.toContain('<script');
  });

  test('tell nobody what is taught when: right or wrong, the page before the sign-in is the same', async () => {
    const { code, typed } = await wall();
    const right = typed.replace('-', '').toLowerCase();
    const wrong = right.slice(0, 7) + (right.endsWith('0') ? '1' : '0');
    const pageOf = async (of: string) => (await createBrowser().open(of)).text();
    expect(await pageOf(code)).toContain('Meisterkurs');
    for (const one of [right, wrong]) {
      const page = await pageOf(one);
      expect(page).toContain('Your code is saved');
      expect(page).not.toMatch(/Meisterkurs|Recht|\d–\d/);
    }
    const { db, now } = tool.ctx();
    const ago = (count: number) => addMs(now, -count * minuteMs);
    await db
      .update(checkInWindows)
      .set({ opensAt: ago(30), closedAt: ago(16) })
      .where(eq(checkInWindows.meetingId, meetingId));
    // Closed for everybody, also for whoever has more time: nobody signs in to hear that.
    expect((await createBrowser().open(right)).status).toBe(410);
  });

  test('one tap on a remembered phone; a wrong one is refused only then, and counted', async () => {
    const phone = createBrowser();
    await phone.remember(anna);
    const { typed } = await wall();
    const right = typed.replace('-', '').toLowerCase();
    const wrong = right.slice(0, 7) + (right.endsWith('0') ? '1' : '0');
    const confirm = async (code: string) => {
      const page = await (await phone.open(code)).text();
      expect(page).toContain('as Anna');
      const fields = { ticket: fieldOf(page, 'ticket'), member: fieldOf(page, 'member') };
      return postConfirm(phone.post('/c/confirm', fields), undefined);
    };
    expect((await confirm(wrong)).status).toBe(404);
    expect(await evidenceOf(anna)).toMatchObject([{ outcome: 'wrong-code' }]);
    expect((await confirm(right)).status).toBe(200);
  });
});

test('while the database is away the scan is kept, with a page that tries again by itself', async () => {
  const { code } = await wall();
  const phone = createBrowser();
  await phone.remember(anna);
  const { running } = tool;
  const there = running.database;
  const away = openDatabase('postgres://nobody@127.0.0.1:9/none', {
    poolMax: 1,
    onIdleError: () => undefined,
  });
  running.database = away;
  const answer = await phone.open(code);
  running.database = there;
  const page = await answer.text();
  expect(answer.status).toBe(503);
  expect(answer.headers.get('retry-after')).toBe('3');
  expect(page).toContain('Your scan is kept');
  const retry = /http-equiv="refresh" content="\d+;url=([^"]+)"/.exec(page)?.[1] ?? '';
  expect(retry).toMatch(/^\/c\/finish\?ticket=/);

  const question = await (await getFinish(phone.get(retry), undefined)).text();
  expect(question).toContain('as Anna');
  const fields = { ticket: fieldOf(question, 'ticket'), member: fieldOf(question, 'member') };
  running.database = away;
  const busy = await postConfirm(phone.post('/c/confirm', fields), undefined);
  running.database = there;
  expect(busy.status).toBe(503);
  expect(await busy.text()).toContain('Your scan is kept');
  const done = await postConfirm(phone.post('/c/confirm', fields), undefined);
  expect(await done.text()).toContain('You are checked in');
  const [evidence] = await evidenceOf(anna);
  expect(evidence).toMatchObject({ flags: [] });

  // After a sign-in, the page of the result likewise.
  await phone.signIn(anna);
  const result = `/c/result/${evidence?.id ?? ''}`;
  running.database = away;
  const later = await phone.result(evidence?.id ?? '');
  running.database = there;
  expect(later.status).toBe(503);
  expect(await later.text()).toMatch(new RegExp(`http-equiv="refresh" content="\\d;url=${result}"`));
  await away.close();
});

test('a launch that finds the database gone after it has signed somebody in leads back to the kept scan', async () => {
  const phone = createBrowser();
  const { ticket } = ticketOfSignIn(await (await phone.open((await wall()).code)).text());
  const { running } = tool;
  const there = running.database;
  const away = openDatabase('postgres://nobody@127.0.0.1:9/none', {
    poolMax: 1,
    onIdleError: () => undefined,
  });
  running.database = away;
  const path = await phone.finish(anna, ticket);
  running.database = there;
  await away.close();
  const { target, ticket: kept } = ticketOfSignIn(await (await getFinish(phone.get(path), undefined)).text());
  expect(new URL(target).pathname).toBe('/c/finish');
  expect(await phone.finish(anna, kept)).toMatch(/^\/c\/result\//);
  expect(await evidenceOf(anna)).toMatchObject([{ outcome: 'checked-in', flags: [] }]);
});

describe('a sign-in that takes its time', () => {
  test.each([
    [9, /^\/c\/result\//],
    [11, /^\/c\/refused\/ticket-expired$/],
  ])('%i minutes', async (duration, path) => {
    const phone = createBrowser();
    const scannedAt = tool.ctx().now;
    const { ticket } = ticketOfSignIn(await (await phone.open((await wall()).code)).text());
    const { clock } = tool.running;
    tool.running.clock = { ...clock, now: () => addMs(clock.now(), duration * minuteMs) };
    try {
      expect(await phone.finish(anna, ticket)).toMatch(path);
    } finally {
      tool.running.clock = clock;
    }
    for (const { scannedAt: at } of await evidenceOf(anna)) {
      expect(at.getTime() - scannedAt.getTime()).toBeLessThan(minuteMs);
    }
  });
});

describe('the projector’s doors', () => {
  const ask = async (
    door: typeof getCodes | typeof getEvents,
    member: SeededMember | undefined,
    where = place(),
    signal?: AbortSignal,
  ) => {
    const browser = createBrowser();
    if (member !== undefined) await browser.signIn(member);
    const request = new Request(browser.get('/api/x'), {
      headers: { ...Object.fromEntries(browser.get('/').headers), accept: 'text/event-stream' },
      signal: signal ?? null,
    });
    return door(request, { params: Promise.resolve(where) });
  };

  test('are closed to students, to nobody, and to teachers of other courses', async () => {
    await wall();
    const other = await seedCourse(tool.ctx().db, { platformId: course.platformId });
    const foreign = await other.addMember('Fre Md', 'teacher');
    for (const door of [getCodes, getEvents]) {
      expect((await ask(door, undefined)).status).toBe(401);
      expect((await ask(door, anna)).status).toBe(403);
      expect((await ask(door, foreign)).status).toBe(403);
    }
  });

  test('codes of the next minute, with the time of the server', async () => {
    await wall();
    const answer = await ask(getCodes, teacher);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const view = (await answer.json()) as Awaited<ReturnType<typeof loadCodes>>;
    expect(view.codes.length).toBeGreaterThanOrEqual(6);
    expect(view.window).toMatchObject({ stepSeconds: 10 });
    expect(JSON.stringify(view)).not.toMatch(/secret/i);
    const last = new Date(view.codes.at(-1)?.from ?? 0).getTime();
    expect(last - new Date(view.serverNow).getTime()).toBeLessThanOrEqual(60_000);
  });

  test('events begin with the register and go on with each check-in', async () => {
    const { code } = await wall();
    const leaving = new AbortController();
    const answer = await ask(getEvents, teacher, place(), leaving.signal);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    const readUntil = async (text: string) => {
      while (!seen.includes(text)) {
        const chunk = await reader?.read();
        if (chunk?.done !== false) throw new Error(`the stream ended before: ${text}`);
        seen += chunk.value;
      }
    };
    await readUntil('event: snapshot\n');
    const phone = createBrowser();
    const { ticket } = ticketOfSignIn(await (await phone.open(code)).text());
    await phone.finish(anna, ticket);
    await readUntil('"status":"present"');
    expect(seen.startsWith('retry: 1000\n\n')).toBe(true);
    await closeCheckIn(as(teacher), place());
    await readUntil('"window":null');
    leaving.abort();
    await expect(
      (async () => {
        for (;;) if ((await reader?.read())?.done !== false) return 'ended';
      })(),
    ).resolves.toBe('ended');
  });
});
