import { AppError } from '../base/errors.ts';
import { isDatabaseUnavailable } from '../db/database-unavailable.ts';
import { isUnstorableText } from '../db/unstorable-text.ts';

/**
 * What broke, in our terms: an AppError as it is, a lost database as `unavailable`, a text that no database keeps
 * as `invalid-input`, the rest as `internal`.
 */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isDatabaseUnavailable(error)) return new AppError('unavailable', {}, { cause: error });
  if (isUnstorableText(error)) return new AppError('invalid-input', {}, { cause: error });
  return new AppError('internal', {}, { cause: error });
}
