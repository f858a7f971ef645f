import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { gunzipSync } from 'node:zlib';

export interface FloodRequest {
  method: 'GET' | 'POST';
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string;
}

export interface FloodAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  chunks: Buffer[];
}

export interface Flooded {
  /** How long all of it took. */
  ms: number;
  /** In the order of the requests. */
  answers: FloodAnswer[];
}

/**
 * Sends so many requests over so many kept connections, each the next one as soon as it has its answer. Answers are not
 * looked into meanwhile.
 */
export async function flood(
  url: string,
  { count, connections }: { count: number; connections: number },
  requestAt: (index: number) => FloodRequest,
): Promise<Flooded> {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const answers: FloodAnswer[] = [];
  const sendOne = ({ method, path, headers, body }: FloodRequest, index: number) =>
    new Promise<void>((done, failed) => {
      const asking = request({ agent, hostname, port, method, path, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.once('end', () => {
          answers[index] = { status: answer.statusCode ?? 0, headers: answer.headers, chunks };
          done();
        });
        answer.once('error', failed);
      });
      asking.once('error', failed);
      asking.end(body);
    });
  let next = 0;
  const runLine = async () => {
    for (let index = next++; index < count; index = next++) await sendOne(requestAt(index), index);
  };
  const begin = performance.now();
  await Promise.all(Array.from({ length: connections }, runLine));
  const ms = performance.now() - begin;
  agent.destroy();
  return { ms, answers };
}

export function textOf({ headers, chunks }: FloodAnswer): string {
  const bytes = Buffer.concat(chunks);
  return (headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
}
