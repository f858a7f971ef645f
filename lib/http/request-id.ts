import { randomToken } from '../base/ids.ts';

export const requestIdHeader = 'x-request-id';

const given = new WeakMap<Headers, string>();

/** The id under which this request is found in the log: the balancer's or middleware's, or a new one. */
export function requestIdOf(headers: Headers): string {
  const header = headers.get(requestIdHeader);
  if (header !== null && /^[\w-]{8,64}$/.test(header)) return header;
  let id = given.get(headers);
  if (id === undefined) {
    id = randomToken(9);
    given.set(headers, id);
  }
  return id;
}
