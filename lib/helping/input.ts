import { z } from 'zod';

/** Whom to check in, or out: a name that was picked, what a camera has read, or the token of a personal code. */
export const helpInput = z.object({
  meetingId: z.uuid(),
  direction: z.enum(['in', 'out']),
  /** A random id of this press, so that a repeated request checks in once. */
  attemptId: z.uuid(),
  whom: z.union([
    z.strictObject({ membershipId: z.uuid() }),
    z.strictObject({ scanned: z.string().max(2_000) }),
    z.strictObject({ token: z.string().max(100) }),
  ]),
});
export type Help = z.output<typeof helpInput>;
