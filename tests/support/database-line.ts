import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';

export interface DatabaseLine {
  /** The database's address, by this line. */
  url: string;
  /** From now on nothing comes through, and nobody is told: as when a network falls silent. */
  silence(): void;
  /** What was held back goes on. */
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
    restore() {
      isSilent = false;
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
