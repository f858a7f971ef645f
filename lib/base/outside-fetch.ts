import { lookup as dnsLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP } from 'node:net';
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
const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv4');
}
for (const [network, prefix] of [
  ['::', 96], // unspecified, loopback, IPv4-compatible
  ['64:ff9b::', 96], // NAT64: would reach private IPv4 networks
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  privateNetworks.addSubnet(network, prefix, 'ipv6');
}

export function isPrivateAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  const family = isIP(plain);
  if (family === 0) return true;
  if (family === 6 && /^::ffff:/i.test(plain)) return true;
  return privateNetworks.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Makes the fetcher: https only, no private addresses (checked on the address that is really connected to,
 * so that a name cannot change its mind), no redirects, limits for time and size.
 *
 * @param allowPrivateHosts `host:port` entries that may be private or plain http (an intranet's LMS, the demo).
 * @throws AppError `address-refused` (not allowed), `platform-unreachable` (no answer in time, too large).
 */
export function createOutsideFetch(allowPrivateHosts: readonly string[]): OutsideFetch {
  return (address, { method = 'GET', headers = {}, body, timeoutMs = 5_000, maxBytes = 1_048_576 } = {}) => {
    const url = URL.parse(address);
    if (url === null) return Promise.reject(new AppError('address-refused', { reason: 'malformed' }));
    const port = url.port === '' ? (url.protocol === 'http:' ? '80' : '443') : url.port;
    const allowed = allowPrivateHosts.includes(`${url.hostname}:${port}`);
    const refuse = (reason: string) =>
      Promise.reject(new AppError('address-refused', { reason, host: url.host }));
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowed)) return refuse('not https');
    if (url.username !== '' || url.password !== '') return refuse('credentials in the address');
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (!allowed && isIP(literal) !== 0 && isPrivateAddress(literal)) return refuse('private address');

    return new Promise<OutsideAnswer>((resolve, reject) => {
      const fail = (reason: string, cause?: unknown) => {
        reject(
          cause instanceof AppError
            ? cause
            : new AppError('platform-unreachable', { reason, host: url.host }, { cause }),
        );
      };
      const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
      const outgoing = send(
        url,
        {
          method,
          headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
          signal: AbortSignal.timeout(timeoutMs),
          lookup(hostname, options, callback) {
            dnsLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
              if (error !== null) {
                callback(error, '', 0);
                return;
              }
              const usable = allowed ? addresses : addresses.filter((a) => !isPrivateAddress(a.address));
              const [first] = usable;
              if (first === undefined) {
                const refusal = new AppError('address-refused', {
                  reason: 'private address',
                  host: url.host,
                });
                callback(refusal, '', 0);
              } else if (options.all === true) callback(null, usable);
              else callback(null, first.address, first.family);
            });
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          let size = 0;
          incoming.on('data', (chunk: Buffer) => {
            size += chunk.length;
            if (size > maxBytes) {
              fail('answer too large');
              outgoing.destroy();
            } else chunks.push(chunk);
          });
          incoming.on('error', (error) => {
            fail('broken off', error);
          });
          incoming.on('end', () => {
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: Buffer.concat(chunks).toString('utf8'),
            });
          });
        },
      );
      outgoing.on('error', (error) => {
        fail(
          error.name === 'TimeoutError' || error.name === 'AbortError' ? 'timeout' : 'no connection',
          error,
        );
      });
      outgoing.end(body);
    });
  };
}
