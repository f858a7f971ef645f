import { requireStudent } from '../access/require-place.ts';
import type { CoursePolicy } from '../base/course-policy.ts';
import type { Ctx } from '../context.ts';
import { presenceOf } from './apply-change.ts';
import { forecast } from './forecast.ts';
import type { Outlook } from './forecast.ts';
import { joinMeetings } from './member-meetings.ts';
import type { MemberMeeting } from './member-meetings.ts';
import { selectHasOpenWindow, selectMembersToCount, selectOwnMeetings } from './queries.ts';
import type { MemberToCount, OwnMeeting } from './queries.ts';
import { computeTotals, decideFromTimes, rateOf, rateTotals } from './rules.ts';
import type { CountedMeeting, JudgingPolicy, MemberTotals, Rate, RecordToCount } from './rules.ts';

export interface MyAttendanceView {
  course: { id: string; title: string; timeZone: string };
  /** Student View's invented student: counts nowhere. */
  isTestUser: boolean;
  /** Whether a code can be typed in now. */
  isCheckInOpen: boolean;
  /** Running or still to come, soonest first; what is called off too, so that nobody comes in vain. */
  coming: OwnMeeting[];
  /** Latest first. */
  past: OwnMeeting[];
  /** How they stand; null in Student View. */
  figures: MyFigures | null;
}

export interface MyFigures {
  policy: Pick<
    CoursePolicy,
    'rateBy' | 'requiredPercent' | 'excusedCounts' | 'roundingMinutes' | 'lessonUnitMinutes'
  >;
  totals: MemberTotals;
  /** Both rates, whichever of them the course asks for; null before anything was expected. */
  rates: Record<CoursePolicy['rateBy'], Rate | null>;
  /** The rows that `totals` come from, by start. */
  untilNow: MemberMeeting<OwnMeeting>[];
  /** Due and held, but nobody has been taken yet. */
  untaken: MemberMeeting<OwnMeeting>[];
  /** Due and not over yet. */
  coming: MemberMeeting<OwnMeeting>[];
  /** How many of `coming` can still be attended or missed. */
  open: number;
  outlook: Outlook;
}

export type { OwnMeeting } from './queries.ts';

/**
 * A student's own meetings, what stands there for them, and how they stand. Nobody else's data is read, in a fixed
 * number of statements.
 *
 * @throws AppError `not-signed-in`, `no-access` (also for those who run the course: they are not listed)
 */
export async function loadMyAttendance(ctx: Ctx, courseId: string): Promise<MyAttendanceView> {
  const { course, membershipId, isTestUser } = await requireStudent(ctx, courseId);
  const [own, isCheckInOpen, [member]] = await Promise.all([
    selectOwnMeetings(ctx.db, { courseId, membershipId }),
    selectHasOpenWindow(ctx.db, membershipId, ctx.now),
    selectMembersToCount(ctx.db, courseId, membershipId),
  ]);
  return {
    course: { id: course.id, title: course.title, timeZone: course.timeZone },
    isTestUser,
    isCheckInOpen,
    coming: own.filter((meeting) => meeting.endsAt > ctx.now),
    past: own.filter((meeting) => meeting.endsAt <= ctx.now).reverse(),
    figures: member === undefined ? null : computeFigures(own, member, course.policy, ctx.now),
  };
}

function computeFigures(
  own: readonly OwnMeeting[],
  member: Pick<MemberToCount, 'spans' | 'records'>,
  policy: CoursePolicy,
  now: Date,
): MyFigures {
  const totals = computeTotals(own, member, policy, now);
  const { rateBy, requiredPercent, excusedCounts, roundingMinutes, lessonUnitMinutes } = policy;
  const atTheEnd = own.flatMap((meeting) => recordAtTheEnd(meeting, policy, now));
  const { untaken, coming, ...ahead } = forecast(own, { ...member, records: atTheEnd }, policy, now);
  const joined = (part: readonly CountedMeeting[]) =>
    joinMeetings(own, member.records, part).filter(({ counted }) => counted !== null);
  return {
    policy: { rateBy, requiredPercent, excusedCounts, roundingMinutes, lessonUnitMinutes },
    totals: rateTotals(totals, policy),
    rates: {
      minutes: rateOf(totals, { rateBy: 'minutes' }),
      meetings: rateOf(totals, { rateBy: 'meetings' }),
    },
    untilNow: joined(totals.meetings),
    untaken: joined(untaken),
    coming: joined(coming),
    ...ahead,
  };
}

/** What stands there for a meeting; while it is not over, as though whoever is there will check out at its end. */
function recordAtTheEnd(meeting: OwnMeeting, policy: JudgingPolicy, now: Date): RecordToCount[] {
  const { id: meetingId, record, endsAt } = meeting;
  if (record === null) return [];
  const { status, provenMinutes, isOpen, replacesMeetingId } = record;
  const kept = { meetingId, status, provenMinutes, isOpen, replacesMeetingId };
  if (!isOpen || endsAt <= now) return [kept];
  return [{ ...kept, provenMinutes: decideFromTimes(meeting, presenceOf(record), policy).provenMinutes }];
}
