import { z } from 'zod';

/**
 * What a course's settings are, and what an institution's defaults are: the whole of its policy, except whether a
 * check-out is required, which cannot be met before check-outs can be opened.
 */
export const policyInput = z.object({
  graceMinutes: z.int().min(0).max(60),
  absentAfterMinutes: z.int().min(1).max(600).nullable(),
  autoAbsent: z.boolean(),
  excusedCounts: z.enum(['exempt', 'absent', 'present']),
  rateBy: z.enum(['minutes', 'meetings']),
  requiredPercent: z.int().min(0).max(100),
  warnPercent: z.int().min(1).max(100).nullable(),
  roundingMinutes: z.literal([0, 5, 15]),
  lessonUnitMinutes: z.literal([45, 60]),
  lateArrivalsCountFrom: z.enum(['first-seen', 'course-start']),
  assistantsMayMark: z.boolean(),
  assistantsMaySeeExcuses: z.boolean(),
  assistantsMayChangeSettings: z.boolean(),
});

export type PolicyInput = z.output<typeof policyInput>;
