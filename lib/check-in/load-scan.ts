import { tokenHash } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { isDatabaseUnavailable } from '../db/database-unavailable.ts';
import { errorFacts } from '../base/log.ts';
import { selectCheckInSnapshot, selectIsExtraTimeGiven, selectScanTarget } from './queries.ts';
import type { CoursePolicy } from '../base/course-policy.ts';
import type { CheckInSnapshot, MeetingOfWindow, ScanTarget } from './queries.ts';
import { codeAt, readCode, spellCode } from '../check-in-windows/rules.ts';
import type { Direction } from '../db/schema.ts';
import { mostExtraMinutes } from '../base/extra-minutes.ts';
import { minuteMs } from '../base/time.ts';
import { countedSince, decideScan, decideWindow, isTicketOver } from './rules.ts';
import type { RefusedScan } from './rules.ts';
import { createTicket, keptTicket, openTicket, sealTicket } from './scan-ticket.ts';
import type { ScanTicket } from './scan-ticket.ts';
import { openSecret } from '../check-in-windows/window-secret.ts';

interface KeptScan {
  /** Sealed: for the cookie, the form, and the address that comes back from the sign-in. */
  ticket: string;
  /** When the code was seen: this time counts. */
  at: Date;
}

/** The platform's sign-in comes next. */
interface ScanToSignIn extends KeptScan {
  kind: 'sign-in';
  direction: Direction;
  meeting: MeetingOfWindow;
  courseTitle: string;
  /** The code is known to be right. A typed one is not yet: whoever tries them all must not read what is taught when. */
  isProven: boolean;
  platform: ScanTarget['platform'];
  /** What to type in the course, where the platform has no direct way: no newer than the scan. */
  typedCode: string;
}

export type LoadedScan =
  /** A remembered phone: one tap. */
  | (KeptScan & {
      kind: 'confirm';
      direction: Direction;
      meeting: MeetingOfWindow;
      membershipId: string;
      personName: string | null;
      policy: CoursePolicy;
    })
  /** A phone that nobody is known by. */
  | ScanToSignIn
  /** The database is away: the scan is kept and will be judged later. */
  | (KeptScan & { kind: 'waiting' })
  | { kind: 'ticket-expired' }
  /** Too late; in time for somebody who has been given more time: they may sign in and see. */
  | (RefusedScan & { withMoreTime?: ScanToSignIn });

/** Whose scan it is, as far as the browser tells. */
interface BrowserOfScan {
  cookieTicket: string | undefined;
  browserHash: string | null;
  deviceKey: string | undefined;
}

/**
 * What a phone that opens a code sees. Stores nothing: the scan becomes a sealed ticket. A typed code is not
 * judged here, because wrong guesses are counted for a person, and nobody is known yet: only where no code at all would
 * be taken, nobody need sign in to hear it.
 */
export async function loadScan(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets' | 'log'>,
  given: BrowserOfScan & { code: string },
): Promise<LoadedScan> {
  const code = readCode(given.code);
  if (code === undefined) return { kind: 'code-unknown' };
  const fresh = createTicket(code, ctx.now, given.browserHash ?? undefined);
  const kept = keptTicket(ctx, code, given.cookieTicket);
  return kept === undefined
    ? loadTarget(ctx, fresh, given.deviceKey)
    : loadTarget(ctx, kept, given.deviceKey, fresh);
}

/** The same for a scan that has its ticket already: the way back from an interrupted sign-in. */
export async function loadTicket(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets' | 'log'>,
  given: { ticket: string; deviceKey: string | undefined },
): Promise<LoadedScan> {
  const ticket = openTicket(ctx, given.ticket);
  if (ticket === undefined || isTicketOver(ticket.at, ctx.now)) return { kind: 'ticket-expired' };
  return loadTarget(ctx, ticket, given.deviceKey);
}

/** @param fresh given where the ticket was kept since an earlier look: another one for the same code, as of now */
async function loadTarget(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets' | 'log'>,
  ticket: ScanTicket,
  deviceKey: string | undefined,
  fresh?: ScanTicket,
): Promise<LoadedScan> {
  const deviceHash = deviceKey === undefined ? undefined : tokenHash(deviceKey);
  const key =
    ticket.verified === undefined ? { locator: ticket.code.locator } : { windowId: ticket.verified.windowId };
  const asking = { personId: undefined, deviceHash };
  let target: (ScanTarget & Partial<Pick<CheckInSnapshot, 'earlier'>>) | undefined;
  try {
    target =
      fresh === undefined
        ? await selectScanTarget(ctx.db, key, asking, ctx.now)
        : await selectCheckInSnapshot(ctx.db, key, asking, {
            ...{ ticketId: ticket.id, now: ctx.now, countedSince: countedSince(ctx.now) },
          });
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    ctx.log.warn(errorFacts(error), 'a scan waits for the database');
    return { kind: 'waiting', ticket: sealTicket(ctx, ticket), at: ticket.at };
  }
  if (target === undefined) return { kind: 'code-unknown' };

  const { window, meeting, member } = target;
  if (fresh !== undefined && isOfAnother(target.earlier, member)) {
    // One phone or tablet goes from hand to hand before the same code: whoever comes next has a scan of their own.
    const next = await loadTarget(ctx, fresh, deviceKey);
    if ('ticket' in next) return next;
  }
  const source = { ...window, secret: openSecret(ctx.secrets, window.sealedSecret) };
  const isStudent = member?.isEnrolled === true && member.role === 'student' && !member.isTestUser;
  const signIn = (kept: ScanTicket): ScanToSignIn => ({
    kind: 'sign-in',
    ...{ ticket: sealTicket(ctx, kept), at: kept.at, meeting, direction: window.direction },
    courseTitle: target.courseTitle,
    isProven: kept.code.via === 'scan',
    platform: target.platform,
    typedCode: spellCode(kept.code.via === 'typed' ? kept.code.text : codeAt(source, 'typed', kept.at)),
  });

  let kept = ticket;
  if (ticket.code.via === 'typed') {
    const extraMs = (isStudent ? member.extraMinutes : mostExtraMinutes) * minuteMs;
    const refusal = decideWindow({ window, meeting }, ticket.at, extraMs);
    if (refusal !== undefined) return refusal;
  }
  if (ticket.code.via === 'scan' && ticket.verified === undefined) {
    const extraMs = isStudent ? member.extraMinutes * minuteMs : 0;
    const scan = decideScan({ source, window, meeting }, ticket.code, ticket.at, extraMs);
    if (scan.kind === 'taken') {
      // In time for everybody, it is proven now; in time for this person, it is judged again when they confirm.
      const isForAll =
        extraMs === 0 || decideScan({ source, window, meeting }, ticket.code, ticket.at).kind === 'taken';
      if (isForAll) kept = { ...ticket, verified: { windowId: window.id, ageMs: scan.codeAgeMs } };
    } else {
      const isLate = scan.kind === 'code-too-old' || scan.kind === 'closed';
      const wouldDo =
        isLate &&
        decideScan({ source, window, meeting }, ticket.code, ticket.at, mostExtraMinutes * minuteMs).kind ===
          'taken';
      return wouldDo && !isStudent && (await selectIsExtraTimeGiven(ctx.db, meeting.courseId))
        ? { ...scan, withMoreTime: signIn(ticket) }
        : scan;
    }
  }
  if (!isStudent) return signIn(kept);
  return {
    kind: 'confirm',
    ...{ ticket: sealTicket(ctx, kept), at: kept.at, meeting, direction: window.direction },
    membershipId: member.id,
    personName: member.personName,
    policy: target.policy,
  };
}

/** Whether a ticket has checked in somebody else than whom this phone is known to be; nobody is known: it may be so. */
function isOfAnother(
  earlier: { membershipId: string } | undefined,
  member: { id: string } | undefined,
): boolean {
  return earlier !== undefined && earlier.membershipId !== member?.id;
}
