import { requireManager } from '../access/require-place.ts';
import { judgeCourse } from '../attendance/judge-course.ts';
import { byGermanName } from '../base/by-german-name.ts';
import type { Ctx } from '../context.ts';
import { readPolicy } from './read-policy.ts';
import { isSameMember, tellMember } from './rules.ts';
import type { ChangedMember, PolicyProblems } from './rules.ts';

/** More students than this are counted, and not told one by one. */
const maxToldMembers = 100;

export interface PolicyPreview {
  kind: 'preview';
  /** Students of the course, and how many of them have another rate, standing or record. */
  students: number;
  changed: number;
  /** Whose standing changes first, then by name; at most a hundred. */
  members: ChangedMember[];
}

/**
 * Who would change, from what to what, were this policy saved. Nothing is changed.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`
 */
export async function previewPolicy(
  ctx: Ctx,
  { courseId, policy }: { courseId: string; policy: unknown },
): Promise<PolicyPreview | { kind: 'invalid'; problems: PolicyProblems }> {
  const { course } = await requireManager(ctx, courseId);
  const read = readPolicy(policy);
  if (!read.ok) return { kind: 'invalid', problems: read.problems };
  const members = await judgeCourse(ctx, {
    courseId,
    before: course.policy,
    after: { ...course.policy, ...read.policy },
  });
  const changed = members
    .filter((member) => !isSameMember(member))
    .map(tellMember)
    .sort((a, b) => byGermanName.compare(a.name, b.name));
  const isMoved = ({ standing }: ChangedMember) => standing.before !== standing.after;
  return {
    kind: 'preview',
    students: members.length,
    changed: changed.length,
    members: [...changed.filter(isMoved), ...changed.filter((member) => !isMoved(member))].slice(
      0,
      maxToldMembers,
    ),
  };
}
