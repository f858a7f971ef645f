import { randomBytes } from 'node:crypto';
import type { BrowserContext, BrowserContextOptions, Locator, Page } from '@playwright/test';
import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { Column } from 'drizzle-orm';
import { newId } from '#lib/base/ids.ts';
import type { Secrets } from '#lib/base/seal.ts';
import { addMs, localOfInstant, minuteMs } from '#lib/base/time.ts';
import { codeAt, locatorOf, spellCode } from '#lib/check-in-windows/rules.ts';
import type { Via } from '#lib/check-in-windows/rules.ts';
import { createSealedSecret, openSecret } from '#lib/check-in-windows/window-secret.ts';
import { openTicket, sealTicket } from '#lib/check-in/scan-ticket.ts';
import { openDatabase } from '#lib/db/client.ts';
import type { Db, OpenDatabase } from '#lib/db/client.ts';
import {
  attendanceRecords,
  checkInReviews,
  checkIns,
  checkInWindows,
  courses,
  deployments,
  meetings,
  memberships,
  people,
  recordSpans,
  spotCheckPicks,
  spotChecks,
} from '#lib/db/schema.ts';
import type { Direction } from '#lib/db/schema.ts';
import { known } from '../../demo/people.ts';
import { test as base, expect } from './fixtures.ts';
import type { Lms } from './fixtures.ts';
import { courseOf, toolFrame } from './tool-frame.ts';
import { words } from './words.ts';
import { ownStage } from '../support/e2e-stages.ts';

export { expect };

/** The narrow end of what is sold, in a student's hand. */
export const phoneOptions = {
  viewport: { width: 360, height: 640 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  userAgent:
    'Mozilla/5.0 (Linux; Android 16; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
} satisfies BrowserContextOptions;

/** A check-in or check-out that is open, and what its wall shows. Times are minutes from now: -5 is five ago. */
interface Wall {
  windowId: string;
  /** What the QR code holds. */
  url(shownAt?: number): string;
  typed(shownAt?: number): string;
  close(): Promise<void>;
}

/** A meeting that is on, in a course of the demo LMS. Its course and rows are the running tool's own. */
export interface LectureHall {
  db: Db;
  secrets: Secrets;
  courseId: string;
  /** The meeting that is on; other stories may have left others that are on as well. */
  meetingId: string;
  openWall(given?: {
    direction?: Direction;
    opensAt?: number;
    closesAt?: number;
    meetingId?: string;
  }): Promise<Wall>;
  addMeeting(given: { from: number; to: number; title?: string }): Promise<string>;
  /**
   * Lets minutes go by: nobody can turn the tool's clock, so all that has happened at the meetings of this test has
   * happened so much earlier.
   */
  passTime(minutes: number): Promise<void>;
  /** What was confirmed or refused, of all meetings of this test, in the order in which the codes were seen. */
  evidence(): Promise<{ name: string | null; outcome: string; flags: string[]; scannedAt: Date }[]>;
  records(): Promise<
    { name: string | null; status: string; provenMinutes: number; spans: { from: Date; to: Date | null }[] }[]
  >;
}

interface Fixtures {
  hall: LectureHall;
  openPhoneOf(options?: BrowserContextOptions): Promise<Page>;
}

export const test = base.extend<Fixtures, { tool: { database: OpenDatabase; secrets: Secrets } }>({
  tool: [
    async ({}, use) => {
      const { toolEnv: env } = ownStage();
      const database = openDatabase(env.DATABASE_URL ?? '', { poolMax: 2, onIdleError: () => undefined });
      await use({ database, secrets: { current: env.SESSION_SECRET ?? '' } });
      await database.close();
    },
    { scope: 'worker' },
  ],

  openPhoneOf: async ({ openBrowser }, use) => {
    await use(async (options = {}) => (await openBrowser({ ...phoneOptions, ...options })).newPage());
  },

  hall: async ({ tool: { database, secrets }, openBrowser, lms, toolUrl }, use) => {
    const { db } = database;
    const courseId = (await findCourse(db)) ?? (await openCourse(await openBrowser(), { lms, toolUrl }));
    const held: string[] = [];
    const at = (minute: number) => addMs(new Date(), minute * minuteMs);

    const recordIds = (from: Db) =>
      from
        .select({ id: attendanceRecords.id })
        .from(attendanceRecords)
        .where(inArray(attendanceRecords.meetingId, held));

    const addMeeting: LectureHall['addMeeting'] = async ({ from, to, title = 'Wound care' }) => {
      const [id, startsAt, endsAt, timeZone] = [newId(), at(from), at(to), 'Europe/Berlin'];
      const local = {
        localStart: localOfInstant(startsAt, timeZone),
        localEnd: localOfInstant(endsAt, timeZone),
      };
      await db.insert(meetings).values({ id, courseId, title, timeZone, startsAt, endsAt, ...local });
      held.push(id);
      return id;
    };
    const meetingId = await addMeeting({ from: -20, to: 70 });

    await use({
      db,
      secrets,
      courseId,
      meetingId,
      addMeeting,
      async openWall({ direction = 'in', opensAt = -20, closesAt = 30, ...where } = {}) {
        const window = {
          ...{ id: newId(), meetingId: where.meetingId ?? meetingId, direction, stepSeconds: 10 },
          ...{ locator: locatorOf(randomBytes(3)), sealedSecret: createSealedSecret(secrets) },
          ...{ openedAt: at(opensAt), opensAt: at(opensAt), closesAt: at(closesAt) },
        };
        await db.insert(checkInWindows).values(window);
        const source = { ...window, secret: openSecret(secrets, window.sealedSecret) };
        const code = (via: Via, shownAt = 0) => codeAt(source, via, at(shownAt));
        return {
          windowId: window.id,
          url: (shownAt) => `${toolUrl}/c/${code('scan', shownAt)}`,
          typed: (shownAt) => spellCode(code('typed', shownAt)),
          close: async () => {
            await db
              .update(checkInWindows)
              .set({ closedAt: new Date() })
              .where(eq(checkInWindows.id, window.id));
          },
        };
      },
      async passTime(minutes) {
        const earlier = (column: Column) => sql`${column} - ${minutes} * interval '1 minute'`;
        const { startsAt, endsAt } = meetings;
        const { openedAt, opensAt, closesAt, closedAt } = checkInWindows;
        const { scannedAt, confirmedAt } = checkIns;
        const { fromAt, toAt } = recordSpans;
        await db.transaction(async (tx) => {
          await tx
            .update(meetings)
            .set({ startsAt: earlier(startsAt), endsAt: earlier(endsAt) })
            .where(inArray(meetings.id, held));
          await tx
            .update(checkInWindows)
            .set({
              ...{ openedAt: earlier(openedAt), opensAt: earlier(opensAt) },
              ...{ closesAt: earlier(closesAt), closedAt: earlier(closedAt) },
            })
            .where(inArray(checkInWindows.meetingId, held));
          await tx
            .update(checkIns)
            .set({ scannedAt: earlier(scannedAt), confirmedAt: earlier(confirmedAt) })
            .where(inArray(checkIns.meetingId, held));
          await tx
            .update(recordSpans)
            .set({ fromAt: earlier(fromAt), toAt: earlier(toAt) })
            .where(inArray(recordSpans.recordId, recordIds(db)));
        });
      },
      evidence: () =>
        db
          .select({
            ...{ name: people.name, outcome: checkIns.outcome, flags: checkIns.flags },
            scannedAt: checkIns.scannedAt,
          })
          .from(checkIns)
          .innerJoin(memberships, eq(memberships.id, checkIns.membershipId))
          .innerJoin(people, eq(people.id, memberships.personId))
          .where(inArray(checkIns.meetingId, held))
          .orderBy(asc(checkIns.scannedAt)),
      async records() {
        const rows = await db
          .select({ record: attendanceRecords, name: people.name })
          .from(attendanceRecords)
          .innerJoin(memberships, eq(memberships.id, attendanceRecords.membershipId))
          .innerJoin(people, eq(people.id, memberships.personId))
          .where(inArray(attendanceRecords.meetingId, held));
        const spans = await db
          .select()
          .from(recordSpans)
          .where(
            inArray(
              recordSpans.recordId,
              rows.map(({ record }) => record.id),
            ),
          )
          .orderBy(asc(recordSpans.fromAt));
        return rows.map(({ record, name }) => ({
          ...{ name, status: record.status, provenMinutes: record.provenMinutes },
          spans: spans
            .filter(({ recordId }) => recordId === record.id)
            .map(({ fromAt, toAt }) => ({ from: fromAt, to: toAt })),
        }));
      },
    });

    // The course is shared with other tests, which count its meetings.
    await db.delete(recordSpans).where(inArray(recordSpans.recordId, recordIds(db)));
    await db.delete(attendanceRecords).where(inArray(attendanceRecords.meetingId, held));
    const idsOf = (table: typeof checkIns | typeof spotChecks) =>
      db.select({ id: table.id }).from(table).where(inArray(table.meetingId, held));
    await db.delete(checkInReviews).where(inArray(checkInReviews.checkInId, idsOf(checkIns)));
    await db.delete(spotCheckPicks).where(inArray(spotCheckPicks.spotCheckId, idsOf(spotChecks)));
    await db.delete(spotChecks).where(inArray(spotChecks.meetingId, held));
    await db.delete(checkIns).where(inArray(checkIns.meetingId, held));
    await db.delete(checkInWindows).where(inArray(checkInWindows.meetingId, held));
    await db.delete(meetings).where(inArray(meetings.id, held));
  },
});

const contextTitle = 'Communication in Care';

/** The course, once its list has been read: a student may have opened it first, and only a teacher's launch asks for it. */
async function findCourse(db: Db): Promise<string | undefined> {
  const [course] = await db
    .select({ id: courses.id })
    .from(courses)
    .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
    .where(and(eq(courses.title, contextTitle), isNotNull(courses.rosterSyncedAt)));
  return course?.id;
}

async function openCourse(
  context: BrowserContext,
  { lms, toolUrl }: { lms: Lms; toolUrl: string },
): Promise<string> {
  const frame = await toolFrame(await context.newPage(), lms, toolUrl, 'Emily Hartwell', known.otherCourse);
  return courseOf(frame);
}

/** The platform's sign-in, with its second factor if asked for; without script too. */
export async function signIn(
  phone: Page,
  name: string,
  { secondFactor = false, script = true } = {},
): Promise<void> {
  await phone.locator('input[name="q"]').fill(name);
  await phone.locator('input[name="q"]').press('Enter');
  if (secondFactor) await phone.locator('input[name="second_factor"]').check();
  await phone.locator(`button.person[data-name=${JSON.stringify(name)}]`).click();
  if (secondFactor) {
    await phone.locator('input[name="code"]').fill('123456');
    await phone.locator('input[name="code"]').press('Enter');
  }
  if (script) return;
  // From the platform to the tool, and with its answer back: what a script would press.
  for (const _way of ['to the tool', 'with the launch']) {
    await phone.getByRole('button', { name: /^(Continue|Weiter)$/ }).click();
  }
}

export const signInLink = (phone: Page): Locator =>
  phone.getByRole('link', {
    name: words('phone.sign-in.go.in', 'phone.sign-in.go.out', 'phone.more-time.go'),
  });
export const confirmButton = (phone: Page): Locator =>
  phone.getByRole('button', { name: words('phone.confirm.go.in', 'phone.confirm.go.out') });

export async function expectHeading(phone: Page, ...keys: Parameters<typeof words>): Promise<void> {
  await expect(phone.getByRole('heading', { level: 1, name: words(...keys) })).toBeVisible();
}

/** Scans as somebody whom nobody knows yet, and signs in. */
export async function scanAndSignIn(phone: Page, url: string, name: string): Promise<void> {
  await phone.goto(url);
  await signInLink(phone).click();
  await signIn(phone, name);
}

/** The same, and says that it is their own phone. */
export async function rememberPhone(phone: Page, url: string, name: string): Promise<void> {
  await scanAndSignIn(phone, url, name);
  await phone.getByRole('button', { name: words('phone.remember.go') }).click();
  await expect(phone.getByText(words('phone.remember.done'))).toBeVisible();
}

/** The target that the platform is to sign: an address of ours with the ticket in it. */
export async function targetOf(phone: Page): Promise<URL> {
  const link = new URL((await signInLink(phone).getAttribute('href')) ?? '');
  return new URL(link.searchParams.get('launch_url') ?? '');
}

/**
 * Makes the scan on this page an earlier one. The tool's clock is Postgres' and cannot be turned, so its ticket is
 * sealed anew with another time; everything else goes the real way.
 */
export async function ageScan(
  phone: Page,
  hall: Pick<LectureHall, 'secrets'>,
  minutes: number,
): Promise<Date> {
  const target = await targetOf(phone);
  const ticket = openTicket(hall, target.searchParams.get('ticket') ?? undefined);
  if (ticket === undefined) throw new Error('there is no ticket on this page');
  const at = addMs(ticket.at, -minutes * minuteMs);
  target.searchParams.set('ticket', sealTicket(hall, { ...ticket, at }));
  await signInLink(phone).evaluate((link, launchUrl) => {
    const url = new URL((link as HTMLAnchorElement).href);
    url.searchParams.set('launch_url', launchUrl);
    (link as HTMLAnchorElement).href = url.href;
  }, target.href);
  return at;
}
