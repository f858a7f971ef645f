import type { Agent, IncomingHttpHeaders } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { agentFor, isSecure, requestFor } from './http-or-tls.ts';

export interface PhoneOptions {
  /** Where it reaches the tool: a process' own address, or a balancer's. */
  url: string;
  /** The tool's own origin (PUBLIC_URL), when that is another. */
  origin?: string;
  /** The key of a remembered phone (`seedPhones`). */
  deviceKey?: string;
  /** The address that a balancer would name. */
  forwardedFor?: string;
  /** How wrong this phone's clock is; by it the cookies end. */
  clockOffsetMs?: number;
  language?: string;
  /** By default all phones of the process share one, with as many connections as there are requests at once. */
  agent?: Agent;
}

export interface PhonePage {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Phone {
  /** What it shows now; nothing before the first answer. A request that fails leaves it as it was. */
  readonly page: PhonePage | undefined;
  /**
   * Opens the address that a scanned QR code holds.
   *
   * @param by the process that answers, where it is not the phone's own address
   */
  scan(code: string, by?: string): Promise<PhonePage>;
  /** The tap: sends the page's question, with the ticket in it. May be repeated while that page is shown. */
  confirm(by?: string): Promise<PhonePage>;
  /** Waits as long as the page says and goes where it leads by itself. */
  follow(): Promise<PhonePage>;
  get(path: string): Promise<PhonePage>;
  /** The value of a cookie that it still keeps, by the name without `__Host-`. */
  cookie(name: string): string | undefined;
}

const sharedAgents = { http: agentFor('http:'), https: agentFor('https:') };

/** Nobody stands before a white page for longer. */
const patienceMs = 30_000;

/**
 * A phone's browser, as far as a check-in needs one: it keeps cookies (RFC 6265 § 5.3, by its own clock), sends forms
 * with their Origin, and obeys a page that sends it on. It draws nothing.
 *
 * Requests reject with Node's own error when the line breaks, when a balancer has nobody to ask (502), and after half
 * a minute without an answer.
 */
export function createPhone(options: PhoneOptions): Phone {
  const { url, origin = url, language = 'en', clockOffsetMs = 0 } = options;
  const jar = new Map<string, { value: string; endsAt: number }>();
  const prefix = isSecure(origin) ? '__Host-' : '';
  const clock = () => Date.now() + clockOffsetMs;
  if (options.deviceKey !== undefined) {
    jar.set(`${prefix}sk_device`, { value: options.deviceKey, endsAt: Infinity });
  }
  let page: PhonePage | undefined;

  const keep = (cookies: readonly string[] = []) => {
    for (const cookie of cookies) {
      const [pair = '', ...attributes] = cookie.split(/; */);
      const at = pair.indexOf('=');
      const endsAt = endOfCookie(attributes, clock());
      if (endsAt <= clock()) jar.delete(pair.slice(0, at));
      else jar.set(pair.slice(0, at), { value: pair.slice(at + 1), endsAt });
    }
  };

  const send = (path: string, { form, by = url }: { form?: string; by?: string } = {}): Promise<PhonePage> =>
    new Promise((done, failed) => {
      const address = new URL(by);
      for (const [name, { endsAt }] of jar) if (endsAt <= clock()) jar.delete(name);
      const asking = requestFor(by)({
        agent: options.agent ?? sharedAgents[isSecure(by) ? 'https' : 'http'],
        method: form === undefined ? 'GET' : 'POST',
        path,
        hostname: address.hostname,
        port: address.port,
        headers: {
          host: address.host,
          // No browser says it; one that did would not be believed.
          date: new Date(clock()).toUTCString(),
          accept: 'text/html',
          'accept-encoding': 'gzip',
          'accept-language': language,
          cookie: [...jar].map(([name, { value }]) => `${name}=${value}`).join('; '),
          ...(options.forwardedFor === undefined ? {} : { 'x-forwarded-for': options.forwardedFor }),
          ...(form === undefined
            ? {}
            : {
                origin,
                'sec-fetch-site': 'same-origin',
                'content-type': 'application/x-www-form-urlencoded',
                'content-length': Buffer.byteLength(form),
              }),
        },
      });
      const patience = setTimeout(() => {
        asking.destroy(new Error(`no answer within ${String(patienceMs / 1000)} s`));
      }, patienceMs);
      asking.once('close', () => {
        clearTimeout(patience);
        // Without effect after an answer or an error.
        failed(new Error('the line broke before the answer was whole'));
      });
      asking.once('error', failed);
      asking.once('response', (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('error', failed);
        // A balancer's own word: nobody has answered.
        if (answer.statusCode === 502) failed(new Error('502: nobody stands behind the balancer'));
        answer.once('end', () => {
          if (answer.statusCode === 502) return;
          const bytes = Buffer.concat(chunks);
          keep(answer.headers['set-cookie']);
          page = {
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: (answer.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString(),
          };
          done(page);
        });
      });
      asking.end(form);
    });

  return {
    get page() {
      return page;
    },
    scan: (code, by) => send(`/c/${code}`, { by }),
    confirm: (by) => send('/c/confirm', { form: questionOf(page), by }),
    async follow() {
      const { seconds, path } = onwardOf(page);
      await delay(seconds * 1000);
      return send(path);
    },
    get: (path) => send(path),
    cookie: (name) => {
      const kept = jar.get(prefix + name);
      return kept === undefined || kept.endsAt <= clock() ? undefined : kept.value;
    },
  };
}

/** Max-Age counts by the phone's clock and comes before Expires, which is an instant that a wrong clock misreads. */
function endOfCookie(attributes: readonly string[], now: number): number {
  const valueOf = (name: string) =>
    attributes.find((one) => one.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1);
  const [maxAge, expires] = [valueOf('max-age'), valueOf('expires')];
  if (maxAge !== undefined) return now + Number(maxAge) * 1000;
  return expires === undefined ? Infinity : Date.parse(expires);
}

/** The one tap's form, as a browser would send it. */
function questionOf(page: PhonePage | undefined): string {
  const form = /<form[^>]*action="\/c\/confirm"[^>]*>([^]*?)<\/form>/.exec(page?.body ?? '')?.[1];
  if (form === undefined) throw new Error(`there is nothing to confirm on this page: ${titleOf(page)}`);
  const fields = [...form.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  return new URLSearchParams(fields.map(([, name = '', value = '']) => [name, value])).toString();
}

/** Where a page leads by itself, and after how long. */
function onwardOf(page: PhonePage | undefined): { seconds: number; path: string } {
  const [, seconds, path] =
    /<meta http-equiv="refresh" content="(\d+);url=([^"]+)"/.exec(page?.body ?? '') ?? [];
  if (path === undefined) throw new Error(`this page leads nowhere by itself: ${titleOf(page)}`);
  return { seconds: Number(seconds), path: path.replaceAll('&amp;', '&') };
}

/** What a page is about, for failures: a whole page would hide it. */
export function titleOf(page: PhonePage | undefined): string {
  if (page === undefined) return 'none';
  return `${String(page.status)} ${/<title>([^<]*)/.exec(page.body)?.[1] ?? page.body.slice(0, 80)}`;
}

export const isQuestion = (page: PhonePage | undefined) =>
  page?.body.includes('action="/c/confirm"') === true;

/** The person is told to be patient, and the page goes on by itself with their scan in it. */
export const isWaiting = (page: PhonePage | undefined) =>
  page?.status === 503 && page.body.includes('http-equiv="refresh"');
