import { z } from 'zod';
import { maxNoteLength } from '../base/note-length.ts';
import { storableText } from '../base/storable-text.ts';

/** What a teacher's word alone says of a whole meeting. */
const wordStatuses = ['present', 'absent', 'excused'] as const;

/** As many as one meeting's register holds, with room to spare. */
const maxMarks = 2_000;
const maxSpans = 20;

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const span = z
  .object({ from: instant, to: instant.nullable() })
  .refine(({ from, to }) => to === null || from < to, { path: ['to'] });

const change = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('word'), status: z.enum(wordStatuses) }),
  /** Presence by the clock; what it amounts to (present, late, left early) follows from it. */
  z.object({
    kind: z.literal('times'),
    spans: z
      .array(span)
      .min(1)
      .max(maxSpans)
      .transform((spans) => spans.toSorted((a, b) => a.from.getTime() - b.from.getTime())),
  }),
  /** Takes the teacher's word back: what the check-ins say counts again. */
  z.object({ kind: z.literal('take-back') }),
  z.object({
    kind: z.literal('note'),
    note: z
      .string()
      .overwrite(storableText)
      .trim()
      .max(maxNoteLength)
      .transform((text) => (text === '' ? null : text)),
  }),
  /** This attendance stands for a missed meeting of the member's own section; null: for none. */
  z.object({ kind: z.literal('replaces'), meetingId: z.uuid().nullable() }),
]);

/** A teacher's marks for members of one meeting, in one go. */
export const marksInput = z.object({
  meetingId: z.uuid(),
  marks: z
    .array(
      z.object({
        membershipId: z.uuid(),
        /** The revision that the teacher saw; 0: no record. */
        revision: z.number().int().min(0),
        change,
      }),
    )
    .min(1)
    .max(maxMarks)
    .refine((marks) => new Set(marks.map((mark) => mark.membershipId)).size === marks.length),
});

export type Marks = z.output<typeof marksInput>;
export type MarkChange = z.output<typeof change>;
/** As it travels: instants are ISO 8601 text. */
export type MarksRequest = z.input<typeof marksInput>;
export type MarkRequest = MarksRequest['marks'][number];
