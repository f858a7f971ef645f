import { z } from 'zod';

/** What a teacher can mark without naming times: there for the whole meeting, not there, or excused. */
export const markableStatuses = ['present', 'absent', 'excused'] as const;

/** A teacher's mark. `status` null takes the teacher's word back: what the evidence says counts again. */
export const markInput = z.object({
  meetingId: z.uuid(),
  membershipId: z.uuid(),
  status: z.enum(markableStatuses).nullable(),
  /** The revision that the teacher saw; 0: no record. */
  revision: z.number().int().min(0),
});

export type MarkInput = z.output<typeof markInput>;
