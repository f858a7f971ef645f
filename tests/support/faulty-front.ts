import { createServer, request as sendRequest } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Fault =
  /** Takes everything, answers nothing. */
  | { kind: 'silent' }
  /** Answers as S3 does when it refuses. */
  | { kind: 'refuses'; status: number; code: string }
  /** Drops the connection when the first bytes of a body have come. */
  | { kind: 'breaks-while-taking' }
  /** Drops the connection in the middle of its answer's body. */
  | { kind: 'breaks-while-giving' };

export interface FaultyFront {
  endpoint: string;
  /** From now on; `times`: for so many requests. */
  begin(fault: Fault, times?: number): void;
  /** From now on all goes well. */
  end(): void;
  /** Headers of what was asked, in order. */
  seen: IncomingMessage['headers'][];
  close(): Promise<void>;
}

/** Stands before a server that speaks HTTP, and lets through what it is told to. */
export async function startFaultyFront(behind: string): Promise<FaultyFront> {
  let current: Fault | undefined;
  let left = 0;
  const seen: IncomingMessage['headers'][] = [];

  const passOn = (request: IncomingMessage, response: ServerResponse, isBroken: boolean) => {
    const onward = sendRequest(
      `${behind}${request.url ?? '/'}`,
      { method: request.method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        if (!isBroken) {
          answer.pipe(response);
          return;
        }
        answer.once('data', (chunk: Buffer) => {
          response.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => response.destroy());
        });
      },
    );
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  };

  const server = createServer((request, response) => {
    seen.push(request.headers);
    const fault = left > 0 ? current : undefined;
    left -= 1;
    switch (fault?.kind) {
      case undefined:
      case 'breaks-while-giving':
        passOn(request, response, fault !== undefined);
        break;
      case 'silent':
        request.resume();
        break;
      case 'breaks-while-taking':
        request.once('data', () => response.destroy());
        break;
      case 'refuses':
        request.resume().once('end', () => {
          response
            .writeHead(fault.status, { 'content-type': 'application/xml' })
            .end(`<?xml version="1.0"?><Error><Code>${fault.code}</Code><Message>no</Message></Error>`);
        });
        break;
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    begin(fault, times = Infinity) {
      current = fault;
      left = times;
    },
    end() {
      left = 0;
    },
    seen,
    close: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
        server.closeAllConnections();
      }),
  };
}
