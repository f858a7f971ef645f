import { setTimeout as delay } from 'node:timers/promises';
import { openTicket } from '#lib/check-in/scan-ticket.ts';
import { isQuestion, isWaiting, titleOf } from '../support/phone.ts';
import type { Phone, PhonePage } from '../support/phone.ts';
import { testSecrets } from '../support/test-context.ts';

/** As soon as a person presses again after "the site cannot be reached". */
const fingerMs = 100;
/**
 * A code on the wall fits for so long at least. A process that is still starting takes the request and answers when it
 * is there: by then it may be an old code's, and the person scans what the wall shows now.
 */
const codeFitsMs = 10_000;

/** One phone's way through a burst. */
export interface Way {
  phone: Phone;
  /** The id of the ticket that its first answered scan has become, and when that was. */
  ticketId: string | undefined;
  scanned: { from: Date; to: Date } | undefined;
  isConfirmed: boolean;
  /** How often it was told to be patient. */
  waited: number;
  /** How often nobody answered. */
  unanswered: number;
}

/** PostgreSQL's clock is this machine's; a process measures it to some tens of milliseconds. */
export const clockErrorMs = 500;

export interface Burst {
  ways: readonly Way[];
  confirmed(): Way[];
  /** Resolves as soon as it is true; asked at every step of every phone. */
  when(isSo: () => boolean): Promise<void>;
  /** Every phone shows "checked in". Rejects at the first page that no phone should see. */
  done: Promise<void>;
}

export const isCheckedIn = (page: PhonePage | undefined) =>
  page?.status === 200 && /<title>[^<]*checked in/i.test(page.body);

/** The id of the scan that a page carries in its form or its address. */
export function ticketIdOf(page: PhonePage | undefined): string | undefined {
  const ticket = /(?:name="ticket" value="|\?ticket=)([^"&]+)/.exec(page?.body ?? '')?.[1];
  return openTicket({ secrets: testSecrets }, decodeURIComponent(ticket ?? ''))?.id;
}

/**
 * Many phones at once, each as patient as its owner: it scans what is on the wall, taps, follows a page that asks for
 * patience, and presses again where there was no answer.
 *
 * @param atOnce how many are under way at a time
 */
export function startBurst(phones: readonly Phone[], code: () => string, atOnce: number): Burst {
  const ways = phones.map((phone): Way => ({
    phone,
    ticketId: undefined,
    scanned: undefined,
    isConfirmed: false,
    waited: 0,
    unanswered: 0,
  }));
  const waiting = new Set<{ isSo: () => boolean; resolve: () => void }>();
  const step = () => {
    for (const one of waiting) {
      if (!one.isSo()) continue;
      waiting.delete(one);
      one.resolve();
    }
  };

  const go = async (way: Way) => {
    const { phone } = way;
    while (!way.isConfirmed) {
      const from = new Date();
      try {
        if (isQuestion(phone.page)) await phone.confirm();
        else if (isWaiting(phone.page)) await phone.follow();
        else await phone.scan(code());
      } catch (error) {
        if (!isUnanswered(error)) throw error;
        way.unanswered += 1;
        step();
        await delay(fingerMs);
        continue;
      }
      const { page } = phone;
      const tookMs = Date.now() - from.getTime();
      if (page?.status === 410 && way.scanned === undefined && tookMs > codeFitsMs - clockErrorMs) continue;
      if (isCheckedIn(page)) way.isConfirmed = true;
      else if (isPatient(phone)) way.waited += 1;
      else if (!isQuestion(page)) throw new Error(`a phone was left with: ${titleOf(page)}`);
      if (way.scanned === undefined) {
        way.scanned = { from, to: new Date() };
        way.ticketId = ticketIdOf(page);
      }
      step();
    }
  };
  const queue = ways.values();
  const lane = async () => {
    for (const way of queue) await go(way);
  };
  const done = Promise.all(Array.from({ length: atOnce }, lane)).then(() => undefined);
  return {
    ways,
    confirmed: () => ways.filter(({ isConfirmed }) => isConfirmed),
    when: (isSo) =>
      Promise.race([
        new Promise<void>((resolve) => void waiting.add({ isSo, resolve })),
        done.then(() => {
          if (!isSo()) throw new Error('the burst was over before');
        }),
      ]),
    done,
  };
}

/** The page that is shown says "try again" with 503, does so by itself, and holds the scan, as the browser does. */
export function isPatient({ page, cookie }: Phone): boolean {
  return (
    isWaiting(page) &&
    /^\d+$/.test(page?.headers['retry-after'] ?? '') &&
    ticketIdOf(page) !== undefined &&
    cookie('sk_scan') !== undefined
  );
}

/** The line broke, nobody listened, or the balancer had nobody to ask. */
function isUnanswered(error: unknown): boolean {
  return (
    error instanceof Error &&
    (/^the line broke|^502/.test(error.message) ||
      ('code' in error && ['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(String(error.code))))
  );
}
