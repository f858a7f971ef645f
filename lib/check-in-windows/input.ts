import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import type { Direction } from '../db/schema.ts';

export type { Direction } from '../db/schema.ts';

const direction = z.enum(['in', 'out']).default('in');

/** Seconds for which a scanned code is shown; null: it stays the same. Left out: as the course does it. */
const stepSeconds = z.number().int().min(5).max(60).nullish();

export const directionInput = z.object({ direction });

export const openingInput = z.object({ direction, stepSeconds });

/** Up to four hours at once: longer is a slip of the finger. */
const minutes = z.number().int().min(0).max(240);

export const planInput = z
  .object({ direction, stepSeconds, beforeMinutes: minutes, afterMinutes: minutes })
  .refine(({ beforeMinutes, afterMinutes }) => beforeMinutes + afterMinutes > 0, {
    path: ['afterMinutes'],
  });

/** A door's text; the check-in where none was given. */
export function readDirection(given: string | null | undefined): Direction {
  return readInput(directionInput, { direction: given ?? undefined }).direction;
}

/** Seconds, or `static`, as a form of ours says it; nothing given: as the course does it. */
export function readStep(given: string | null): number | null | undefined {
  if (given === null || given === '') return undefined;
  return given === 'static' ? null : Number(given);
}

export const prolongInput = z.object({ direction, minutes: minutes.min(1) });

/**
 * What a door or another use case gave, checked.
 *
 * @throws AppError `invalid-input` with the field's name
 */
export function readInput<Shape extends z.ZodType>(shape: Shape, given: unknown): z.output<Shape> {
  const read = shape.safeParse(given);
  if (read.success) return read.data;
  throw new AppError('invalid-input', { field: read.error.issues[0]?.path.join('.') ?? '' });
}
