/** The zones by their IANA names, as one chooses them: without the old names that mean the same. */
export const timeZones: readonly string[] = [
  ...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC']),
].sort();
