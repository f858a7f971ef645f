import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

export interface DatabaseLine {
  /** The database's address, by this line. */
  url: string;
  /** From now on nothing comes through, and nobody is told: as when a network falls silent. */
  silence(): void;
  /**
   * From now on a statement with this text in it is brought there, and the connection breaks as soon as it is answered:
   * nobody hears whether it was done.
   */
  loseAnswersTo(text: string): void;
  /** How often that has happened. */
  readonly lostAnswers: number;
  /** What was held back goes on, and no answer is lost any more. */
  restore(): void;
  /** Breaks every connection that is there now. */
  cut(): void;
  close(): Promise<void>;
}

/** A line to the database that can be troubled. */
export async function openDatabaseLine(databaseUrl: string): Promise<DatabaseLine> {
  const there = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let isSilent = false;
  let fatal: string | undefined;
  let lostAnswers = 0;
  const keep = (socket: Socket, other: Socket) => {
    sockets.add(socket);
    socket.on('data', (bytes) => other.write(bytes));
    if (isSilent) socket.pause();
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      other.destroy();
    });
  };
  const server = createServer((near) => {
    const far = connect(Number(there.port), there.hostname);
    let isDoomed = false;
    near.on('data', (bytes) => {
      isDoomed ||= fatal !== undefined && bytes.includes(fatal);
    });
    far.on('data', () => {
      if (!isDoomed) return;
      lostAnswers += 1;
      near.destroy();
    });
    keep(near, far);
    keep(far, near);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the line has no address');
  const url = new URL(databaseUrl);
  url.port = String(address.port);
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    silence() {
      isSilent = true;
      for (const socket of sockets) socket.pause();
    },
    loseAnswersTo(text) {
      fatal = text;
    },
    get lostAnswers() {
      return lostAnswers;
    },
    restore() {
      isSilent = false;
      fatal = undefined;
      for (const socket of sockets) socket.resume();
    },
    cut,
    close: () =>
      new Promise((done) => {
        server.close(() => {
          done();
        });
        cut();
      }),
  };
}
