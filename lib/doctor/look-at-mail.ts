import type { Env } from '../base/env.ts';
import { findMailTrouble } from '../notices/mailer.ts';
import { failed, notChecked, ok } from './rules.ts';
import type { Finding } from './rules.ts';

/** Greets the mail server and signs in; nothing is sent. */
export async function lookAtMail({ SMTP_URL: url }: Pick<Env, 'SMTP_URL'>): Promise<Finding[]> {
  if (url === undefined) {
    return [notChecked('mail', 'SMTP_URL is not set: no mails are sent, and courses say so.')];
  }
  const { host } = new URL(url);
  const trouble = await findMailTrouble(url);
  if (trouble === undefined) {
    return [
      ok('mail', `${host} takes mails of ours. Whether they arrive: npm run cli -- mails sample ADDRESS`),
    ];
  }
  const { code, status } = trouble;
  const sentence = `${host} does not take mails of ours (${[code, status].filter((one) => one !== undefined).join(', ')}).`;
  return [failed('mail', sentence, cureOf(code))];
}

function cureOf(code: string): string {
  switch (code) {
    case 'EAUTH':
    case 'ENOAUTH':
      return 'Correct name and password in SMTP_URL; characters such as @ and # must be escaped.';
    case 'EDNS':
      return 'Correct the host in SMTP_URL.';
    case 'ETLS':
      return 'The server and we agree on no encryption: try smtp:// with port 587, or smtps:// with port 465; for a certificate of your own set NODE_EXTRA_CA_CERTS.';
    default:
      return 'Is the server up, are host and port of SMTP_URL right, and does a firewall let this machine out? Many hosts block port 25: use 587 or 465.';
  }
}
