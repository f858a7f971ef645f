import { z } from 'zod';

/** The rows that somebody ticked, each by the mark of what was shown. */
export const chosenMarks = z.array(z.string().max(40)).max(500);
