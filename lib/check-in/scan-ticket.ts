import { z } from 'zod';
import { randomToken } from '../base/ids.ts';
import { seal, unseal } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { readCode } from '../check-in-windows/rules.ts';
import type { ReadCode } from '../check-in-windows/rules.ts';
import { isTicketOver, ticketMs } from './rules.ts';
import type { Attempt } from './rules.ts';

const ticketShape = z.object({
  id: z.string(),
  /** Milliseconds since 1970, by Postgres' clock. */
  at: z.number(),
  code: z.string(),
  /** Absent while the code could not or should not be judged yet. */
  verified: z.object({ windowId: z.uuid(), ageMs: z.number().nullable() }).optional(),
  /** The browser that saw the code, as a hash of its id. */
  by: z.string().optional(),
});

/** The sealed statement that a code was seen, when, and by which browser. It travels through the sign-in. */
export interface ScanTicket {
  id: string;
  at: Date;
  code: ReadCode;
  verified: { windowId: string; ageMs: number | null } | undefined;
  by: string | undefined;
}

/** How long the browser keeps its ticket. */
export const ticketSeconds = ticketMs / 1000;

export function createTicket(code: ReadCode, now: Date, by?: string): ScanTicket {
  return { id: randomToken(12), at: now, code, verified: undefined, by };
}

export function sealTicket(ctx: Pick<Ctx, 'secrets'>, ticket: ScanTicket): string {
  const { id, at, code, verified, by } = ticket;
  return seal(ctx.secrets, 'scan-ticket', { id, at: at.getTime(), code: code.text, verified, by });
}

/** The ticket, however old, or undefined when it is not ours. */
export function openTicket(ctx: Pick<Ctx, 'secrets'>, sealed: string | undefined): ScanTicket | undefined {
  if (sealed === undefined) return undefined;
  const opened = ticketShape.safeParse(unseal(ctx.secrets, 'scan-ticket', sealed));
  if (!opened.success) return undefined;
  const { id, at, code, verified, by } = opened.data;
  const read = readCode(code);
  return read === undefined ? undefined : { id, at: new Date(at), code: read, verified, by };
}

/**
 * The ticket that a browser keeps of this very code, if it opened it within ten minutes: so that a reload after the code
 * has changed does no harm.
 */
export function keptTicket(
  ctx: Pick<Ctx, 'secrets' | 'now'>,
  code: ReadCode,
  cookieTicket: string | undefined,
): ScanTicket | undefined {
  const first = openTicket(ctx, cookieTicket);
  return first?.code.text === code.text && !isTicketOver(first.at, ctx.now) ? first : undefined;
}

/**
 * @param browserHash of the browser that brings the ticket back (in a form, in a launch). It is the one that scanned if
 *   it has the same id, and by nothing else: the ticket itself can be passed on with the link, into a cookie too.
 */
export function attemptOf(ticket: ScanTicket, browserHash: string | null): Attempt {
  return {
    ticketId: ticket.id,
    at: ticket.at,
    via: ticket.code.via,
    code:
      ticket.verified === undefined
        ? { verified: false, read: ticket.code }
        : { verified: true, ageMs: ticket.verified.ageMs },
    sameBrowser: ticket.by !== undefined && ticket.by === browserHash,
    scanBrowserHash: ticket.by ?? null,
  };
}
