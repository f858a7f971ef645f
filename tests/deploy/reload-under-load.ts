import type { Agent, IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { agentFor, requestFor } from '../support/http-or-tls.ts';

export interface LoadTarget {
  /** The tool's address, as browsers know it. */
  url: string;
  /** The authority's certificate, as PEM text. */
  ca?: string;
  /** A meeting's address below /api, and what its teacher's browser sends. */
  path: string;
  headers: Readonly<Record<string, string>>;
  /** Nobody else marks these while the load runs, and nobody has marked them before. */
  membershipIds: readonly string[];
}

export interface LoadReport {
  requests: number;
  /** Marks among them that were acknowledged. */
  marks: number;
  /** What went wrong, and how often; empty when nothing did. */
  failures: Record<string, number>;
  /** Marks that were acknowledged and do not stand in the register afterwards. */
  lost: number;
  /** Of live streams: how often one ended and was opened again. */
  reopened: number;
  slowestMs: number;
}

const readers = 6;
const markers = 6;
const watchers = 10;
/** Paths that readers ask for in turn: a handler, a page with its data, a file. */
const read = ['/health', 'page', '/icon.svg'] as const;
const answerWithinMs = 30_000;

interface Answer {
  status: number;
  body: string;
}

/**
 * Readers, marking teachers and watching screens, all on kept connections, for as long as `work` takes (reloads). Every
 * answer counts: nothing is asked twice, and what fails is reported. At the end the register is compared with every mark
 * that was acknowledged.
 *
 * @throws when `work` does
 */
export async function loadDuring(target: LoadTarget, work: () => Promise<void>): Promise<LoadReport> {
  const report: LoadReport = { requests: 0, marks: 0, failures: {}, lost: 0, reopened: 0, slowestMs: 0 };
  const running = new AbortController();
  const { signal } = running;
  const isOver = () => signal.aborted;
  const web = new Client(target, signal);
  const failed = (what: string) => {
    report.failures[what] = (report.failures[what] ?? 0) + 1;
  };
  const asked = async (what: string, ask: () => Promise<Answer>): Promise<Answer | undefined> => {
    const began = performance.now();
    report.requests += 1;
    try {
      const answer = await ask();
      report.slowestMs = Math.max(report.slowestMs, Math.round(performance.now() - began));
      if (answer.status === 200) return answer;
      failed(`${what}: ${String(answer.status)}`);
    } catch (error) {
      failed(`${what}: ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}`);
    }
    return undefined;
  };

  const page = target.path.replace('/api/', '/');
  const readAll = async () => {
    for (let turn = 0; !isOver(); turn += 1) {
      const path = read[turn % read.length] ?? '/health';
      await asked(`GET ${path}`, () => web.ask('GET', path === 'page' ? page : path));
      // As a person's browser: it comes again, now and then just when its connection is old.
      await delay(Math.random() * 60);
    }
  };

  const acknowledged = new Map<string, { revision: number; status: string }>();
  const mark = async (mine: readonly string[]) => {
    for (let turn = 0; !isOver(); turn += 1) {
      const membershipId = mine[turn % mine.length] ?? '';
      const status = Math.floor(turn / mine.length) % 2 === 0 ? 'present' : 'absent';
      const revision = acknowledged.get(membershipId)?.revision ?? 0;
      const answer = await asked('POST mark', () =>
        web.ask('POST', `${target.path}/marks`, {
          marks: [{ membershipId, revision, change: { kind: 'word', status } }],
        }),
      );
      const [result] = answer === undefined ? [] : resultsOf(answer.body);
      if (answer !== undefined && result?.kind !== 'marked') failed(`POST mark: ${result?.kind ?? 'unread'}`);
      if (result?.kind === 'marked' && result.record !== null) {
        acknowledged.set(membershipId, { revision: result.record.revision, status });
        report.marks += 1;
      }
      await delay(Math.random() * 40);
    }
  };

  const watch = async () => {
    for (let opened = 0; !isOver(); opened += 1) {
      if (opened > 0) report.reopened += 1;
      report.requests += 1;
      try {
        const text = await web.watch(`${target.path}/events`);
        // As a browser: it comes back after what it was told last.
        await delay(Number(/.*retry: (\d+)/s.exec(text)?.[1] ?? 1_000), undefined, { signal });
      } catch (error) {
        // The end of the load is no failure.
        if (isOver()) return;
        failed(`stream: ${error instanceof Error ? error.message : String(error)}`);
        await delay(200);
      }
    }
  };

  const share = Math.floor(target.membershipIds.length / markers);
  const load = Promise.all([
    ...Array.from({ length: readers }, readAll),
    ...Array.from({ length: markers }, (_, one) =>
      mark(target.membershipIds.slice(one * share, (one + 1) * share)),
    ),
    ...Array.from({ length: watchers }, watch),
  ]);
  // What breaks in it is thrown below, once `work` has ended: until then it must not end the whole program.
  load.catch(() => undefined);
  try {
    await work();
  } finally {
    running.abort();
    await load;
  }
  const stands = await web.register(`${target.path}/events`);
  for (const [membershipId, { revision, status }] of acknowledged) {
    const record = stands.get(membershipId);
    const isThere = record !== undefined && (record.revision > revision || record.status === status);
    if (!isThere) report.lost += 1;
  }
  web.end();
  return report;
}

interface StandingRecord {
  revision: number;
  status: string;
}

function resultsOf(body: string): { kind: string; record: StandingRecord | null }[] {
  return (JSON.parse(body) as { results: { kind: string; record: StandingRecord | null }[] }).results;
}

/** Keeps its connections as browsers do, and repeats nothing. */
class Client {
  readonly #target: LoadTarget;
  readonly #signal: AbortSignal;
  readonly #agent: Agent;

  constructor(target: LoadTarget, signal: AbortSignal) {
    this.#target = target;
    this.#signal = signal;
    this.#agent = agentFor(target.url);
  }

  async ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.#open(method, path, 'application/json, text/html', body);
    return { status: answer.statusCode ?? 0, body: (await buffer(answer)).toString('utf8') };
  }

  /** Reads a stream until its end, its loss, or ours. @returns all that it said; throws unless it ended in order */
  async watch(path: string): Promise<string> {
    const stream = await this.#stream(path);
    const leave = () => stream.destroy();
    this.#signal.addEventListener('abort', leave);
    // It may have opened only after the load was over.
    if (this.#signal.aborted) leave();
    let text = '';
    try {
      for await (const part of stream.setEncoding('utf8')) text += String(part);
    } finally {
      this.#signal.removeEventListener('abort', leave);
    }
    return text;
  }

  /** What the register says now, by membership. */
  async register(path: string): Promise<Map<string, StandingRecord | undefined>> {
    const stream = await this.#stream(path);
    let text = '';
    for await (const part of stream.setEncoding('utf8')) {
      text += String(part);
      const [, data] = /event: snapshot\ndata: (.*)\n\n/.exec(text) ?? [];
      if (data === undefined) continue;
      stream.destroy();
      const { rows } = JSON.parse(data) as {
        rows: { membershipId: string; record: StandingRecord | null }[];
      };
      return new Map(rows.map((row) => [row.membershipId, row.record ?? undefined]));
    }
    throw new Error('the stream ended before its snapshot');
  }

  end(): void {
    this.#agent.destroy();
  }

  async #stream(path: string): Promise<IncomingMessage> {
    const stream = await this.#open('GET', path, 'text/event-stream');
    if (stream.statusCode === 200) return stream;
    stream.destroy();
    throw new Error(String(stream.statusCode));
  }

  #open(method: string, path: string, accept: string, body?: unknown): Promise<IncomingMessage> {
    const { url, ca, headers } = this.#target;
    return new Promise((done, failed) => {
      const sent = requestFor(url)(
        `${url}${path}`,
        {
          ...{ method, ca, agent: this.#agent, timeout: answerWithinMs },
          headers: { ...headers, accept, ...(body !== undefined && { 'content-type': 'application/json' }) },
        },
        done,
      );
      sent.once('error', failed);
      sent.once('timeout', () => sent.destroy(new Error('no answer')));
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}
