import { inputOf } from '../../../_components/meeting-draft.ts';
import type { DraftFields, MeetingDraft } from '../../../_components/meeting-draft.ts';

/** A series as its form holds it. */
export interface SeriesDraft extends DraftFields {
  /** `YYYY-MM-DD`, empty while incomplete. */
  startDate: string;
  /** `1` Monday to `7` Sunday. */
  weekdays: string[];
  everyWeeks: number;
  endsBy: 'date' | 'count';
  untilDate: string;
  count: number;
  /** Holidays, both days included. */
  skip: { from: string; to: string }[];
  /** Days that were unticked in the list. */
  struck: string[];
}

/** Ten times on the weekday of the meeting that is suggested. */
export function seriesDraftOf({ date, ...fields }: MeetingDraft): SeriesDraft {
  return {
    ...fields,
    startDate: date,
    weekdays: [String(new Date(`${date}T00:00:00Z`).getUTCDay() || 7)],
    everyWeeks: 1,
    endsBy: 'count',
    untilDate: '',
    count: 10,
    skip: [],
    struck: [],
  };
}

/** What is sent of a draft. Problems of holidays come back by their place, so these go before the unticked days. */
export function seriesInputOf({ weekdays, endsBy, untilDate, count, skip, struck, ...rest }: SeriesDraft) {
  return {
    ...inputOf(rest),
    weekdays: weekdays.map(Number),
    ends: endsBy === 'date' ? { by: endsBy, untilDate } : { by: endsBy, count },
    skip: [...skip, ...struck.map((date) => ({ from: date, to: date }))],
  };
}
