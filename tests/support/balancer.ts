import { Agent, createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

export interface Balancer {
  url: string;
  close(): Promise<void>;
}

/**
 * A balancer as an operator would set one up: in turns, the next one when a process takes no connection, 502 when it
 * breaks off in the middle (whether it did something, nobody can say). Streams go through as they come.
 *
 * @param processes where the tool's processes listen
 */
export async function startBalancer(port: number, processes: readonly string[]): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  let turn = 0;

  const pass = async (asked: IncomingMessage, answer: ServerResponse) => {
    const body = await buffer(asked);
    const first = turn;
    turn += 1;
    const forwarded = [asked.headers['x-forwarded-for'], asked.socket.remoteAddress].filter(Boolean);
    const ask = (tries: number) => {
      const target = new URL(processes[(first + tries) % processes.length] ?? '');
      const asking = request({
        ...{ agent, hostname: target.hostname, port: target.port },
        ...{ method: asked.method, path: asked.url },
        headers: { ...asked.headers, 'x-forwarded-for': forwarded.join(', ') },
      });
      asking.once('response', (given) => {
        answer.writeHead(given.statusCode ?? 502, given.headers);
        given.pipe(answer);
        // A half answer must not look like a whole one.
        given.once('error', () => answer.destroy());
      });
      asking.once('error', (error: NodeJS.ErrnoException) => {
        if (answer.headersSent) answer.destroy();
        else if (error.code === 'ECONNREFUSED' && tries + 1 < processes.length) ask(tries + 1);
        else answer.writeHead(502).end();
      });
      answer.once('close', () => asking.destroy());
      asking.end(body);
    };
    ask(0);
  };

  const server = createServer((asked, answer) => {
    pass(asked, answer).catch(() => answer.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${String(port)}`,
    close: () =>
      new Promise((done) => {
        server.close(() => {
          agent.destroy();
          done();
        });
        server.closeAllConnections();
      }),
  };
}
