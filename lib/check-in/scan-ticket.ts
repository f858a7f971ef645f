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
 * The ticket of a browser that opens a code: its first one, if it opened the same code within ten minutes, so
 * that a reload after the code has changed does no harm.
 */
export function ticketForCode(
  ctx: Pick<Ctx, 'secrets' | 'now'>,
  code: ReadCode,
  browser: { cookieTicket: string | undefined; browserHash: string | null },
): ScanTicket {
  const first = openTicket(ctx, browser.cookieTicket);
  return first?.code.text === code.text && !isTicketOver(first.at, ctx.now)
    ? first
    : createTicket(code, ctx.now, browser.browserHash ?? undefined);
}

/**
 * Whether the browser that brings a ticket back (in a form, in a launch) is the one that scanned: by its id, or by the
 * ticket that it keeps.
 */
function isSameBrowser(
  ctx: Pick<Ctx, 'secrets'>,
  ticket: ScanTicket,
  browser: { cookieTicket: string | undefined; browserHash: string | null },
): boolean {
  if (ticket.by !== undefined && ticket.by === browser.browserHash) return true;
  return ticket.id === openTicket(ctx, browser.cookieTicket)?.id;
}

export function attemptOf(
  ctx: Pick<Ctx, 'secrets'>,
  ticket: ScanTicket,
  browser: { cookieTicket: string | undefined; browserHash: string | null },
): Attempt {
  return {
    ticketId: ticket.id,
    at: ticket.at,
    via: ticket.code.via,
    code:
      ticket.verified === undefined
        ? { verified: false, read: ticket.code }
        : { verified: true, ageMs: ticket.verified.ageMs },
    sameBrowser: isSameBrowser(ctx, ticket, browser),
    scanBrowserHash: ticket.by ?? null,
  };
}
