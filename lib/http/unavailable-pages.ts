import type { IncomingMessage, ServerResponse } from 'node:http';
import { processSingleton } from '../base/process-singleton.ts';
import { requestIdHeader } from '../base/request-id.ts';

/** When whoever was refused for now may come again. */
export const retryAfterSeconds = '3';

/** Requests whose page could not be made for now. */
const noted = processSingleton('unavailable-pages', () => new Set<string>());

/** Called where a page is made; Next knows one status for all that breaks there, 500, and no headers. */
export function noteUnavailablePage(requestId: string): void {
  noted.add(requestId);
}

/** Has a page that could not be made for now say so: 503, and when to come again. For the production server. */
export function tellUnavailablePages(request: IncomingMessage, response: ServerResponse): void {
  const requestId = String(request.headers[requestIdHeader]);
  const writeHead = response.writeHead.bind(response);
  response.writeHead = ((...given: Parameters<typeof writeHead>) => {
    if (given[0] === 500 && noted.has(requestId)) {
      response.setHeader('retry-after', retryAfterSeconds);
      given[0] = 503;
    }
    return writeHead(...given);
  }) as typeof response.writeHead;
  response.once('close', () => noted.delete(requestId));
}
