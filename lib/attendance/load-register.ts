import { requireStaff } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import type { Ctx } from '../context.ts';
import type { RecordView } from '../live/notices.ts';
import { selectMeetingToTake, selectRegisterMembers } from './queries.ts';

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
    room: string | null;
    breakMinutes: number;
    revision: number;
  };
  /** The open check-in, if there is one. */
  window: { id: string; openedAt: string; closesAt: string } | null;
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
}

/** As a German list is sorted: Ä with A, case apart, numbers by value. */
const byGermanName = new Intl.Collator('de', { sensitivity: 'variant', numeric: true });

/**
 * The register of a meeting, in two queries.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-found`
 */
export async function loadRegister(
  ctx: Ctx,
  { courseId, meetingId }: { courseId: string; meetingId: string },
): Promise<RegisterView> {
  await requireStaff(ctx, courseId);
  const found = isId(meetingId)
    ? await selectMeetingToTake(ctx.db, { courseId, meetingId }, ctx.now)
    : undefined;
  if (found === undefined) throw new AppError('not-found');
  const { meeting, window } = found;
  const members = await selectRegisterMembers(ctx.db, meeting);
  const { id, title, number, localStart, timeZone, room, breakMinutes, revision } = meeting;
  return {
    meeting: {
      ...{ id, title, number, localStart, timeZone, room, breakMinutes, revision },
      startsAt: meeting.startsAt.toISOString(),
      endsAt: meeting.endsAt.toISOString(),
    },
    window:
      window === null
        ? null
        : {
            id: window.id,
            openedAt: window.openedAt.toISOString(),
            closesAt: window.closesAt.toISOString(),
          },
    rows: members
      .map(({ membershipId, name, sections, record }) => ({ membershipId, name, sections, record }))
      .sort((a, b) => byGermanName.compare(a.name, b.name)),
    expected: members.filter((member) => member.isExpected).length,
  };
}
