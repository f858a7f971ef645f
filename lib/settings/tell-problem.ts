import type { Translate } from '../i18n/translate.ts';
import type { PolicyProblem } from './rules.ts';

/** What is wrong with a field of a policy, in words. */
export function tellProblem(problem: PolicyProblem, t: Translate): string {
  return typeof problem === 'string' ? t(problem) : t(problem.key, { entry: problem.entry });
}
