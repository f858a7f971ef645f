import type { CoursePolicy } from '../base/course-policy.ts';
import { minuteMs } from '../base/minute.ts';
import type { MessageKind, Role } from '../db/schema.ts';

const hourMs = 60 * minuteMs;

/** So long a decision waits before the student is told: one that is taken back meanwhile is not told. */
export const decisionRestMs = minuteMs;

/** At most one digest in so long a time, for each who decides, and course. */
const digestMs = 3 * hourMs;

/** When the digest goes out that tells of what comes now: at the end of its stretch of three hours. */
export function digestDueAt(now: Date): Date {
  return new Date((Math.floor(now.getTime() / digestMs) + 1) * digestMs);
}

/** What was told is not told again: one mail a key, whichever process wants it, and however often. */
export const onceKeys = {
  decision: (excuseId: string, revision: number) => `excuse-decided:${excuseId}:${String(revision)}`,
  digest: (courseId: string, personId: string, dueAt: Date) =>
    `excuses-received:${courseId}:${personId}:${dueAt.toISOString()}`,
};

/** Whose business a course's excuses are: assistants', where they may look at them and take attendance. */
export function decidesExcuses(
  role: Role,
  policy: Pick<CoursePolicy, 'assistantsMaySeeExcuses' | 'assistantsMayMark'>,
): boolean {
  return (
    role === 'teacher' || (role === 'assistant' && policy.assistantsMaySeeExcuses && policy.assistantsMayMark)
  );
}

/** Whether a course wants mails of a kind. */
export function wantsMails(kind: MessageKind, policy: CoursePolicy): boolean {
  if (kind === 'marked-absent') return policy.mailAbsences;
  return kind === 'rate-below' ? policy.mailRateBelow : policy.mailExcuses;
}
