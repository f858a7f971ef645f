import { z } from 'zod';

/** Up to four hours at once: longer is a slip of the finger. */
export const prolongInput = z.object({ minutes: z.number().int().min(1).max(240) });
