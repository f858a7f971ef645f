import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { ServerResponse } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { createGracefulServer } from './graceful-server.ts';
import type { ClientLimits, GracefulServer } from './graceful-server.ts';

const quick: ClientLimits = {
  headersMs: 150,
  requestMs: 300,
  standstillMs: 400,
  keptMs: 60_000,
  checkEveryMs: 20,
  maxHeaderBytes: 4_096,
  maxHeaders: 20,
};

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** `/slow` is answered when the test says so; everything else at once, when its body has come. */
async function start(limits: ClientLimits = quick) {
  const slow: ServerResponse[] = [];
  const front: GracefulServer = createGracefulServer((request, response) => {
    if (request.url === '/slow') slow.push(response);
    else request.resume().once('end', () => response.end('done'));
  }, limits);
  await new Promise<void>((done) => front.server.listen(0, '127.0.0.1', done));
  ends.push(() => {
    front.server.close();
    front.server.closeAllConnections();
  });
  const { port } = front.server.address() as AddressInfo;
  return { ...front, slow, open: () => client(port) };
}

/** A client that writes and hears bytes. */
async function client(port: number) {
  const socket: Socket = connect(port, '127.0.0.1');
  let heard = '';
  let ended = false;
  socket.setEncoding('utf8').on('data', (text) => (heard += String(text)));
  socket.once('close', () => (ended = true));
  // What the server resets is seen as its end.
  socket.on('error', () => undefined);
  ends.push(() => socket.destroy());
  await once(socket, 'connect');
  return {
    socket,
    say: (text: string) => socket.write(text),
    heard: () => heard,
    hasEnded: () => ended,
    ended: () => (ended ? undefined : once(socket, 'close')),
    hear: async (wanted: string) => {
      while (!heard.includes(wanted)) await Promise.race([once(socket, 'data'), once(socket, 'close')]);
      return heard;
    },
  };
}

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: tool\r\n${more}\r\n`;

test.each([
  ['headers that never end', 'GET / HTTP/1.1\r\nHost: tool\r\nX-Slow: ', '408'],
  ['a body that never comes', 'POST / HTTP/1.1\r\nHost: tool\r\nContent-Length: 10\r\n\r\nhalf', '408'],
  ['headers beyond all measure', get('/', `X-Long: ${'x'.repeat(5_000)}\r\n`), '431'],
])('%s: the client is let go', async (_, text, status) => {
  const server = await start();
  const slow = await server.open();
  slow.say(text);
  await slow.ended();
  expect(slow.heard()).toMatch(new RegExp(`^HTTP/1.1 ${status}`));
  const other = await server.open();
  other.say(get('/'));
  expect(await other.hear('done')).toMatch(/^HTTP\/1.1 200/);
});

test('a client that drips its headers gets no more time than one that sends nothing', async () => {
  const server = await start();
  const slow = await server.open();
  slow.say('GET / HTTP/1.1\r\n');
  const drip = setInterval(() => slow.say('X: y\r\n'), 30);
  ends.push(() => {
    clearInterval(drip);
  });
  await slow.ended();
  expect(slow.hasEnded()).toBe(true);
});

test('an answer on which nothing moves any more ends', async () => {
  const server = await start();
  const reader = await server.open();
  reader.say(get('/slow'));
  await reader.ended();
  expect(reader.heard()).toBe('');
});

test('stopping: what is being answered is answered, as the connection’s last', async () => {
  const server = await start({ ...quick, standstillMs: 60_000 });
  const reader = await server.open();
  reader.say(get('/slow'));
  await expect.poll(() => server.slow.length).toBe(1);
  await server.beginStop();
  const finished = server.finish({ atLeastMs: 0, atMostMs: 5_000 });
  server.slow[0]?.end('late');
  expect(await reader.hear('late')).toMatch(/^HTTP\/1.1 200 OK\r\nconnection: close\r\n/i);
  await finished;
  await reader.ended();
});

test('stopping: a request that comes on a proxy’s kept connection is answered, as its last', async () => {
  const server = await start();
  const [proxy, browser] = [await server.open(), await server.open()];
  proxy.say(get('/', 'X-Forwarded-For: 203.0.113.7\r\n'));
  browser.say(get('/'));
  await Promise.all([proxy.hear('done'), browser.hear('done')]);
  await server.beginStop();
  const finish = server.finish({ atLeastMs: 0, atMostMs: 5_000 });
  proxy.say('POST /late HTTP/1.1\r\nHost: tool\r\nContent-Length: 2\r\n\r\n');
  // It has been looked at what may be closed.
  await browser.ended();
  proxy.say('ok');
  const heard = await proxy
    .hear('connection: close')
    .then(() => proxy.ended())
    .then(() => proxy.heard());
  expect(heard.match(/HTTP\/1.1 200 OK/g)).toHaveLength(2);
  await finish;
});

test('stopping: a browser’s idle connection keeps nobody waiting; a proxy’s does until the last moment', async () => {
  for (const [more, atMostMs, least, most] of [
    ['', 20_000, 0, 4_000],
    ['X-Forwarded-For: 203.0.113.7\r\n', 300, 300, 4_000],
  ] as const) {
    const server = await start();
    const idle = await server.open();
    idle.say(get('/', more));
    await idle.hear('done');
    const began = Date.now();
    await server.beginStop();
    await server.finish({ atLeastMs: 0, atMostMs });
    const took = Date.now() - began;
    expect(took).toBeGreaterThanOrEqual(least);
    expect(took).toBeLessThan(most);
    await idle.ended();
  }
});

test('stopping: whoever stands before the door is let in and answered', async () => {
  const server = await start();
  const { port } = server.server.address() as AddressInfo;
  const sockets = Array.from({ length: 30 }, () => connect(port, '127.0.0.1').setEncoding('utf8'));
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
  });
  const answered = Promise.all(
    sockets.map(async (socket) => {
      socket.write(get('/'));
      const [heard] = (await once(socket, 'data')) as [string];
      return heard;
    }),
  );
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  await server.beginStop();
  for (const heard of await answered) {
    expect(heard).toMatch(/^HTTP\/1.1 200 OK\r\nconnection: close\r\n/i);
  }
});

test('stopping: nobody new is let in', async () => {
  const server = await start();
  await server.beginStop();
  await expect(server.open()).rejects.toThrow(/ECONNREFUSED/);
});
