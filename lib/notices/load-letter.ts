import { computeCourseTotals } from '../attendance/compute-course-totals.ts';
import { tenthsOfPercent } from '../attendance/rules.ts';
import type { Ctx } from '../context.ts';
import type { Letter } from './letter.ts';
import { countWaitingExcuses, selectAbsence, selectDecidedExcuse } from './queries.ts';
import type { Delivering, Message } from './queries.ts';

/** What a mail tells, as it stands now; undefined: nothing of it holds any more, or all of it was told already. */
export async function loadLetter(
  ctx: Pick<Ctx, 'db' | 'now'>,
  message: Message,
  { course, personId, membershipId }: Delivering,
): Promise<Letter | undefined> {
  const { kind } = message;
  const subjectId = message.subjectId ?? '';
  switch (kind) {
    case 'excuse-decided': {
      const decided = await selectDecidedExcuse(ctx.db, subjectId);
      return decided && { kind, ...decided };
    }
    case 'excuses-received': {
      const { waiting, hasNews } = await countWaitingExcuses(ctx.db, message, personId, ctx.now);
      return hasNews ? { kind, waiting } : undefined;
    }
    case 'marked-absent': {
      const meeting = await selectAbsence(ctx.db, { meetingId: subjectId, membershipId: membershipId ?? '' });
      return meeting && { kind, meeting };
    }
    case 'rate-below': {
      if (membershipId === null) return undefined;
      const { policy } = course;
      const totals = await computeCourseTotals(ctx, { courseId: course.id, policy, membershipId });
      const { rate = null, standing } = totals.get(membershipId) ?? {};
      if (rate === null || standing !== 'below') return undefined;
      return { kind, rate: tenthsOfPercent(rate), requiredPercent: policy.requiredPercent };
    }
  }
}
