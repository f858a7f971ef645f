/** Whether PostgreSQL refused a text for a character that it cannot keep: NUL (SQLSTATE 22021, 22P05). */
export function isUnstorableText(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && (at.code === '22021' || at.code === '22P05')) return true;
  }
  return false;
}
