import { z } from 'zod';

const days = (least: number) => z.int().min(least).max(36_500);

/** How long an institution keeps what, in days. */
export const retentionInput = z.object({
  excuseDocumentDays: days(1),
  excuseTextDays: days(1),
  evidenceDays: days(1),
  // Shorter, and what was told could be told again.
  messageDays: days(30),
  personDays: days(1),
});
