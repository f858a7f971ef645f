import { insertAuditEvents } from '../audit/queries.ts';
import { importedId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { insertMeetings } from '../meetings/queries.ts';
import { readMeeting } from '../meetings/read-meeting.ts';
import type { CourseWork } from './import-order.ts';
import { selectSettledMeetings } from './queries.ts';
import { readSession } from './rules.ts';

/** The zones by which times are read: the course's own, and that of times which the old database keeps without one. */
export interface ImportClock {
  zone: string;
  oldZone: string;
}

export interface PlacedSessions {
  /** The meeting of each old session. */
  meetingOf: Map<string, string>;
  /** The day of each meeting, by the course's clock. */
  dayOf: Map<string, string>;
  meetings: number;
  there: number;
}

/** Makes the meetings of old sessions that are not here yet, and have not been deleted by a teacher since. */
export async function bringMeetings(
  tx: Ctx,
  { course, sessions, report }: CourseWork,
  clock: ImportClock,
): Promise<PlacedSessions> {
  const placed: PlacedSessions = { meetingOf: new Map(), dayOf: new Map(), meetings: 0, there: 0 };
  const settled = await selectSettledMeetings(
    tx.db,
    sessions.map(({ id }) => importedId(course.id, 'meeting', id ?? '')),
  );
  const rows = [];
  for (const session of sessions) {
    const oldId = session.id ?? '';
    const read = readSession(session, clock);
    const id = importedId(course.id, 'meeting', oldId);
    const meeting = read === undefined ? undefined : placeWords(read.words, clock.zone);
    if (read === undefined || meeting === undefined) {
      report.cures['sessions-unplaceable'] += 1;
      report.unplaceable.push(oldId);
      continue;
    }
    placed.meetingOf.set(oldId, id);
    placed.dayOf.set(id, read.words.date);
    if (settled.has(id)) {
      placed.there += 1;
      continue;
    }
    for (const cure of read.cured) report.cures[cure] += 1;
    if (meeting.breakCured) report.cures['breaks-unusable'] += 1;
    rows.push({ id, courseId: course.id, timeZone: clock.zone, ...meeting.values });
  }
  if (rows.length > 0) await insertMeetings(tx.db, rows);
  await insertAuditEvents(
    tx,
    rows.map(({ id, courseId, timeZone: _, ...after }) => ({
      ...{ courseId, action: 'meeting.imported', subjectId: id, after },
    })),
  );
  placed.meetings = rows.length;
  return placed;
}

/** Breaks that do not fit into the meeting are left out; undefined: it fits into no calendar at all. */
function placeWords(words: NonNullable<ReturnType<typeof readSession>>['words'], zone: string) {
  const withoutTimes = { ...words, breaks: [] };
  for (const [index, attempt] of [words, withoutTimes, { ...withoutTimes, breakMinutes: 0 }].entries()) {
    const read = readMeeting(attempt, zone);
    if (read.ok) return { values: read.meeting, breakCured: index > 0 };
  }
  return undefined;
}
