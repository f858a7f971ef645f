import { openMailer } from '../notices/mailer.ts';
import { sendSamples } from '../notices/send-samples.ts';
import { requiredText } from './command.ts';
import type { DatabaseCommand } from './command.ts';
import { table } from './layout.ts';

export const mailCommands: readonly DatabaseCommand[] = [
  {
    words: 'mails sample',
    purpose:
      'Send a sample of each kind of mail, in each language, to one address: do mails arrive, and how do they look?',
    arguments: { ADDRESS: 'whom they go to, such as your own' },
    options: {},
    async run({ settings, clock }, given) {
      const { SMTP_URL: url, EMAIL_FROM: from, PUBLIC_URL: publicUrl } = settings;
      if (url === undefined || from === undefined) {
        return {
          text: 'No mail server is set up: SMTP_URL and EMAIL_FROM are missing.',
          data: [],
          refused: true,
        };
      }
      const mailer = openMailer({ url, from });
      const to = requiredText(given, 'ADDRESS');
      const samples = await sendSamples(mailer, { to, publicUrl, now: clock.now() }).finally(() => {
        mailer.close();
      });
      return {
        text: table(samples.map(({ kind, language, delivery }) => [kind, language, spell[delivery]])),
        data: samples,
        refused: samples.some(({ delivery }) => delivery !== 'sent'),
      };
    },
  },
];

const spell = {
  sent: 'taken by the mail server',
  refused: 'refused by the mail server for good',
  later: 'not taken by the mail server now',
  away: 'the mail server is not there, or takes nothing: look at SMTP_URL',
  unclear: 'the mail server had it and did not say whether it took it',
} as const;
