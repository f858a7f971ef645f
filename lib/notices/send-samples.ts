import { addMs, minuteMs } from '../base/time.ts';
import { languages } from '../i18n/languages.ts';
import type { Language } from '../i18n/languages.ts';
import { translatorFor } from '../i18n/translator.ts';
import { newId } from '../base/ids.ts';
import type { MessageKind } from '../db/schema.ts';
import type { Letter, LetterMeeting } from './letter.ts';
import type { Mailer } from './mailer.ts';
import type { Delivery } from './rules.ts';
import { unsubscribePath } from './unsubscribe-token.ts';
import { writeMail } from './write-mail.ts';

export interface SentSample {
  kind: MessageKind;
  language: Language;
  delivery: Delivery;
}

/**
 * Sends a mail of each kind in each language, with invented facts, so that an operator sees that mails arrive and how
 * they look. Their links to turn them off belong to nobody.
 */
export async function sendSamples(
  mailer: Mailer,
  { to, publicUrl, now }: { to: string; publicUrl: string; now: Date },
): Promise<SentSample[]> {
  const samples: SentSample[] = [];
  for (const language of languages) {
    const t = translatorFor(language);
    for (const letter of sampleLetters(now)) {
      const unsubscribeUrl = publicUrl + unsubscribePath('sample');
      const addressing = {
        givenName: t('mail.sample.name'),
        courseTitle: t('mail.sample.course'),
        courseUrl: publicUrl,
        unsubscribeUrl,
      };
      const delivery = await mailer.send({
        ...writeMail(letter, addressing, t),
        ...{ to, unsubscribeUrl },
        messageId: `<sample-${newId()}@${new URL(publicUrl).hostname}>`,
      });
      samples.push({ kind: letter.kind, language, delivery });
    }
  }
  return samples;
}

function sampleLetters(now: Date): Letter[] {
  const meeting = (number: number): LetterMeeting => {
    const startsAt = addMs(now, (number - 10) * 7 * 24 * 60 * minuteMs);
    return {
      ...{ title: null, number, startsAt, timeZone: 'UTC' },
      localStart: startsAt.toISOString().slice(0, 16),
      endsAt: addMs(startsAt, 90 * minuteMs),
    };
  };
  return [
    {
      kind: 'excuse-decided',
      decision: 'accepted',
      meetings: [
        { ...meeting(4), decision: 'accepted' },
        { ...meeting(5), decision: 'declined' },
      ],
    },
    { kind: 'excuses-received', waiting: 3 },
    { kind: 'marked-absent', meeting: meeting(6) },
    { kind: 'rate-below', rate: 727, requiredPercent: 80 },
  ];
}
