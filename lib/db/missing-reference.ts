/** Whether a row that was named is no longer there (SQLSTATE 23503): somebody took it away in the same moment. */
export function isMissingReference(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && at.code === '23503') return true;
  }
  return false;
}
