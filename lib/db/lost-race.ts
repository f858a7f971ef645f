/** A row that was named is gone, one that was to be new is there, or two waited for each other. */
const codes = ['23503', '23505', '40P01'];

/** Whether somebody else was faster in the same moment: done once more, the same finds what they have left. */
export function isLostRace(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && codes.includes(at.code)) return true;
  }
  return false;
}
