import { z } from 'zod';

/**
 * Ids are text; a platform that numbers its rows may send the number, as long as JSON tells it from its
 * neighbours. No NUL: the database cannot keep it, and an id is not to be mended.
 */
export const identifier = z
  .union([z.string(), z.int()])
  .transform(String)
  .pipe(
    z
      .string()
      .min(1)
      .max(255)
      .regex(/^[^\0]*$/),
  );
