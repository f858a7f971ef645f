import { AppError } from '../base/errors.ts';
import type { OutsideAnswer, OutsideFetch } from '../base/outside-fetch.ts';
import { addMs } from '../base/time.ts';
import { computeRetryWait, computeSlowDown, decideRetry, isThrottled } from './decide-retry.ts';
import type { Attempt } from './decide-retry.ts';
import { createHostSlots } from './host-slots.ts';
import type { Wait } from './host-slots.ts';
import { nextLink } from './next-link.ts';
import { readTokenAnswer, signTokenRequest } from './service-token.ts';
import type { ServiceToken, TokenClient } from './service-token.ts';
import type { ToolSigner } from './tool-key.ts';

/** Canvas holds 50 of a bucket of 600 for each call under way, and schools share a bucket. */
const callsPerHost = 4;
const mostAttempts = 6;
/** A call with its token, its queueing and its repetitions; the last attempt may still end after it. */
const callBudgetMs = 120_000;
/** Nobody keeps later callers from trying for longer than this, whatever they write into Retry-After. */
const longestPauseMs = 60_000;
/** A list with all its pages. */
const listBudgetMs = 10 * 60_000;
/** More pages than any list has: a platform that links in circles must end somewhere. */
const mostPages = 2_000;

/** A platform, and who we are to it. */
export interface ToolCaller extends TokenClient {
  /** Our id of the platform. Tokens and pauses never leave it. */
  id: string;
  /** Called only when a token is needed. */
  signer: () => Promise<ToolSigner>;
}

/** Somebody at the platform who has given us a token of theirs, for its other interfaces. */
export interface TokenHolder {
  id: string;
  token: string;
  /** The origin that the token may go to, and no other. */
  origin: string;
}

export type ServiceCaller = ToolCaller | TokenHolder;

export interface ServiceRequest {
  url: string;
  scopes: readonly string[];
  /** What the errors say it was about: `members`, `scores`. */
  at: string;
  /** Default GET. Anything else may be carried out though its answer is lost, and is then not repeated. */
  method?: 'GET' | 'POST';
  accept?: string;
  /** With its media type. */
  content?: { type: string; body: string };
  /** Statuses beyond 2xx that are an answer to the caller, e.g. 404 for a line item that was deleted. */
  expected?: readonly number[];
  /** One attempt, from look-up to last byte. Default 15 s. */
  timeoutMs?: number;
  maxBytes?: number;
}

export interface ServiceClient {
  /**
   * Calls a service of a platform with an access token (RFC 6750 § 2.1). A token that the platform no longer
   * takes (401) is replaced once; what it refuses for now is repeated with growing pauses, for two minutes at most.
   *
   * @throws AppError `platform-answer` (`status`; `throttled` where it means "too much"; `at` is `token` when no token
   *   was given), `platform-unreachable`, `address-refused`
   */
  call(caller: ServiceCaller, request: ServiceRequest): Promise<OutsideAnswer>;
  /**
   * Gets a list page by page. `Link: rel="next"` (RFC 8288) is followed as it stands and only on the same origin,
   * so that the token cannot leak; a page that comes a second time ends it with an error.
   *
   * @throws AppError as `call`: then the pages so far are a part, not the whole
   */
  readPages(caller: ServiceCaller, request: ServiceRequest): AsyncGenerator<OutsideAnswer>;
}

export interface ServiceMeans {
  fetchOutside: OutsideFetch;
  now: () => Date;
  wait: Wait;
  /** From 0 up to, but not including, 1. */
  random: () => number;
}

/** One way to a server: what is waited for and counted there. */
interface Way {
  caller: ServiceCaller;
  host: string;
  at: string;
  harmless: boolean;
  until: Date;
}

interface KeptToken {
  asked: Promise<ServiceToken>;
  /** Undefined while it is being asked for. */
  token?: ServiceToken;
}

/**
 * Makes the client for the services of all platforms: LTI Names and Roles, Assignment and Grades. There is one in
 * a process, for it counts the calls under way: at most four a host. Tokens (RFC 6749 § 4.4) are kept by platform
 * and scopes, and asked for once however many callers wait.
 */
export function createServiceClient({ fetchOutside, now, wait, random }: ServiceMeans): ServiceClient {
  const slots = createHostSlots(callsPerHost, wait);
  const tokens = new Map<string, KeptToken>();
  /** Platforms that want to be left alone, by `pauseKey`. */
  const pauses = new Map<string, Date>();

  const msUntil = (moment: Date) => Math.max(0, moment.getTime() - now().getTime());
  const pauseKey = (way: Way) => `${way.caller.id} ${way.host}`;

  function pause(way: Way, ms: number): void {
    const end = addMs(now(), Math.min(ms, longestPauseMs));
    const before = pauses.get(pauseKey(way));
    if (ms > 0 && (before === undefined || before < end)) pauses.set(pauseKey(way), end);
  }

  function pauseLeft(way: Way): number {
    const end = pauses.get(pauseKey(way));
    const left = end === undefined ? 0 : msUntil(end);
    if (left === 0) pauses.delete(pauseKey(way));
    return left;
  }

  /** Waits for the platform to be ready and for a slot, in this order: a pause holds no slot. */
  async function enter(way: Way): Promise<void> {
    for (;;) {
      for (let left = pauseLeft(way); left > 0; left = pauseLeft(way)) {
        if (left > msUntil(way.until)) throw busy(way, 'paused by the platform');
        await wait(left);
      }
      if (!(await slots.take(way.host, msUntil(way.until)))) throw busy(way, 'too many calls under way');
      if (pauseLeft(way) === 0) return;
      slots.free(way.host);
    }
  }

  function busy({ at, host }: Way, reason: string): AppError {
    return new AppError('platform-unreachable', { at, host, reason });
  }

  /** One exchange with its repetitions. What stays refused is returned, what stays unanswered is thrown. */
  async function exchange(way: Way, send: () => Promise<OutsideAnswer>): Promise<OutsideAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      await enter(way);
      let outcome: Attempt;
      let failure: unknown;
      try {
        outcome = { kind: 'answered', answer: await send() };
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'platform-unreachable') throw error;
        failure = error;
        outcome = { kind: 'unanswered', sent: error.facts.sent !== false };
      } finally {
        slots.free(way.host);
      }
      const decision = decideRetry(outcome, { harmless: way.harmless, now: now() });
      if (decision.kind === 'repeat') {
        const waitMs = computeRetryWait(attempt, decision.leastMs, random());
        pause(way, decision.throttled ? waitMs : decision.leastMs);
        if (attempt < mostAttempts && waitMs <= msUntil(way.until)) {
          await wait(waitMs);
          continue;
        }
      }
      if (outcome.kind === 'unanswered') throw failure;
      pause(way, computeSlowDown(outcome.answer));
      return outcome.answer;
    }
  }

  async function askForToken(caller: ToolCaller, scopes: readonly string[], until: Date) {
    const way = { caller, host: hostOf(caller.tokenUrl), at: 'token', harmless: true, until };
    const answer = await exchange(way, async () =>
      fetchOutside(caller.tokenUrl, await signTokenRequest(caller, scopes, await caller.signer(), now())),
    );
    return readTokenAnswer(answer, scopes, now());
  }

  /** @param refused a token that the platform did not take: never given again */
  function takeToken(
    caller: ToolCaller,
    scopes: readonly string[],
    until: Date,
    refused?: ServiceToken,
  ): Promise<ServiceToken> {
    const wanted = [...new Set(scopes)].sort();
    const key = [caller.id, ...wanted].join(' ');
    const kept = tokens.get(key);
    if (kept !== undefined) {
      const { token } = kept;
      if (token === undefined || (token !== refused && token.expiresAt > now())) return kept.asked;
    }
    const fresh: KeptToken = { asked: askForToken(caller, wanted, until) };
    tokens.set(key, fresh);
    fresh.asked.then(
      (token) => {
        fresh.token = token;
      },
      () => {
        if (tokens.get(key) === fresh) tokens.delete(key);
      },
    );
    return fresh.asked;
  }

  async function call(caller: ServiceCaller, request: ServiceRequest): Promise<OutsideAnswer> {
    const { url, scopes, at, method = 'GET', accept = 'application/json', content, expected = [] } = request;
    const until = addMs(now(), callBudgetMs);
    const way = { caller, host: hostOf(url), at, harmless: method === 'GET', until };
    const send = (token: string) =>
      exchange(way, () =>
        fetchOutside(url, {
          method,
          headers: {
            accept,
            // Moodle takes no other spelling of the scheme.
            authorization: `Bearer ${token}`,
            ...(content === undefined ? {} : { 'content-type': content.type }),
          },
          body: content?.body,
          timeoutMs: request.timeoutMs ?? 15_000,
          maxBytes: request.maxBytes,
        }),
      );
    const sendAsTool = async (tool: ToolCaller) => {
      const token = await takeToken(tool, scopes, until);
      const answer = await send(token.value);
      if (answer.status !== 401) return answer;
      return send((await takeToken(tool, scopes, until, token)).value);
    };
    if ('token' in caller && URL.parse(url)?.origin !== caller.origin) {
      throw new AppError('address-refused', { at, host: way.host, reason: 'not where the token is for' });
    }
    const answer = await ('token' in caller ? send(caller.token) : sendAsTool(caller));
    const { status } = answer;
    if ((status >= 200 && status < 300) || expected.includes(status)) return answer;
    const facts = { at, host: way.host, status };
    throw new AppError('platform-answer', isThrottled(answer) ? { ...facts, throttled: true } : facts);
  }

  async function* readPages(caller: ServiceCaller, request: ServiceRequest): AsyncGenerator<OutsideAnswer> {
    const until = addMs(now(), listBudgetMs);
    const fail = (reason: string) =>
      new AppError('platform-answer', { at: request.at, host: hostOf(request.url), reason });
    const seen = new Set<string>();
    let page: string | undefined = request.url;
    while (page !== undefined) {
      if (seen.has(page)) throw fail('pages in a circle');
      if (seen.size === mostPages) throw fail('too many pages');
      if (seen.size > 0 && msUntil(until) === 0) throw fail('too slow');
      seen.add(page);
      const answer = await call(caller, { ...request, url: page });
      yield answer;
      const next = nextLink(answer.headers.link, page);
      if (next === 'elsewhere') throw fail('next page elsewhere');
      page = next?.url;
    }
  }

  return { call, readPages };
}

/** Facts and queues name the host alone: the rest of an address may tell of people. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? '';
}
