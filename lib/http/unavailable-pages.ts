import type { IncomingMessage, ServerResponse } from 'node:http';
import { processSingleton } from '../base/process-singleton.ts';
import { requestIdHeader } from '../base/request-id.ts';

/** When whoever was refused for now may come again. */
export const retryAfterSeconds = '3';

/** Requests that somebody still waits for, by their id: of others nothing is kept. */
const awaited = processSingleton('awaited-pages', () => new Map<string, { isUnavailable: boolean }>());

/** Called where a page is made; Next knows one status for all that breaks there, 500, and no headers. */
export function noteUnavailablePage(requestId: string): void {
  const page = awaited.get(requestId);
  if (page !== undefined) page.isUnavailable = true;
}

/** Has a page that could not be made for now say so: 503, and when to come again. For the production server. */
export function tellUnavailablePages(request: IncomingMessage, response: ServerResponse): void {
  const requestId = String(request.headers[requestIdHeader]);
  const page = { isUnavailable: false };
  awaited.set(requestId, page);
  const writeHead = response.writeHead.bind(response);
  response.writeHead = ((...given: Parameters<typeof writeHead>) => {
    if (given[0] === 500 && page.isUnavailable) {
      response.setHeader('retry-after', retryAfterSeconds);
      given[0] = 503;
    }
    return writeHead(...given);
  }) as typeof response.writeHead;
  response.once('close', () => {
    if (awaited.get(requestId) === page) awaited.delete(requestId);
  });
}
