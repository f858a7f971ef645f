import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { isErrno, StartFault } from './state.ts';

export interface ReceivedMail {
  /** From 1, in the order in which they came. */
  number: number;
  receivedAt: Date;
  /** Whom the sender named to the server. */
  recipient: string;
  mail: Email;
}

/** So many are kept, the newest; none over a restart. */
const mostKept = 200;
const largestMail = 1_000_000;

/** A mailbox for everybody: takes whatever is sent to it on this computer, by real SMTP, and sends nothing on. */
export class Inbox {
  /** Where it listens; undefined: nowhere. */
  url: string | undefined;
  readonly #mails: ReceivedMail[] = [];
  readonly #now: () => Date;
  #count = 0;
  #server: SMTPServer | undefined;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** The newest first. */
  all(): readonly ReceivedMail[] {
    return this.#mails;
  }

  find(number: number): ReceivedMail | undefined {
    return this.#mails.find((one) => one.number === number);
  }

  /** @throws StartFault when the port cannot be had */
  async listen(port: number): Promise<void> {
    const server = new SMTPServer({
      banner: 'The demo LMS takes mails for everybody',
      disabledCommands: ['AUTH', 'STARTTLS'],
      disableReverseLookup: true,
      size: largestMail,
      closeTimeout: 500,
      onData: (stream, session, done) => {
        buffer(stream)
          .then(async (raw) => {
            const mail = await PostalMime.parse(raw);
            for (const { address } of session.envelope.rcptTo) this.#keep(address, mail);
            done(null);
          })
          .catch(done);
      },
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: Error) => {
        reject(
          isErrno(error, 'EADDRINUSE') || isErrno(error, 'EACCES')
            ? new StartFault(`Port ${String(port)} cannot be had: choose another with DEMO_SMTP_PORT.`)
            : error,
        );
      });
      server.listen(port, '127.0.0.1', resolve);
    });
    server.removeAllListeners('error');
    server.on('error', (error) => {
      console.warn(`A mail was not received: ${error.message}`);
    });
    this.url = `smtp://127.0.0.1:${String((server.server.address() as AddressInfo).port)}`;
    this.#server = server;
  }

  close(): Promise<void> {
    return new Promise((done) => {
      if (this.#server === undefined) done();
      else this.#server.close(done);
    });
  }

  #keep(recipient: string, mail: Email): void {
    this.#count += 1;
    this.#mails.unshift({ number: this.#count, receivedAt: this.#now(), recipient, mail });
    this.#mails.length = Math.min(this.#mails.length, mostKept);
  }
}
