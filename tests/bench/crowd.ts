import { setTimeout as delay } from 'node:timers/promises';
import { en as english } from '#lib/i18n/en.ts';
import { createPhone, isQuestion, isWaiting, titleOf } from '../support/phone.ts';
import type { Phone } from '../support/phone.ts';
import { flood, textOf } from './flood.ts';
import type { FloodAnswer, Flooded, FloodRequest } from './flood.ts';
import { answerOrders } from './ordered-process.ts';

// Many phones, as a process of their own. See `startHelper`.

/** A remembered phone before a wall. */
export interface PhoneInHall {
  deviceKey: string;
  /** The codes of the wall, each with the instant from which it is shown. */
  codes: readonly { code: string; from: string }[];
}

export type CrowdOrder =
  | { kind: 'empty'; url: string; count: number; connections: number }
  /** Every phone scans: what it gets is kept for `confirm`. */
  | {
      kind: 'scan';
      url: string;
      /** What phones call the tool, where this is another process of it. */
      origin?: string;
      phones: readonly PhoneInHall[];
      connections: number;
    }
  | { kind: 'confirm'; url: string; connections: number }
  /** The bare server's next `count` check-ins. */
  | { kind: 'bare'; url: string; count: number; connections: number }
  /** Every phone scans and confirms once, at a random moment of this span. */
  | { kind: 'burst'; url: string; phones: readonly PhoneInHall[]; withinMs: number };

export interface CrowdAnswer {
  ms: number;
  /** Each request's time in a burst, counted from when it should have been sent. */
  scanMs: number[];
  confirmMs: number[];
  /** How often a phone was told to be patient, and went on by itself. */
  waited: number;
  /** What went wrong, one line each. */
  errors: string[];
}

/** How the page after a check-in begins; not that of "checked in already". */
const success = `<title>${english['phone.result.checked-in.title']}</title>`;

/** What a phone's browser sends with everything; all of them come through one address, as from a hall's Wi-Fi. */
const phoneHeaders = {
  accept: 'text/html',
  'accept-encoding': 'gzip',
  'accept-language': 'en',
  'x-forwarded-for': '203.0.113.7',
};

/** A phone that has waited so often gives up. */
const maxWaits = 5;

/** The taps that the last scans have led to. */
let taps: FloodRequest[] = [];

answerOrders(async (order: CrowdOrder): Promise<CrowdAnswer> => {
  switch (order.kind) {
    case 'empty':
      return answered(await flood(order.url, order, () => get('/health', phoneHeaders)), '{"status":"ok"}');
    case 'bare': {
      const next = (index: number) => ({
        ...get(`/${String(index)}`, phoneHeaders),
        method: 'POST' as const,
      });
      return answered(await flood(order.url, order, next), 'true');
    }
    case 'scan': {
      const { url, origin = url, phones, connections } = order;
      const cookieAt = (index: number) => `sk_device=${phones[index]?.deviceKey ?? ''}`;
      // The code of that moment: the wall changes while many scan.
      const scanAt = (index: number) =>
        get(`/c/${codeOnWall(phones[index])}`, { ...phoneHeaders, cookie: cookieAt(index) });
      const flooded = await flood(url, { count: phones.length, connections }, scanAt);
      taps = flooded.answers.map((answer, index) =>
        tapOf(textOf(answer), origin, [cookieAt(index), ...cookiesOf(answer)]),
      );
      return answered(flooded, 'action="/c/confirm"');
    }
    case 'confirm': {
      const count = taps.length;
      return answered(await flood(order.url, { ...order, count }, (index) => tapAt(index)), success);
    }
    case 'burst':
      return burst(order);
  }
});

function get(path: string, headers: FloodRequest['headers']): FloodRequest {
  return { method: 'GET', path, headers };
}

function tapAt(index: number): FloodRequest {
  const tap = taps[index];
  if (tap === undefined) throw new Error('nobody has scanned');
  return tap;
}

function answered({ ms, answers }: Flooded, expected: string): CrowdAnswer {
  const errors = answers.flatMap((answer) => {
    const body = textOf(answer);
    return answer.status === 200 && body.includes(expected)
      ? []
      : [titleOf({ status: answer.status, headers: answer.headers, body })];
  });
  return { ms, scanMs: [], confirmMs: [], waited: 0, errors };
}

function codeOnWall(phone: PhoneInHall | undefined): string {
  const now = new Date().toISOString();
  return phone?.codes.findLast(({ from }) => from <= now)?.code ?? '';
}

function cookiesOf(answer: FloodAnswer): string[] {
  return (answer.headers['set-cookie'] ?? []).map((cookie) => cookie.split(';', 1)[0] ?? '');
}

function tapOf(page: string, origin: string, cookies: readonly string[]): FloodRequest {
  const form = /action="\/c\/confirm"[^]*?<\/form>/.exec(page)?.[0] ?? '';
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  const body = new URLSearchParams(fields.map(([, name = '', value = '']) => [name, value])).toString();
  return {
    method: 'POST',
    path: '/c/confirm',
    headers: {
      ...phoneHeaders,
      origin,
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': String(Buffer.byteLength(body)),
      cookie: cookies.join('; '),
    },
    body,
  };
}

async function burst({
  url,
  phones,
  withinMs,
}: Extract<CrowdOrder, { kind: 'burst' }>): Promise<CrowdAnswer> {
  const begin = performance.now();
  const scanMs: number[] = [];
  const confirmMs: number[] = [];
  const errors: string[] = [];
  let waited = 0;
  /** What a phone does by itself: it waits as long as it is told, and opens its kept scan again. */
  const settle = async (phone: Phone) => {
    for (let tries = 0; tries < maxWaits && isWaiting(phone.page); tries += 1) {
      waited += 1;
      await phone.follow();
    }
    if (phone.page?.status !== 200) throw new Error(titleOf(phone.page));
  };
  await Promise.all(
    phones.map(async (given) => {
      const due = Math.random() * withinMs;
      const phone = createPhone({ url, deviceKey: given.deviceKey, forwardedFor: '203.0.113.7' });
      await delay(due);
      try {
        // Counted from when it was due: a load generator that is late itself must not look fast.
        await phone.scan(codeOnWall(given));
        await settle(phone);
        const scannedAt = performance.now();
        scanMs.push(scannedAt - begin - due);
        await phone.confirm();
        await settle(phone);
        // The kept scan asks again.
        if (isQuestion(phone.page)) await phone.confirm();
        confirmMs.push(performance.now() - scannedAt);
        if (phone.page?.body.includes(success) !== true) throw new Error(titleOf(phone.page));
      } catch (error) {
        errors.push(String(error));
      }
    }),
  );
  return { ms: performance.now() - begin, scanMs, confirmMs, waited, errors };
}
