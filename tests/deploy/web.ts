import { connect as connectHttp2 } from 'node:http2';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { requestFor } from '../support/http-or-tls.ts';

export interface WebAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  /** Unpacked. */
  body: string;
}

export interface WebRequest {
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string | Buffer;
  /** The authority's certificate, as PEM text. */
  ca?: string;
}

/** One request on a connection of its own; redirects are not followed. */
export async function ask(url: string, options: WebRequest = {}): Promise<WebAnswer> {
  const answer = await open(url, options);
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  const whole = Buffer.concat(parts);
  const body = answer.headers['content-encoding'] === 'gzip' ? gunzipSync(whole) : whole;
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: body.toString('utf8') };
}

/** The same, with a body that is still to be read. */
export function open(url: string, { method, headers, body, ca }: WebRequest = {}): Promise<IncomingMessage> {
  return new Promise((done, failed) => {
    const asked = requestFor(url)(url, { method, headers, ca, agent: false, timeout: 20_000 }, done);
    // A refusal may come before the whole body was sent.
    asked.once('error', failed);
    asked.once('timeout', () => asked.destroy(new Error(`${url} did not answer`)));
    asked.end(body);
  });
}

/** The status of a GET by HTTP/2. */
export function askByHttp2(url: string, ca: string): Promise<number> {
  return new Promise((done, failed) => {
    const { origin, pathname } = new URL(url);
    const session = connectHttp2(origin, { ca });
    session.once('error', failed);
    const stream = session.request({ ':path': pathname });
    stream.once('error', failed);
    stream.once('response', (headers) => {
      stream.close();
      session.close();
      done(Number(headers[':status']));
    });
    stream.end();
  });
}
