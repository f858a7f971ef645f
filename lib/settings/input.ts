import { z } from 'zod';
import { readNetworks } from '../base/networks.ts';
import { readPosition, spellPosition } from '../base/positions.ts';

/** Kept as `readNetworks` writes them; what is none is told with the entry that it is about. */
const networks = z.string().transform((text, issues) => {
  const read = readNetworks(text);
  if (read.ok) return read.networks;
  issues.addIssue({ code: 'custom', params: { entry: read.wrong } });
  return z.NEVER;
});

const position = z.string().transform((text, issues) => {
  const read = readPosition(text);
  if (read !== undefined) return spellPosition(read);
  issues.addIssue({ code: 'custom' });
  return z.NEVER;
});

/** What a course's settings are, and what an institution's defaults are: the whole of its policy. */
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
  checkOutRequired: z.boolean(),
  codeSeconds: z.int().min(5).max(60),
  allowedNetworks: networks,
  roomPosition: position.nullable(),
  roomRadiusMeters: z.int().min(10).max(10_000),
  assistantsMayMark: z.boolean(),
  assistantsMaySeeExcuses: z.boolean(),
  assistantsMayChangeSettings: z.boolean(),
  mailExcuses: z.boolean(),
  mailAbsences: z.boolean(),
  mailRateBelow: z.boolean(),
});

export type PolicyInput = z.output<typeof policyInput>;
