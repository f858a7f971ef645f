import { findRetention } from '../access/find-retention.ts';
import { requireStudent } from '../access/require-place.ts';
import { env } from '../base/env.ts';
import type { Ctx } from '../context.ts';
import { selectMeetingsToExcuse } from './queries.ts';
import type { OwnMeetingToExcuse } from './queries.ts';
import { isChoosable, isMissed } from './rules.ts';

export type ChoosableMeeting = OwnMeetingToExcuse & {
  /** What an excuse is handed in for first. */
  isMissed: boolean;
};

export interface ExcuseFormView {
  course: { id: string; title: string; timeZone: string };
  /** Student View's invented student: hands nothing in. */
  isTestUser: boolean;
  /** The student's own, by start, without those that are called off. Where an excuse stands already: not to be chosen. */
  meetings: ChoosableMeeting[];
  maxFileBytes: number;
  /** Assistants read excuses here, not teachers alone. */
  areAssistantsReaders: boolean;
  /** How long documents are kept after the decision. */
  documentDays: number;
}

/**
 * What a student may excuse themselves from.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function loadExcuseForm(ctx: Ctx, courseId: string): Promise<ExcuseFormView> {
  const { course, membershipId, isTestUser } = await requireStudent(ctx, courseId);
  const [meetings, { excuseDocumentDays }] = await Promise.all([
    selectMeetingsToExcuse(ctx.db, { courseId, membershipId }),
    findRetention(ctx, courseId),
  ]);
  return {
    course: { id: course.id, title: course.title, timeZone: course.timeZone },
    isTestUser,
    meetings: meetings
      .filter((meeting) => isChoosable({ ...meeting, excuse: null }))
      .map((meeting) => ({ ...meeting, isMissed: isMissed(meeting, ctx.now) })),
    maxFileBytes: env().MAX_FILE_SIZE,
    areAssistantsReaders: course.policy.assistantsMaySeeExcuses,
    documentDays: excuseDocumentDays,
  };
}
