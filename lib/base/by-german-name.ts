/** As a German list of names is sorted: Ä with A, case apart, numbers by value. */
export const byGermanName = new Intl.Collator('de', { sensitivity: 'variant', numeric: true });
