import { meetingInput } from './input.ts';
import type { MeetingField } from './input.ts';
import { placeMeeting } from './rules.ts';
import type { MeetingProblem, MeetingProblems, MeetingValues } from './rules.ts';

const fieldProblems: Record<MeetingField, MeetingProblem> = {
  title: 'meeting.problem.title',
  date: 'meeting.problem.date',
  from: 'meeting.problem.from',
  to: 'meeting.problem.to',
  endsNextDay: 'meeting.problem.to',
  breakMinutes: 'meeting.problem.break',
  breaks: 'meeting.problem.breaks',
  kind: 'meeting.problem.kind',
  room: 'meeting.problem.room',
  onlineUrl: 'meeting.problem.online-url',
  onlinePlatform: 'meeting.problem.online-platform',
  description: 'meeting.problem.description',
  isMandatory: 'meeting.problem.mandatory',
  sectionIds: 'meeting.problem.sections',
};

/** Reads a meeting form: every problem at its field, or the meeting placed in time. */
export function readMeeting(
  input: unknown,
  timeZone: string,
): { ok: true; meeting: MeetingValues } | { ok: false; problems: MeetingProblems } {
  const parsed = meetingInput.safeParse(input);
  return parsed.success
    ? placeMeeting(parsed.data, timeZone)
    : { ok: false, problems: problemsAt(parsed.error.issues) };
}

/** A sentence at each field of a meeting that could not be read; a break has a place of its own. */
export function problemsAt(issues: readonly { path: PropertyKey[] }[]): MeetingProblems {
  const problems: MeetingProblems = {};
  for (const { path } of issues) {
    const field = path[0] as MeetingField;
    const index = path[1];
    if (field === 'breaks' && typeof index === 'number') {
      problems[`breaks.${String(index)}`] = 'meeting.problem.break-times';
    } else {
      problems[field] = fieldProblems[field];
    }
  }
  return problems;
}
