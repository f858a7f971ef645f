import { tokenHash } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { isDatabaseUnavailable } from '../db/database-unavailable.ts';
import { errorFacts } from '../base/log.ts';
import { selectScanTarget } from './queries.ts';
import type { MeetingOfWindow, ScanTarget } from './queries.ts';
import { codeAt, decideScan, isTicketOver, readCode, spellCode } from './rules.ts';
import type { RefusedScan } from './rules.ts';
import { openTicket, sealTicket, ticketForCode } from './scan-ticket.ts';
import type { ScanTicket } from './scan-ticket.ts';
import { openSecret } from '../check-in-windows/window-secret.ts';

interface KeptScan {
  /** Sealed: for the cookie, the form, and the address that comes back from the sign-in. */
  ticket: string;
  /** When the code was seen: this time counts. */
  at: Date;
}

export type LoadedScan =
  /** A remembered phone: one tap. */
  | (KeptScan & {
      kind: 'confirm';
      meeting: MeetingOfWindow;
      membershipId: string;
      personName: string | null;
    })
  /** A phone that nobody is known by: the platform's sign-in comes next. */
  | (KeptScan & {
      kind: 'sign-in';
      meeting: MeetingOfWindow;
      courseTitle: string;
      platform: ScanTarget['platform'];
      /** What to type in the course, where the platform has no direct way: no newer than the scan. */
      typedCode: string;
    })
  /** The database is away: the scan is kept and will be judged later. */
  | (KeptScan & { kind: 'waiting' })
  | { kind: 'ticket-expired' }
  | RefusedScan;

/**
 * What a phone that opens a code sees. Stores nothing: the scan becomes a sealed ticket. A typed code is not
 * judged here, because wrong guesses are counted for a person, and nobody is known yet.
 */
export async function loadScan(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets' | 'log'>,
  given: { code: string; cookieTicket: string | undefined; deviceKey: string | undefined },
): Promise<LoadedScan> {
  const code = readCode(given.code);
  if (code === undefined) return { kind: 'code-unknown' };
  return loadTarget(ctx, ticketForCode(ctx, code, given.cookieTicket), given.deviceKey);
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

async function loadTarget(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets' | 'log'>,
  ticket: ScanTicket,
  deviceKey: string | undefined,
): Promise<LoadedScan> {
  const deviceHash = deviceKey === undefined ? undefined : tokenHash(deviceKey);
  let target;
  try {
    target = await selectScanTarget(
      ctx.db,
      ticket.verified === undefined
        ? { locator: ticket.code.locator }
        : { windowId: ticket.verified.windowId },
      { personId: undefined, deviceHash },
      ctx.now,
    );
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    ctx.log.warn(errorFacts(error), 'a scan waits for the database');
    return { kind: 'waiting', ticket: sealTicket(ctx, ticket), at: ticket.at };
  }
  if (target === undefined) return { kind: 'code-unknown' };

  let kept = ticket;
  const { window, meeting } = target;
  const source = { ...window, secret: openSecret(ctx.secrets, window.sealedSecret) };
  if (ticket.code.via === 'scan' && ticket.verified === undefined) {
    const scan = decideScan({ source, window, meeting }, ticket.code, ticket.at);
    if (scan.kind !== 'taken') return scan;
    kept = { ...ticket, verified: { windowId: window.id, ageMs: scan.codeAgeMs } };
  }
  const scan = { ticket: sealTicket(ctx, kept), at: kept.at, meeting };
  const { member } = target;
  if (member?.isEnrolled === true && member.role === 'student' && !member.isTestUser) {
    return { kind: 'confirm', ...scan, membershipId: member.id, personName: member.personName };
  }
  return {
    kind: 'sign-in',
    ...scan,
    courseTitle: target.courseTitle,
    platform: target.platform,
    typedCode: spellCode(kept.code.via === 'typed' ? kept.code.text : codeAt(source, 'typed', kept.at)),
  };
}
