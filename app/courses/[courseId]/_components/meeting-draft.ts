import type { MeetingWords } from '#lib/meetings/rules.ts';

/** A meeting as its form holds it: texts as typed, wall-clock times, empty while incomplete. */
export interface MeetingDraft {
  title: string;
  /** `YYYY-MM-DD` */
  date: string;
  /** `HH:MM` */
  from: string;
  to: string;
  endsNextDay: boolean;
  breaksBy: 'minutes' | 'times';
  breakMinutes: number;
  breaks: { from: string; to: string }[];
  kind: MeetingWords['kind'];
  room: string;
  onlineUrl: string;
  onlinePlatform: string;
  description: string;
  isMandatory: boolean;
  sectionIds: string[];
}

/** What a series says of each of its meetings. */
export type DraftFields = Omit<MeetingDraft, 'date'>;

export function draftOf(words: MeetingWords): MeetingDraft {
  return {
    ...words,
    title: words.title ?? '',
    breaksBy: words.breaks.length > 0 ? 'times' : 'minutes',
    room: words.room ?? '',
    onlineUrl: words.onlineUrl ?? '',
    onlinePlatform: words.onlinePlatform ?? '',
    description: words.description ?? '',
  };
}

/** What is sent of a draft: one kind of breaks, and a next day only where the end asks for it. */
export function inputOf<Draft extends DraftFields>({ breaksBy, ...draft }: Draft) {
  return {
    ...draft,
    endsNextDay: draft.endsNextDay && mayEndNextDay(draft),
    breakMinutes: breaksBy === 'minutes' ? draft.breakMinutes : 0,
    breaks: breaksBy === 'minutes' ? [] : draft.breaks,
  };
}

/** An end that is not after the start can only be one of the next day. */
export function mayEndNextDay({ from, to }: Pick<DraftFields, 'from' | 'to'>): boolean {
  return from !== '' && to !== '' && to <= from;
}
