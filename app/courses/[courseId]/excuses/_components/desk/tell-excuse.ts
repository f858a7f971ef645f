import type { Status } from '#lib/base/statuses.ts';
import type { ExcuseQueueView } from '#lib/excuses/load-excuse-queue.ts';
import type { ExcuseEffect, ExcuseState } from '#lib/excuses/rules.ts';
import { formatTimeRange, isolated, meetingName } from '#lib/i18n/format.ts';
import { tellDate, tellDay, tellMoment } from '../../../members/_components/format-when.ts';
import type { Clock } from '../../../members/_components/format-when.ts';

type QueuedExcuse = ExcuseQueueView['excuses'][number];

/** An excuse in words, ready for the browser. */
export interface ToldExcuse {
  id: string;
  revision: number;
  membershipId: string;
  name: string;
  state: ExcuseState;
  reason: string;
  text: string | null;
  /** Its meetings in short: "Sat, 28 Nov and 2 more". */
  summary: string;
  submitted: string;
  /** The days that were named, where days were. */
  days: string | null;
  /** What was decided, by whom and when, or that it was withdrawn. */
  outcome: string | null;
  note: string | null;
  meetings: ToldMeeting[];
  documents: ToldDocument[];
}

export interface ToldMeeting {
  id: string;
  name: string;
  when: string;
  isCancelled: boolean;
  /** What the register says now. */
  status: Status | null;
  effect: ExcuseEffect;
  decision: 'accepted' | 'declined' | null;
  changedRecord: boolean;
}

export interface ToldDocument {
  id: string;
  name: string | null;
  isPdf: boolean;
  /** When it was deleted. */
  gone: string | null;
}

export function tellExcuse(excuse: QueuedExcuse, clock: Clock): ToldExcuse {
  const { t } = clock;
  const { id, revision, membershipId, name, state, text, fromDay, toDay, decisionNote } = excuse;
  const meetings = excuse.meetings.map((meeting): ToldMeeting => {
    const ofMeeting = { ...clock, timeZone: meeting.timeZone };
    const times = formatTimeRange(meeting.startsAt, meeting.endsAt, meeting.timeZone, t.language);
    return {
      ...{ id: meeting.id, name: meetingName(meeting, t) },
      when: `${tellDay(meeting.startsAt, ofMeeting)}, ${times}`,
      isCancelled: meeting.state === 'cancelled',
      ...{ status: meeting.status, effect: meeting.effect },
      ...{ decision: meeting.decision, changedRecord: meeting.changedRecord },
    };
  });
  return {
    ...{ id, revision, membershipId, name, state, text, meetings, note: decisionNote },
    reason: t(`excuse.reason.${excuse.reason}`),
    summary: summaryOf(excuse, clock),
    submitted: tellMoment(excuse.submittedAt, clock),
    days: tellDays(fromDay, toDay, clock),
    outcome: tellOutcome(excuse, clock),
    documents: excuse.files.map((file) => ({
      ...{ id: file.id, name: file.name, isPdf: file.mediaType === 'application/pdf' },
      gone: file.discardedAt === null ? null : tellMoment(file.discardedAt, clock),
    })),
  };
}

function summaryOf({ meetings, fromDay, toDay }: QueuedExcuse, clock: Clock): string {
  const [first, ...more] = meetings;
  if (first === undefined) return tellDays(fromDay, toDay, clock) ?? '';
  const day = tellDay(first.startsAt, { ...clock, timeZone: first.timeZone });
  return more.length === 0 ? day : clock.t('desk-excuse.and-more', { day, count: more.length });
}

function tellDays(fromDay: string | null, toDay: string | null, clock: Clock): string | null {
  if (fromDay === null || toDay === null) return null;
  const from = tellDate(fromDay, clock);
  if (fromDay === toDay) return clock.t('desk-excuse.day', { from });
  return clock.t('desk-excuse.days', { from, to: tellDate(toDay, clock) });
}

function tellOutcome({ state, decidedAt, withdrawnAt, decider }: QueuedExcuse, clock: Clock): string | null {
  const { t } = clock;
  if (withdrawnAt !== null) return t('desk-excuse.withdrawn', { when: tellMoment(withdrawnAt, clock) });
  if (decidedAt === null) return null;
  const told = { state: t(`excuse.state.${state}`), when: tellMoment(decidedAt, clock) };
  return decider === null
    ? t('desk-excuse.decided', told)
    : t('desk-excuse.decided-by', { ...told, name: isolated(decider) });
}
