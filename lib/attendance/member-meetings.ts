import type { CountedMeeting, MeetingToCount, RecordToCount } from './rules.ts';

/** One meeting as it stands for a member. */
export interface MemberMeeting<Meeting extends MeetingToCount = MeetingToCount> {
  meeting: Meeting;
  record: RecordToCount | null;
  /** What it contributes to the figures; null: nothing (not due, not mandatory, cancelled, not held or not taken yet). */
  counted: CountedMeeting | null;
}

/** Puts beside each meeting what stands there for a member, and what it contributes to their figures. */
export function joinMeetings<Meeting extends MeetingToCount>(
  meetings: readonly Meeting[],
  records: readonly RecordToCount[],
  rows: readonly CountedMeeting[],
): MemberMeeting<Meeting>[] {
  const recordOf = new Map(records.map((record) => [record.meetingId, record]));
  const countedOf = new Map(rows.map((row) => [row.meetingId, row]));
  return meetings.map((meeting) => ({
    meeting,
    record: recordOf.get(meeting.id) ?? null,
    counted: countedOf.get(meeting.id) ?? null,
  }));
}
