/** Documents of one excuse. */
export const maxFiles = 5;
/** Characters that a student may write, and the decider. */
export const maxText = 2_000;
export const maxNote = 1_000;
/** Days that one excuse may span. */
export const maxDays = 366;
