/** A meeting as its form holds it: texts as typed, wall-clock times. */
export interface MeetingDraft {
  title: string;
  /** `YYYY-MM-DD`, empty while incomplete. */
  date: string;
  /** `HH:MM`, empty while incomplete. */
  from: string;
  to: string;
  breakMinutes: number;
  room: string;
}

export const draftFields = ['date', 'from', 'to', 'breakMinutes', 'room', 'title'] as const;

export function draftOf(meeting: {
  title: string | null;
  localStart: string;
  localEnd: string;
  breakMinutes: number;
  room: string | null;
}): MeetingDraft {
  return {
    title: meeting.title ?? '',
    date: meeting.localStart.slice(0, 10),
    from: meeting.localStart.slice(11, 16),
    to: meeting.localEnd.slice(11, 16),
    breakMinutes: meeting.breakMinutes,
    room: meeting.room ?? '',
  };
}
