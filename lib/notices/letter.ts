import type { NamedMeeting } from '../i18n/format.ts';

export interface LetterMeeting extends NamedMeeting {
  startsAt: Date;
  endsAt: Date;
  timeZone: string;
}

/** What a mail tells, before it is put into words. */
export type Letter =
  | {
      kind: 'excuse-decided';
      /** Where the excuse names no meeting, the decision alone. */
      decision: 'accepted' | 'declined';
      meetings: (LetterMeeting & { decision: 'accepted' | 'declined' })[];
    }
  | { kind: 'excuses-received'; waiting: number }
  | { kind: 'marked-absent'; meeting: LetterMeeting }
  | {
      kind: 'rate-below';
      /** In tenths of a percent, rounded down. */
      rate: number;
      requiredPercent: number;
    };
