import type { Ctx } from '../context.ts';
import { confirmAttempt } from './confirm-attempt.ts';
import type { CheckInResult } from './confirm-attempt.ts';
import { attemptOf, openTicket } from './scan-ticket.ts';

export type { CheckInResult, ConfirmedCheckIn } from './confirm-attempt.ts';
export type { MeetingOfWindow } from './queries.ts';

export interface ScanToConfirm {
  ticket: string;
  /** Whether the browser that scanned brings the ticket back (`isSameBrowser`); if not, it is flagged. */
  sameBrowser: boolean;
  /** The browser's remembered-phone key, if it has one. */
  deviceKey?: string | undefined;
  /** See `networkPrefix`. */
  network: string | null;
  /** The membership that the confirming page named. */
  expectedMembershipId?: string | undefined;
}

/**
 * Checks the viewer in (a launch has just signed them in), or the person whose phone this is. The time of the
 * scan counts, not that of the sign-in.
 */
export async function confirmScan(ctx: Ctx, scan: ScanToConfirm): Promise<CheckInResult> {
  const ticket = openTicket(ctx, scan.ticket);
  if (ticket === undefined) return { kind: 'ticket-expired' };
  return confirmAttempt(ctx, {
    key:
      ticket.verified === undefined
        ? { locator: ticket.code.locator }
        : { windowId: ticket.verified.windowId },
    attempt: attemptOf(ticket, scan.sameBrowser),
    personId: ctx.viewer?.personId,
    deviceKey: scan.deviceKey,
    network: scan.network,
    expectedMembershipId: scan.expectedMembershipId,
  });
}
