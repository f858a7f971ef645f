import { requireStaff } from '../access/require-place.ts';
import { mayManage } from '../access/rules.ts';
import { resolvePolicy } from '../base/course-policy.ts';
import { env } from '../base/env.ts';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import type { PolicyInput } from './input.ts';
import { selectSettings } from './queries.ts';
import { timeZonesWith } from './time-zones.ts';

export interface CourseSettings {
  policy: PolicyInput;
  /** What would hold if the course said nothing of its own. */
  institution: PolicyInput;
  /** Of the policy that was seen. */
  revision: number;
  timeZone: string;
  /** What can be chosen; none for a viewer who may change nothing. */
  timeZones: readonly string[];
  mayChange: boolean;
  /** What assistants may is for teachers to say. */
  mayChangeAssistants: boolean;
  /** Whether the operator has set up a mail server: without one no mail is sent, whatever the policy says. */
  sendsMails: boolean;
}

/**
 * How a course counts and whose word that is.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function loadSettings(ctx: Ctx, courseId: string): Promise<CourseSettings> {
  const { role, course } = await requireStaff(ctx, courseId);
  const held = await selectSettings(ctx.db, courseId);
  if (held === undefined) throw new AppError('not-found');
  const mayChange = mayManage(role, course.policy);
  return {
    policy: resolvePolicy(held.institution, held.own),
    institution: resolvePolicy(held.institution, {}),
    revision: held.revision,
    timeZone: held.timeZone,
    timeZones: mayChange ? timeZonesWith(held.timeZone) : [],
    mayChange,
    mayChangeAssistants: role === 'teacher',
    sendsMails: env().SMTP_URL !== undefined,
  };
}
