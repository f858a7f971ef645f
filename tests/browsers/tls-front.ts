import { request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { TestAuthority } from './test-authority.ts';

export interface TlsFrontOptions {
  /** The port on which the plain program listens, or will. */
  to: number;
  authority: TestAuthority;
  /** Answers some requests in the program's place; true when it has. */
  answer?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Changes a page of the program; undefined lets it pass as it comes. */
  rewrite?: (request: IncomingMessage) => ((page: string) => string) | undefined;
}

export interface TlsFront {
  port: number;
  close(): Promise<void>;
}

/** What stands before the program in real life: it ends TLS and passes everything on, live streams too. */
export async function startTlsFront({ to, authority, answer, rewrite }: TlsFrontOptions): Promise<TlsFront> {
  const { key, certificate: cert } = authority;
  const server = createServer({ key, cert }, (incoming, outgoing) => {
    if (answer?.(incoming, outgoing) === true) return;
    const { method, url: path, headers } = incoming;
    const forwarded = { ...headers, 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' };
    const change = rewrite?.(incoming);
    const asked = request({ host: '127.0.0.1', port: to, method, path, headers: forwarded }, (answered) => {
      passBack(answered, outgoing, change).catch(() => outgoing.destroy());
    });
    asked.on('error', () => outgoing.destroy());
    // A live stream ends when its reader goes.
    outgoing.on('close', () => asked.destroy());
    incoming.pipe(asked);
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
        server.closeAllConnections();
      }),
  };
}

async function passBack(
  answered: IncomingMessage,
  outgoing: ServerResponse,
  change: ((page: string) => string) | undefined,
): Promise<void> {
  const { statusCode = 502, headers } = answered;
  if (change === undefined) {
    outgoing.writeHead(statusCode, headers).flushHeaders();
    await pipeline(answered, outgoing);
    return;
  }
  const { 'content-length': _length, ...others } = headers;
  outgoing.writeHead(statusCode, others).end(change(await text(answered)));
}
