import { createTransport } from 'nodemailer';
import type { Delivery } from './rules.ts';
import { judgeFailure } from './rules.ts';

export interface Mail {
  /** The same at every attempt, so that servers know a repetition. */
  messageId: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  unsubscribeUrl: string;
}

export interface Mailer {
  send(mail: Mail): Promise<Delivery>;
  close(): void;
}

const answerWithinMs = 10_000;
/** After the last line of a mail, servers look at it before they answer. */
const takeWithinMs = 60_000;

/**
 * Sends through the operator's mail server.
 *
 * @param server `url`: smtp://…, encrypted where the server offers it (`?requireTLS=true`: always), or smtps://…;
 *   `from`: whom mails come from, e.g. "Attendance <attendance@school.example>"
 */
export function openMailer({ url, from }: { url: string; from: string }): Mailer {
  const transport = openTransport(url);
  /** The mails of which the server has begun to take the text. */
  const handedOver = new Set<string>();
  transport.use('stream', (mail, done) => {
    const { messageId } = mail.data;
    // The text flows once the server has said that it takes it.
    mail.message.processFunc((text) => text.once('resume', () => handedOver.add(messageId ?? '')));
    done();
  });
  return {
    async send({ unsubscribeUrl, to, ...mail }) {
      try {
        await transport.sendMail({
          ...mail,
          from,
          to: { name: '', address: to },
          headers: {
            'Auto-Submitted': 'auto-generated',
            'X-Auto-Response-Suppress': 'All',
            'List-Unsubscribe': `<${unsubscribeUrl}>`,
            'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          },
        });
        return 'sent';
      } catch (error) {
        return judgeFailure({
          ...factsOf(error),
          wasHandedOver: handedOver.has(mail.messageId),
        });
      } finally {
        handedOver.delete(mail.messageId);
      }
    },
    close() {
      transport.close();
    },
  };
}

function openTransport(url: string) {
  return createTransport({
    url,
    pool: true,
    maxConnections: 2,
    // A connection that breaks is told: what had been handed over by then must not go out once more.
    maxRequeues: 0,
    dnsTimeout: answerWithinMs,
    connectionTimeout: answerWithinMs,
    greetingTimeout: answerWithinMs,
    socketTimeout: takeWithinMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** What keeps a mail server from taking mails of ours; `code` as Node or nodemailer call it, `status` as SMTP does. */
export interface MailTrouble {
  code: string;
  status: number | undefined;
}

/** Greets the operator's mail server, and signs in where the address has a name: all but sending. */
export async function findMailTrouble(url: string): Promise<MailTrouble | undefined> {
  const transport = openTransport(url);
  try {
    await transport.verify();
    return undefined;
  } catch (error) {
    const { code } = error as { code?: unknown };
    return { code: typeof code === 'string' ? code : 'unknown', status: factsOf(error).responseCode };
  } finally {
    transport.close();
  }
}

function factsOf(error: unknown) {
  const { responseCode, command } = error as { responseCode?: unknown; command?: unknown };
  return {
    responseCode: typeof responseCode === 'number' ? responseCode : undefined,
    command: typeof command === 'string' ? command : undefined,
  };
}
