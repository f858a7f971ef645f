import { requireStaff } from '../access/require-place.ts';
import { byGermanName } from '../base/by-german-name.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import { mayMark } from '../access/rules.ts';
import { env } from '../base/env.ts';
import type { MeetingKind, TimedBreak } from '../db/schema.ts';
import type { RecordView, WindowView } from '../live/notices.ts';
import { selectMeetingToTake, selectRegisterMembers } from './queries.ts';
import type { JudgingPolicy } from './rules.ts';

/** A meeting's register as it goes to the browser: dates are ISO text. */
export interface RegisterView {
  meeting: {
    id: string;
    title: string | null;
    number: number;
    localStart: string;
    startsAt: string;
    endsAt: string;
    timeZone: string;
    localEnd: string;
    room: string | null;
    breakMinutes: number;
    breaks: TimedBreak[];
    kind: MeetingKind;
    onlineUrl: string | null;
    onlinePlatform: string | null;
    description: string | null;
    isMandatory: boolean;
    state: 'planned' | 'cancelled';
    /** A teacher has declared the register to be complete. */
    closedAt: string | null;
    revision: number;
  };
  /** The viewer's own membership: whose marks wait in a browser. */
  viewerMembershipId: string;
  /** Closing the register marks whoever is not taken yet as absent. */
  autoAbsent: boolean;
  /** How marks are judged, so that a browser can show the minutes before the answer comes. */
  policy: JudgingPolicy;
  /** Whether the viewer may mark. */
  mayMark: boolean;
  /** The check-in and the check-out, as far as they are open or planned. */
  windows: WindowView[];
  /** How a window opens that is not asked for otherwise. */
  opening: { codeSeconds: number; validityMinutes: number };
  /** By family name, the German way. */
  rows: RegisterRow[];
  /** Members who were enrolled at the meeting's time. */
  expected: number;
}

export interface RegisterRow {
  membershipId: string;
  /** Family name first. */
  name: string;
  sections: string[];
  record: RecordView | null;
  /** Due at the meeting; others stand in the list because they have a record. */
  isExpected: boolean;
}

/**
 * The register of a meeting, in two queries.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-found`
 */
export async function loadRegister(
  ctx: Ctx,
  { courseId, meetingId }: { courseId: string; meetingId: string },
): Promise<RegisterView> {
  const { course, role, membershipId: viewerMembershipId } = await requireStaff(ctx, courseId);
  const found = isId(meetingId)
    ? await selectMeetingToTake(ctx.db, { courseId, meetingId }, ctx.now)
    : undefined;
  if (found === undefined) throw new AppError('not-found');
  const { meeting, windows } = found;
  const members = await selectRegisterMembers(ctx.db, meeting);
  const { graceMinutes, absentAfterMinutes, checkOutRequired, autoAbsent, codeSeconds } = course.policy;
  const { courseId: _course, sectionIds: _sections, startsAt, endsAt, closedAt, ...shown } = meeting;
  return {
    meeting: {
      ...shown,
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
      closedAt: closedAt?.toISOString() ?? null,
    },
    viewerMembershipId,
    autoAbsent,
    policy: { graceMinutes, absentAfterMinutes, checkOutRequired },
    mayMark: mayMark(role, course.policy),
    windows,
    opening: { codeSeconds, validityMinutes: env().QR_CODE_VALIDITY_MINUTES },
    rows: members.sort((a, b) => byGermanName.compare(a.name, b.name)),
    expected: members.filter((member) => member.isExpected).length,
  };
}
