import pg from 'pg';
import { lineTo } from './address.ts';
import type { DatabaseAddress } from './address.ts';

export interface ListenOptions {
  /** A direct connection: poolers that share connections between statements lose LISTEN. */
  address: DatabaseAddress;
  channel: string;
  onPayload: (payload: string) => void;
  /** Listening from now on: what was notified before, or in a gap, was missed. */
  onListening: () => void;
  /** The connection was lost or could not be made; the next try follows by itself. */
  onLost: (error: Error) => void;
  /** First wait before the next try; it doubles up to twenty times as much. */
  retryMs?: number;
  /** How often it makes sure that the line still carries something, and how long an answer may take. */
  checkMs?: number;
  answerWithinMs?: number;
}

export interface Listening {
  close(): Promise<void>;
}

/** Nobody answers a goodbye on a line that has fallen silent; a process that stops has other things to end. */
const leaveWithinMs = 1_000;

/** Holds one connection that listens, and makes a new one whenever it breaks. */
export function listen(options: ListenOptions): Listening {
  const firstWaitMs = options.retryMs ?? 250;
  let closed = false;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let check: NodeJS.Timeout | undefined;
  let waitMs = firstWaitMs;

  const retry = (lost: pg.Client, error: Error) => {
    if (closed || client !== lost) return;
    client = undefined;
    clearTimeout(check);
    options.onLost(error);
    lost.end().catch(() => {
      // It is broken already.
    });
    timer = setTimeout(connect, waitMs);
    // Waiting for a database must not keep a process alive that wants to end.
    timer.unref();
    waitMs = Math.min(waitMs * 2, firstWaitMs * 20);
  };

  function connect() {
    const next = new pg.Client({
      ...lineTo(options.address),
      application_name: 'sk-attendance-live',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      query_timeout: options.answerWithinMs ?? 10_000,
    });
    client = next;
    next.on('notification', (message) => {
      if (message.payload !== undefined) options.onPayload(message.payload);
    });
    next.on('error', (error) => {
      retry(next, error);
    });
    next.on('end', () => {
      retry(next, new Error('the connection ended'));
    });
    const lose = (error: unknown) => {
      retry(next, error instanceof Error ? error : new Error(String(error)));
    };
    const sayListen = () => next.query(`listen ${pg.escapeIdentifier(options.channel)}`);
    // A line that has fallen silent breaks nothing, and its watchers would wait for ever: saying it again is answered.
    const checkLater = () => {
      if (client !== next) return;
      check = setTimeout(() => void sayListen().then(checkLater, lose), options.checkMs ?? 30_000);
      check.unref();
    };
    next
      .connect()
      .then(sayListen)
      .then(() => {
        waitMs = firstWaitMs;
        options.onListening();
        checkLater();
      })
      .catch(lose);
  }

  connect();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      clearTimeout(check);
      const last = client;
      client = undefined;
      if (last === undefined) return;
      const late = setTimeout(() => last.connection.stream.destroy(), leaveWithinMs);
      await last.end();
      clearTimeout(late);
    },
  };
}
