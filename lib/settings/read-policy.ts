import { policyInput } from './input.ts';
import type { PolicyInput } from './input.ts';
import { findContradictions, policyFields } from './rules.ts';
import type { PolicyField, PolicyProblems, SimpleProblem } from './rules.ts';

const problemOfField: Partial<Record<PolicyField, SimpleProblem>> = {
  graceMinutes: 'settings.problem.graceMinutes',
  absentAfterMinutes: 'settings.problem.absentAfterMinutes',
  requiredPercent: 'settings.problem.requiredPercent',
  warnPercent: 'settings.problem.warnPercent',
  codeSeconds: 'settings.problem.codeSeconds',
  roomPosition: 'settings.problem.roomPosition',
  roomRadiusMeters: 'settings.problem.roomRadiusMeters',
};

/** Enough to find it in a list. */
const toldEntryLength = 50;

/** A policy as it was entered, or what is wrong with it, field by field. */
export function readPolicy(
  given: unknown,
): { ok: true; policy: PolicyInput } | { ok: false; problems: PolicyProblems } {
  const parsed = policyInput.safeParse(given);
  if (!parsed.success) {
    const { issues } = parsed.error;
    const wrong = new Set(issues.map((issue) => issue.path[0]));
    const [entry] = issues
      .flatMap((issue) => (issue.code === 'custom' ? [issue.params?.entry as unknown] : []))
      .filter((told) => typeof told === 'string');
    // No object at all: every field is missing.
    const fields = policyFields.filter((field) => wrong.has(undefined) || wrong.has(field));
    return {
      ok: false,
      problems: Object.fromEntries(
        fields.map((field) => [
          field,
          field === 'allowedNetworks' && entry !== undefined
            ? { key: 'settings.problem.allowedNetworks', entry: entry.slice(0, toldEntryLength) }
            : (problemOfField[field] ?? 'settings.problem.choice'),
        ]),
      ),
    };
  }
  const problems = findContradictions(parsed.data);
  return Object.keys(problems).length === 0 ? { ok: true, policy: parsed.data } : { ok: false, problems };
}
