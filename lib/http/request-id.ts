import { isRequestId, newRequestId, requestIdHeader } from '../base/request-id.ts';

const given = new WeakMap<Headers, string>();

/** The id under which this request is found in the log: the server's or the balancer's, or a new one. */
export function requestIdOf(headers: Headers): string {
  const header = headers.get(requestIdHeader);
  if (isRequestId(header)) return header;
  let id = given.get(headers);
  if (id === undefined) {
    id = newRequestId();
    given.set(headers, id);
  }
  return id;
}
