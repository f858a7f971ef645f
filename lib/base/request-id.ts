import { randomToken } from './ids.ts';

/** How a request's id travels: from the balancer or the server's front to whatever answers. */
export const requestIdHeader = 'x-request-id';

/** Whether an id from outside may stand in the log: no address and no sentence has this shape. */
export function isRequestId(text: unknown): text is string {
  return typeof text === 'string' && /^[\w-]{8,64}$/.test(text);
}

export function newRequestId(): string {
  return randomToken(9);
}
