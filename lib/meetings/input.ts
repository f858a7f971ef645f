import { z } from 'zod';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const optionalText = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .nullable()
    .transform((text) => (text === '' ? null : text));

/** What a person says of a meeting: wall-clock times in the course's zone. */
export const meetingInput = z.object({
  title: optionalText(200),
  date,
  from: time,
  to: time,
  breakMinutes: z.coerce.number().int().min(0).max(1_440),
  room: optionalText(100),
});

export type MeetingInput = z.output<typeof meetingInput>;
export type MeetingField = keyof MeetingInput;
