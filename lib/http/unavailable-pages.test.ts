import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requestIdHeader } from '../base/request-id.ts';
import { noteUnavailablePage, tellUnavailablePages } from './unavailable-pages.ts';

const server = createServer();
let url = '';

beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
});

afterEach(() => {
  server.removeAllListeners('request');
  server.closeAllConnections();
  server.close();
});

/** One request of this id, whose page breaks as Next lets it break; `before` is done while it is being made. */
async function askFor(requestId: string, before: () => void): Promise<[number, string | null]> {
  server.once('request', (request, response: ServerResponse) => {
    tellUnavailablePages(request, response);
    before();
    response.statusCode = 500;
    response.end();
  });
  const answer = await fetch(url, { headers: { [requestIdHeader]: requestId } });
  return [answer.status, answer.headers.get('retry-after')];
}

test('a page that could not be made for now says 503 and when to come again; any other fault is a 500', async () => {
  const one = () => {
    noteUnavailablePage('one');
  };
  expect(await askFor('one', one)).toEqual([503, '3']);
  expect(await askFor('other', one)).toEqual([500, null]);
});

test('what is found out after the reader has left is not kept', async () => {
  const reader = new AbortController();
  const left = new Promise<void>((done) => {
    server.once('request', (request, response: ServerResponse) => {
      tellUnavailablePages(request, response);
      response.once('close', done);
      reader.abort();
    });
  });
  await expect(
    fetch(url, { headers: { [requestIdHeader]: 'left' }, signal: reader.signal }),
  ).rejects.toThrow();
  await left;
  noteUnavailablePage('left');
  expect(await askFor('left', () => undefined)).toEqual([500, null]);
});
