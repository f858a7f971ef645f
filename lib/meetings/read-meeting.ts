import { meetingInput } from './input.ts';
import type { MeetingField } from './input.ts';
import { decideMeetingTimes } from './rules.ts';
import type { MeetingProblem, MeetingProblems, MeetingTimes } from './rules.ts';

const fieldProblems: Record<MeetingField, MeetingProblem> = {
  title: 'meeting.problem.title',
  date: 'meeting.problem.date',
  from: 'meeting.problem.from',
  to: 'meeting.problem.to',
  breakMinutes: 'meeting.problem.break',
  room: 'meeting.problem.room',
};

export interface MeetingWords extends MeetingTimes {
  title: string | null;
  room: string | null;
  breakMinutes: number;
}

/** Reads a meeting form: every problem at its field, or the meeting placed in time. */
export function readMeeting(
  input: unknown,
  timeZone: string,
  options: { mayCrossMidnight?: boolean } = {},
): { ok: true; meeting: MeetingWords } | { ok: false; problems: MeetingProblems } {
  const parsed = meetingInput.safeParse(input);
  if (!parsed.success) {
    const problems: MeetingProblems = {};
    for (const issue of parsed.error.issues) {
      const field = issue.path[0] as MeetingField;
      problems[field] = fieldProblems[field];
    }
    return { ok: false, problems };
  }
  const placed = decideMeetingTimes(parsed.data, timeZone, options);
  if (!placed.ok) return placed;
  const { title, room, breakMinutes } = parsed.data;
  return { ok: true, meeting: { title, room, breakMinutes, ...placed.times } };
}
