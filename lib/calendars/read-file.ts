import { decodeFile } from './decode-file.ts';
import type { ReadFile } from './found-meeting.ts';
import { readCalendar } from './read-calendar.ts';
import { readTable } from './read-table.ts';
import { withinTime } from './within-time.ts';

/** So many meetings at once can still be looked at before they are imported. */
export const mostMeetings = 500;
const readingMs = 1_500;

/** Reads a calendar or a table, known by what it holds and not by its name. */
export function readFile(bytes: Uint8Array, course: { timeZone: string; now: Date }): ReadFile {
  const decoded = decodeFile(bytes);
  if (!decoded.ok) return decoded;
  const { text } = decoded;
  const read = withinTime(readingMs, () =>
    /^\s*BEGIN:VCALENDAR/i.test(text) ? readCalendar(text, course) : readTable(text),
  )?.done;
  if (read === undefined) return { ok: false, problem: { kind: 'takes-too-long' } };
  if (!read.ok) return read;
  const { meetings, unread } = read.content;
  if (meetings.length + unread.length > mostMeetings) {
    return { ok: false, problem: { kind: 'too-many', most: mostMeetings } };
  }
  if (meetings.length + unread.length === 0) return { ok: false, problem: { kind: 'empty' } };
  return read;
}
