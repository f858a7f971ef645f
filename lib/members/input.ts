import { z } from 'zod';
import { mostExtraMinutes } from '../base/extra-minutes.ts';

const day = z.iso.date({ abort: true }).refine((text) => text >= '1990-01-01' && text < '2200-01-01');

/** A member's spans as a teacher wants them: whole days in the course's zone, both inclusive. */
export const spansInput = z
  .array(
    z.object({
      id: z.uuid().optional(),
      sectionId: z.uuid().nullable(),
      from: day.nullable(),
      to: day.nullable(),
    }),
  )
  .max(50)
  .refine((spans) => {
    const ids = spans.flatMap(({ id }) => id ?? []);
    return new Set(ids).size === ids.length;
  });

/** Minutes of more time at the check-in. */
export const extraMinutesInput = z.number().int().min(0).max(mostExtraMinutes);

export const conflictInput = z.object({
  conflictId: z.uuid(),
  decision: z.enum(['merged', 'apart']),
});
