import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { createServer as createNetServer, isIP } from 'node:net';
import type { AddressInfo, Server as NetServer } from 'node:net';
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
    '192.88.99.1',
    'fec0::1',
    '4000::1',
    '3fff::1',
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

/** A server that says, by path, these bytes and nothing else. */
const rawAnswers: Record<string, string> = {
  '/early-hints':
    'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
  '/upgrade': 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n',
  '/empty': 'HTTP/1.1 204 No Content\r\n\r\n',
  '/not-http': '220 mail.example ready\r\n',
  '/flood': `HTTP/1.1 200 OK\r\n${'X-Filler: aaaaaaaaaaaaaaaaaaaa\r\n'.repeat(1_000)}\r\n`,
  '/cut': 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab',
  '/packed': 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nab',
};

describe('the one door out', () => {
  let server: Server;
  let base: string;
  let host: string;
  let raw: NetServer;
  let rawHost: string;
  let seen: IncomingHttpHeaders;
  let ended: Promise<unknown>;

  const listen = async (some: NetServer) => {
    await new Promise<void>((done) => some.listen(0, '127.0.0.1', done));
    return `127.0.0.1:${String((some.address() as AddressInfo).port)}`;
  };
  const door = (...allowPrivateHosts: string[]) =>
    createOutsideFetch({ allowPrivateHosts, ownOrigin: 'https://tool.example' });

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen = request.headers;
      ended = once(response, 'close');
      if (request.url === '/redirect') response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      else if (request.url === '/large') response.end(Buffer.alloc(20_000_000, 'x'));
      else if (request.url === '/slow') response.write('never ends');
      else if (request.url === '/drip') {
        const drip = setInterval(() => response.write('.'), 20);
        response.on('close', () => {
          clearInterval(drip);
        });
      } else response.end(`${request.method ?? ''} ${request.url ?? ''}`);
    });
    host = await listen(server);
    base = `http://${host}`;
    raw = createNetServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (chunk) => {
        const path = chunk.toString().split(' ')[1] ?? '';
        socket.write(rawAnswers[path] ?? '');
        if (path === '/cut') socket.end();
      });
    });
    rawHost = await listen(raw);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    raw.close();
  });

  test('an allowed host is asked, for an answer that is not packed', async () => {
    const answer = await door(host)(`${base}/keys?x=1`);
    expect(answer).toMatchObject({ status: 200, body: 'GET /keys?x=1' });
    expect(seen['accept-encoding']).toBe('identity');
  });

  test('what is not a GET has a connection of its own', async () => {
    const some = door(host);
    await some(base);
    expect(seen.connection).toBe('keep-alive');
    await some(base, { method: 'POST', body: 'ö' });
    expect(seen).toMatchObject({ connection: 'close', 'content-length': '2' });
  });

  test('a redirect is an answer, not a way', async () => {
    expect((await door(host)(`${base}/redirect`)).status).toBe(302);
  });

  test.each([
    ['plain http', () => 'http://platform.example/keys'],
    ['an inner address', () => 'https://10.0.0.1/keys'],
    ['loopback by number', () => `https://${host}/keys`],
    ['loopback as one number', () => 'https://2130706433/keys'],
    ['loopback in hexadecimal', () => 'https://0x7f.1/keys'],
    ['loopback in octal', () => 'https://0177.0.0.1/keys'],
    ['loopback with a dot at the end', () => 'https://127.0.0.1./keys'],
    ['loopback in IPv6', () => 'https://[::1]/keys'],
    ['loopback in IPv4 in IPv6', () => 'https://[::ffff:127.0.0.1]/keys'],
    ['no address in particular', () => 'https://[::]/keys'],
    ['the name of this machine', () => 'https://localhost/keys'],
    ['that name with a dot at the end', () => 'https://localhost./keys'],
    ['that name in capitals', () => 'https://LOCALHOST/keys'],
    ['a user name', () => 'https://platform.example@10.0.0.1/'],
    ['another kind of address', () => 'file:///etc/passwd'],
    ['no address', () => 'keys'],
    ['the tool itself', () => 'https://tool.example/lti/jwks'],
    ['the tool itself in capitals', () => 'https://TOOL.example:443/lti/jwks'],
    ['the tool itself with a dot at the end', () => 'https://tool.example./lti/jwks'],
  ])('%s is refused', async (_what, url) => {
    await expect(door()(url())).rejects.toMatchObject({ code: 'address-refused' });
  });

  test.each([['10.0.0.1'], ['fd00::1'], ['169.254.169.254', '127.0.0.1']])(
    'a name that leads to %s is refused',
    async (...addresses) => {
      const fetchOutside = createOutsideFetch({
        allowPrivateHosts: [],
        ownOrigin: 'https://tool.example',
        lookup: (_name, _options, done) => {
          done(
            null,
            addresses.map((address) => ({ address, family: isIP(address) })),
          );
        },
      });
      await expect(fetchOutside('https://platform.example/')).rejects.toMatchObject({
        code: 'address-refused',
        facts: { reason: 'private address' },
      });
    },
  );

  test('the allow-list names a port, not a machine', async () => {
    await expect(door('127.0.0.1:1')(`${base}/keys`)).rejects.toMatchObject({ code: 'address-refused' });
  });

  test('an allowed name may lead inside, and is the name as it is written', async () => {
    const port = new URL(base).port;
    await expect(door(`localhost:${port}`)(`http://LocalHost:${port}/`)).resolves.toMatchObject({
      status: 200,
    });
    await expect(door(`localhost:${port}`)(`http://localhost.:${port}/`)).rejects.toMatchObject({
      code: 'address-refused',
    });
  });

  test('the tool itself is refused even where the allow-list names it', async () => {
    const some = createOutsideFetch({ allowPrivateHosts: [host], ownOrigin: base });
    await expect(some(`${base}/keys`)).rejects.toMatchObject({
      code: 'address-refused',
      facts: { reason: 'our own address' },
    });
  });

  test.each(['/slow', '/drip'])('%s ends in time', async (path) => {
    await expect(door(host)(base + path, { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'platform-unreachable',
      facts: { reason: 'timeout', sent: true },
    });
  });

  test('too much ends the connection', async () => {
    await expect(door(host)(`${base}/large`)).rejects.toMatchObject({
      code: 'platform-answer',
      facts: { reason: 'too large' },
    });
    await ended;
  });

  test.each([
    ['/early-hints', { status: 200, body: 'ok' }],
    ['/empty', { status: 204, body: '' }],
  ])('%s is an answer', async (path, answer) => {
    await expect(door(rawHost)(`http://${rawHost}${path}`)).resolves.toMatchObject(answer);
  });

  test.each([
    ['/upgrade', 'platform-unreachable', 'broken off'],
    ['/cut', 'platform-unreachable', 'broken off'],
    ['/packed', 'platform-answer', 'packed'],
    ['/not-http', 'platform-answer', 'not HTTP, or too many headers'],
    ['/flood', 'platform-answer', 'not HTTP, or too many headers'],
  ])('%s is none', async (path, code, reason) => {
    await expect(door(rawHost)(`http://${rawHost}${path}`)).rejects.toMatchObject({
      code,
      facts: { reason },
    });
  });

  test('nobody there: nothing was sent', async () => {
    await expect(door('127.0.0.1:1')('http://127.0.0.1:1/')).rejects.toMatchObject({
      code: 'platform-unreachable',
      facts: { sent: false },
    });
  });

  test('a server that speaks no TLS was sent nothing', async () => {
    await expect(
      door(rawHost)(`https://${rawHost}/`, { method: 'POST', timeoutMs: 500 }),
    ).rejects.toMatchObject({
      code: 'platform-unreachable',
      facts: { sent: false },
    });
  });
});
