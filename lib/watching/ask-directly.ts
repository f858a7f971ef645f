import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { randomToken } from '../base/ids.ts';
import { processSingleton } from '../base/process-singleton.ts';

const directHeader = 'x-sk-direct';
/** Known to this process alone: a header from outside cannot say it. */
const word = processSingleton('direct-word', () => randomToken(24));

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);
const proxyHeaders = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'];

/**
 * Marks a request that a program on this machine sent to this very port. Behind a proxy everybody comes from this
 * machine, so none of a proxy's headers may be there, and the address asked for must be the machine's own. Only the
 * server sees the connection; route handlers do not, and Next fills in `x-forwarded-for`.
 */
export function markDirect(request: IncomingMessage): void {
  const { headers, socket } = request;
  const isDirect =
    loopback.has(socket.remoteAddress ?? '') &&
    proxyHeaders.every((name) => headers[name] === undefined) &&
    /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(headers.host ?? '');
  headers[directHeader] = isDirect ? word : '';
}

/**
 * Who may read the metrics: whoever brings the token; where none is set, a program on this machine.
 *
 * @param token METRICS_TOKEN
 */
export function mayReadMetrics(headers: Headers, token: string | undefined): boolean {
  if (token === undefined) return isSame(headers.get(directHeader), word);
  return isSame(headers.get('authorization'), `Bearer ${token}`);
}

function isSame(given: string | null, expected: string): boolean {
  const [left, right] = [Buffer.from(given ?? ''), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
