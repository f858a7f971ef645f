import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

/** What the server does with a mail: takes it, answers with a code, says nothing, or dies once it has it. */
export type Manner = 'take' | 'silent' | 'die' | { at: 'recipient' | 'text'; code: number };

export interface MailServer {
  url: string;
  /** What was taken, in order; one that died or fell silent had taken it, too. */
  mails: (Email & { recipient: string })[];
  /** By recipient; who is not named here is taken. */
  manners: Map<string, Manner>;
  close(): Promise<void>;
}

function refusal(code: number): Error {
  return Object.assign(new Error('not this one'), { responseCode: code });
}

/** A mail server of the test's own, by the real protocol. */
export async function startMailServer(port = 0): Promise<MailServer> {
  const mails: MailServer['mails'] = [];
  const manners: MailServer['manners'] = new Map();
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 1,
    onRcptTo({ address }, _session, done) {
      const manner = manners.get(address);
      done(typeof manner === 'object' && manner.at === 'recipient' ? refusal(manner.code) : null);
    },
    onData(stream, session, done) {
      const recipient = session.envelope.rcptTo[0]?.address ?? '';
      const manner = manners.get(recipient) ?? 'take';
      void buffer(stream).then(async (raw) => {
        if (typeof manner === 'object') {
          done(refusal(manner.code));
          return;
        }
        mails.push({ ...(await PostalMime.parse(raw)), recipient });
        if (manner === 'take') done(null);
        if (manner === 'die') for (const socket of sockets) socket.destroy();
      });
    },
  });
  // A client that went away.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(port, '127.0.0.1');
  await once(server.server, 'listening');
  const bound = (server.server.address() as AddressInfo).port;
  return {
    url: `smtp://127.0.0.1:${String(bound)}`,
    mails,
    manners,
    close: () =>
      new Promise((done) => {
        server.close(done);
        for (const socket of sockets) socket.destroy();
      }),
  };
}
