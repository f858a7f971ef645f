import { policyInput } from './input.ts';
import type { PolicyInput } from './input.ts';
import { findContradictions, policyFields } from './rules.ts';
import type { PolicyField, PolicyProblem, PolicyProblems } from './rules.ts';

const problemOfField: Partial<Record<PolicyField, PolicyProblem>> = {
  graceMinutes: 'settings.problem.graceMinutes',
  absentAfterMinutes: 'settings.problem.absentAfterMinutes',
  requiredPercent: 'settings.problem.requiredPercent',
  warnPercent: 'settings.problem.warnPercent',
};

/** A policy as it was entered, or what is wrong with it, field by field. */
export function readPolicy(
  given: unknown,
): { ok: true; policy: PolicyInput } | { ok: false; problems: PolicyProblems } {
  const parsed = policyInput.safeParse(given);
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map((issue) => issue.path[0]));
    // No object at all: every field is missing.
    const fields = policyFields.filter((field) => wrong.has(undefined) || wrong.has(field));
    return {
      ok: false,
      problems: Object.fromEntries(
        fields.map((field) => [field, problemOfField[field] ?? 'settings.problem.choice']),
      ),
    };
  }
  const problems = findContradictions(parsed.data);
  return Object.keys(problems).length === 0 ? { ok: true, policy: parsed.data } : { ok: false, problems };
}
