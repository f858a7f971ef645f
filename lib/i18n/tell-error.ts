import type { ErrorCode } from '../base/errors.ts';
import type { Translate } from './translate.ts';

/** What went wrong and what to do about it, as two sentences in one line; titles bear no full stop of their own. */
export function tellError(code: ErrorCode, t: Translate): string {
  return `${t(`errors.${code}.title`)}. ${t(`errors.${code}.todo`)}`;
}
