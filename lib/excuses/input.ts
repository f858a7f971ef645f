import { z } from 'zod';
import { maxDays, maxFiles, maxNote, maxText } from '../base/excuse-limits.ts';
import { excuseReasons } from '../base/excuse-reasons.ts';
import { storableText } from '../base/storable-text.ts';

const text = (max: number) =>
  z
    .string()
    .overwrite(storableText)
    .trim()
    .max(max)
    .transform((given) => (given === '' ? null : given));
const ids = z.array(z.uuid()).refine((given) => new Set(given).size === given.length);
/** A date, "2026-11-28". */
export const dayInput = z.iso.date();
const dayMs = 86_400_000;

export const fileIdsInput = ids.max(maxFiles);

/** What a student hands in. */
export const excuseInput = z.object({
  /** Chosen by the browser: handing in twice is handing in once. */
  id: z.uuid(),
  reason: z.enum(excuseReasons),
  text: text(maxText),
  choice: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('meetings'), meetingIds: ids.min(1).max(400) }),
    z
      .object({ kind: z.literal('days'), fromDay: dayInput, toDay: dayInput })
      .refine(({ fromDay, toDay }) => fromDay <= toDay, { path: ['toDay'] })
      .refine(({ fromDay, toDay }) => Date.parse(toDay) - Date.parse(fromDay) < maxDays * dayMs, {
        path: ['toDay'],
      }),
  ]),
  fileIds: fileIdsInput,
});

export type ExcuseInput = z.output<typeof excuseInput>;
/** As it travels. */
export type ExcuseRequest = z.input<typeof excuseInput>;

/** What is wrong with an excuse, by the step of the form that it belongs to. */
export type ExcuseProblem = 'reason' | 'text' | 'meetings' | 'days' | 'files';

export const decisionInput = z.object({
  excuseId: z.uuid(),
  /** Of the excuse that was seen. */
  revision: z.number().int().min(1),
  /** The others are declined. */
  acceptedMeetingIds: ids,
  note: text(maxNote),
});

export type DecisionRequest = z.input<typeof decisionInput>;
