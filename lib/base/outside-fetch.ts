import { lookup as dnsLookup } from 'node:dns';
import type { LookupAddress, LookupAllOptions } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { AppError } from './errors.ts';

export interface OutsideRequest {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** The whole exchange, from look-up to last byte. */
  timeoutMs?: number;
  maxBytes?: number;
}

export interface OutsideAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** The one way in which the program asks an address that a platform or a person supplied. */
export type OutsideFetch = (url: string, request?: OutsideRequest) => Promise<OutsideAnswer>;

/** Networks that are nobody's public address (RFC 6890 and its successors). */
const privateNetworks = { ipv4: new BlockList(), ipv6: new BlockList() };
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  privateNetworks.ipv4.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  // Outside 2000::/3, the one range of which public addresses are given (RFC 4291 § 2.4): loopback, NAT64,
  // private, link-local, multicast …
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23], // Teredo and other special uses
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4
  ['3fff::', 20],
] as const) {
  privateNetworks.ipv6.addSubnet(network, prefix, 'ipv6');
}

export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  const family = isIP(plain);
  if (family === 0) return true;
  if (family === 6 && /^::ffff:/i.test(plain)) return true;
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  return privateNetworks[kind].check(plain, kind);
}

export interface DoorRules {
  /** `host:port` entries that may be private or plain http (an intranet's LMS, the demo). */
  allowPrivateHosts: readonly string[];
  /** The tool's own origin: no address that others supply may lead back to it. */
  ownOrigin: string;
  /** Finds the addresses of a name that is not on the list; the system's own way where nothing else is given. */
  lookup?: LookUp;
}

type LookUp = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * Makes the fetcher: https only, no private addresses (checked on the address that is really connected to,
 * so that a name cannot change its mind), never the tool itself, no redirects, limits for time and size.
 * An answer is read as it is sent: nothing is unpacked, and a packed one is refused.
 *
 * @throws AppError `address-refused` (not allowed), `platform-unreachable` (no answer, or not in time; the fact
 *   `sent` says whether the request may have arrived), `platform-answer` (too large, packed, not HTTP)
 */
export function createOutsideFetch({
  allowPrivateHosts,
  ownOrigin,
  lookup = dnsLookup,
}: DoorRules): OutsideFetch {
  const ownPlace = placeOf(new URL(ownOrigin));
  // Connections of this door alone, so that none is shared with a caller who looks up names in another way.
  const kept = { keepAlive: true, scheduling: 'lifo', timeout: 5_000 } as const;
  const agents = { http: new HttpAgent(kept), https: new HttpsAgent(kept) };

  return (address, { method = 'GET', headers = {}, body, timeoutMs = 5_000, maxBytes = 1_048_576 } = {}) => {
    const url = URL.parse(address);
    if (url === null) return Promise.reject(new AppError('address-refused', { reason: 'malformed' }));
    const { host } = url;
    const allowed = allowPrivateHosts.includes(`${url.hostname}:${portOf(url)}`);
    const refuse = (reason: string) => Promise.reject(new AppError('address-refused', { reason, host }));
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowed)) return refuse('not https');
    if (url.username !== '' || url.password !== '') return refuse('credentials in the address');
    if (placeOf(url) === ownPlace) return refuse('our own address');
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (!allowed && (isIP(literal) !== 0 ? isPrivateAddress(literal) : isLoopbackName(literal)))
      return refuse('private address');

    return new Promise<OutsideAnswer>((resolve, reject) => {
      let sent = false;
      let answered = false;
      const fail = (code: 'platform-unreachable' | 'platform-answer', reason: string, cause?: unknown) => {
        reject(new AppError(code, { reason, host, sent }, { cause }));
        outgoing.destroy();
      };
      const secure = url.protocol === 'https:';
      // A kept connection can end just as a request goes out on it. What may not be repeated gets its own.
      const agent = method === 'GET' && (secure ? agents.https : agents.http);
      const outgoing = (secure ? httpsRequest : httpRequest)(url, {
        method,
        agent,
        headers: {
          ...headers,
          'accept-encoding': 'identity',
          ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
        },
        maxHeaderSize: 16_384,
        signal: AbortSignal.timeout(timeoutMs),
        lookup: allowed ? undefined : refusingPrivate(lookup, host),
      });
      outgoing.on('socket', (socket) => {
        // A kept one is connected already.
        if (!socket.connecting) sent = true;
        else
          socket.once(secure ? 'secureConnect' : 'connect', () => {
            sent = true;
          });
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        if (error instanceof AppError) reject(error);
        // Without its cause: that holds the bytes that came.
        else if (error.code?.startsWith('HPE_') === true)
          fail('platform-answer', 'not HTTP, or too many headers');
        else if (error.name === 'TimeoutError' || error.name === 'AbortError')
          fail('platform-unreachable', 'timeout', error);
        else fail('platform-unreachable', sent ? 'broken off' : 'no connection', error);
      });
      // A switch of protocols (101) ends like this: no answer and no error.
      outgoing.on('close', () => {
        if (!answered) fail('platform-unreachable', 'broken off');
      });
      outgoing.on('response', (incoming) => {
        answered = true;
        if ((incoming.headers['content-encoding'] ?? 'identity') !== 'identity') {
          fail('platform-answer', 'packed');
          return;
        }
        const chunks: Buffer[] = [];
        let size = 0;
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > maxBytes) fail('platform-answer', 'too large');
          else chunks.push(chunk);
        });
        incoming.on('error', (error) => {
          fail('platform-unreachable', 'broken off', error);
        });
        incoming.on('end', () => {
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          });
        });
      });
      outgoing.end(body);
    });
  };
}

/** Looks a name up and gives its public addresses alone: the connection goes to what was checked here. */
function refusingPrivate(lookup: LookUp, host: string): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '', 0);
        return;
      }
      const usable = addresses.filter((one) => !isPrivateAddress(one.address));
      const [first] = usable;
      if (first === undefined) {
        callback(new AppError('address-refused', { reason: 'private address', host }), '', 0);
      } else if (options.all === true) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };
}

function portOf(url: URL): string {
  return url.port === '' ? (url.protocol === 'http:' ? '80' : '443') : url.port;
}

/** Names that mean this machine, whether the system can look them up or not (RFC 6761 § 6.3). */
function isLoopbackName(hostname: string): boolean {
  return /(^|\.)localhost\.?$/.test(hostname);
}

/** Machine and port: the same door by either protocol, and with the dot that DNS allows at the end. */
function placeOf(url: URL): string {
  return `${url.hostname.replace(/\.$/, '')}:${portOf(url)}`;
}
