import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOutsideFetch, isPrivateAddress } from './outside-fetch.ts';

describe('private addresses', () => {
  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fc00::1',
    'fe80::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'not an address',
  ])('%s is private', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  test.each([
    '93.184.215.14',
    '172.32.0.1',
    '192.167.255.255',
    '2606:2800:21f:cb07::1',
    '::ffff:93.184.215.14',
  ])('%s is public', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

describe('the one door out', () => {
  let server: Server;
  let base: string;
  let host: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/redirect') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      else if (request.url === '/large') response.end(Buffer.alloc(2_000_000, 'x'));
      else if (request.url === '/slow') response.write('never ends');
      else response.end(`${request.method ?? ''} ${request.url ?? ''}`);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    base = `http://${host}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('an allowed host is asked', async () => {
    const answer = await createOutsideFetch([host])(`${base}/keys?x=1`);
    expect(answer).toMatchObject({ status: 200, body: 'GET /keys?x=1' });
  });

  test('a redirect is an answer, not a way', async () => {
    expect((await createOutsideFetch([host])(`${base}/redirect`)).status).toBe(302);
  });

  test.each([
    ['plain http', () => 'http://platform.example/keys'],
    ['an inner address', () => 'https://10.0.0.1/keys'],
    ['loopback by number', () => `https://${host}/keys`],
    ['loopback in another notation', () => 'https://2130706433/keys'],
    ['loopback in IPv6', () => 'https://[::1]/keys'],
    ['a name that leads inside', () => 'https://localhost/keys'],
    ['a user name', () => 'https://platform.example@10.0.0.1/'],
    ['another kind of address', () => 'file:///etc/passwd'],
    ['no address', () => 'keys'],
  ])('%s is refused', async (_what, url) => {
    await expect(createOutsideFetch([])(url())).rejects.toMatchObject({ code: 'address-refused' });
  });

  test('the allow-list names a port, not a machine', async () => {
    await expect(createOutsideFetch(['127.0.0.1:1'])(`${base}/keys`)).rejects.toMatchObject({
      code: 'address-refused',
    });
  });

  test.each([
    ['too much', '/large', {}],
    ['too slow', '/slow', { timeoutMs: 100 }],
  ])('%s ends in time', async (_what, path, limits) => {
    await expect(createOutsideFetch([host])(base + path, limits)).rejects.toMatchObject({
      code: 'platform-unreachable',
    });
  });

  test('nobody there', async () => {
    await expect(createOutsideFetch(['127.0.0.1:1'])('http://127.0.0.1:1/')).rejects.toMatchObject({
      code: 'platform-unreachable',
    });
  });
});
