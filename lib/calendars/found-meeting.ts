import type { MeetingKind } from '../db/schema.ts';

/** What was read differently from how it stands in the file. */
export type ReadingNote = 'zone-unknown' | 'text-cut';

/** A meeting as a file tells it, at the clock of the course. A field that is left out: the file says nothing of it. */
export interface FoundMeeting {
  /** Finds the same meeting when the file, or a newer one, is read again. */
  key: string;
  /** Where it stands in the file, from 1. */
  line: number;
  title: string | null;
  /** `YYYY-MM-DDTHH:MM` */
  localStart: string;
  localEnd: string;
  room?: string | null;
  description?: string | null;
  onlineUrl?: string | null;
  onlinePlatform?: string | null;
  kind?: MeetingKind;
  breakMinutes?: number;
  isMandatory?: boolean;
  isCancelled: boolean;
  notes: ReadingNote[];
}

/** Why a part of a file cannot become a meeting. */
export type RowProblem =
  | 'event-broken'
  | 'no-start'
  | 'end-before-start'
  | 'too-long'
  | 'rule-unreadable'
  | 'change-of-many'
  | 'twice'
  | 'date'
  | 'from'
  | 'to'
  | 'kind'
  | 'break'
  | 'online-url'
  | 'mandatory'
  | 'title-too-long'
  | 'room-too-long';

/** Why a part of a file is left out although nothing is wrong with it. */
export type LeftOut = 'all-day' | 'series-cut' | 'long-past';

/** A part of a file that becomes no meeting, and what to tell of it. */
export interface UnreadRow {
  line: number;
  /** What it is called there, or what stands in the cell. */
  name: string | null;
  reason: { kind: 'problem'; problem: RowProblem } | { kind: 'left-out'; why: LeftOut };
}

/** What a file holds, before it is compared with the course. */
export interface FileContent {
  meetings: FoundMeeting[];
  unread: UnreadRow[];
}

/** Why nothing at all can be read. */
export type FileProblem =
  | { kind: 'empty' }
  | { kind: 'too-large' }
  | { kind: 'not-text' }
  | { kind: 'not-known' }
  | { kind: 'calendar-without-events' }
  | { kind: 'columns-missing'; columns: ('date' | 'from' | 'to')[] }
  | { kind: 'table-broken'; line: number }
  | { kind: 'too-many'; most: number }
  | { kind: 'takes-too-long' };

export type ReadFile = { ok: true; content: FileContent } | { ok: false; problem: FileProblem };

export const longest = { title: 200, room: 100, description: 4_000 } as const;

/** Text of a file as a person may see it: no characters that control a terminal or the direction of other text. */
export function cleanText(text: string): string {
  return (
    text
      .replaceAll(/\r\n?/g, '\n')
      // eslint-disable-next-line no-control-regex -- they are what is taken out
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
      .trim()
  );
}

/** No more than so many UTF-16 units of a text, and no half of a character, which the database does not take. */
export function cutText(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
}

/** The same in one line. */
export function cleanLine(text: string): string {
  return cleanText(text).replaceAll(/\s+/g, ' ');
}

/** An https address without a name or password in it, or null: others are not shown to students. */
export function httpsAddress(text: string): string | null {
  const url = URL.parse(text.trim());
  const isOurs = url?.protocol === 'https:' && url.username === '' && url.password === '';
  return isOurs && url.href.length <= 2_000 ? url.href : null;
}
