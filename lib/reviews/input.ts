import { z } from 'zod';

/** More check-ins than one card holds. */
const maxDecided = 5_000;

export const decisionInput = z.object({
  meetingId: z.uuid(),
  checkInIds: z.array(z.uuid()).min(1).max(maxDecided),
  /** Null: as if nobody had looked yet. */
  decision: z.enum(['fine', 'ask', 'set-aside']).nullable(),
});

/** How many people a spot check calls out. */
export const spotCheckSize = { usual: 5, max: 20 } as const;

export const startInput = z.object({
  meetingId: z.uuid(),
  size: z.int().min(1).max(spotCheckSize.max),
});

export const spotCheckInput = z.object({ meetingId: z.uuid(), spotCheckId: z.uuid() });

export const pickInput = spotCheckInput.extend({ membershipId: z.uuid(), isThere: z.boolean() });
