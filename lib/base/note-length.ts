/** Longer notes are refused, not cut. Apart from zod's schemas, which a browser need not load to count letters. */
export const maxNoteLength = 4_000;
