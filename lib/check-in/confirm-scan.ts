import type { Ctx } from '../context.ts';
import { countCheckIn } from '../watching/meters.ts';
import { confirmAttempt } from './confirm-attempt.ts';
import type { CheckInResult, Circumstances } from './confirm-attempt.ts';
import { attemptOf, openTicket } from './scan-ticket.ts';

export type { CheckInResult, Circumstances } from './confirm-attempt.ts';
export type { ConfirmedCheckIn } from './keep-sight.ts';
export type { MeetingOfWindow } from './queries.ts';

export interface ScanToConfirm {
  ticket: string;
  circumstances: Circumstances;
  /** The membership that the confirming page named. */
  expectedMembershipId?: string | undefined;
}

/**
 * Checks the viewer in (a launch has just signed them in), or the person whose phone this is. The time of the
 * scan counts, not that of the sign-in.
 */
export async function confirmScan(ctx: Ctx, scan: ScanToConfirm): Promise<CheckInResult> {
  return countCheckIn('scan', await confirmTicket(ctx, scan));
}

async function confirmTicket(ctx: Ctx, scan: ScanToConfirm): Promise<CheckInResult> {
  const ticket = openTicket(ctx, scan.ticket);
  if (ticket === undefined) return { kind: 'ticket-expired' };
  const { circumstances } = scan;
  return confirmAttempt(ctx, {
    key:
      ticket.verified === undefined
        ? { locator: ticket.code.locator }
        : { windowId: ticket.verified.windowId },
    attempt: attemptOf(ticket, circumstances.browserHash),
    personId: ctx.viewer?.personId,
    circumstances,
    expectedMembershipId: scan.expectedMembershipId,
  });
}
