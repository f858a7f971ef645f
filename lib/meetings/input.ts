import { z } from 'zod';
import { storableText } from '../base/storable-text.ts';
import type { MeetingKind } from '../db/schema.ts';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);
const optionalText = (max: number) =>
  z
    .string()
    .overwrite(storableText)
    .trim()
    .max(max)
    .nullable()
    .transform((text) => (text === '' ? null : text));

const kinds = ['regular', 'weekend', 'evening', 'online'] as const satisfies readonly MeetingKind[];

/** Only https: the link is shown to students, and opens a page of somebody else. No names or passwords in it. */
function isOnlineUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === 'https:' && url.username === '' && url.password === '';
}

/** What a meeting says apart from its day. */
const meetingFields = {
  title: optionalText(200),
  from: time,
  to: time,
  /** Wanted where `to` is not after `from`: the meeting goes on over midnight. */
  endsNextDay: z.boolean().default(false),
  /** A break without times, in minutes; none where `breaks` say when. */
  breakMinutes: z.coerce.number().int().min(0).max(1_440),
  /** Wall-clock times; one that comes before the meeting's start lies on the next day. */
  breaks: z
    .array(z.object({ from: time, to: time }))
    .max(20)
    .default([]),
  kind: z.enum(kinds).default('regular'),
  room: optionalText(100),
  onlineUrl: optionalText(2_000)
    .refine((url) => url === null || isOnlineUrl(url))
    .default(null),
  onlinePlatform: optionalText(100).default(null),
  description: optionalText(4_000).default(null),
  isMandatory: z.boolean().default(true),
  /** Empty: every section. */
  sectionIds: z
    .array(z.uuid())
    .max(1_000)
    .transform((ids) => [...new Set(ids)].sort())
    .default([]),
};

/** What a person says of a meeting: wall-clock times in the course's zone. */
export const meetingInput = z.object({ date, ...meetingFields });

export type MeetingInput = z.output<typeof meetingInput>;
export type MeetingField = keyof MeetingInput;

/** What a person says of meetings that repeat: each day of them is a meeting with these words. */
export const seriesInput = z.object({
  ...meetingFields,
  startDate: date,
  /** 1 Monday to 7 Sunday. */
  weekdays: z
    .array(z.int().min(1).max(7))
    .min(1)
    .transform((days) => [...new Set(days)].sort((a, b) => a - b)),
  everyWeeks: z.int().min(1).max(52),
  ends: z.discriminatedUnion('by', [
    z.object({ by: z.literal('date'), untilDate: date }),
    z.object({ by: z.literal('count'), count: z.int().min(1) }),
  ]),
  /** Holidays, both days included; a single one begins and ends on the same day. */
  skip: z.array(z.object({ from: date, to: date })).max(500),
});

export type SeriesInput = z.output<typeof seriesInput>;
export type SeriesField = keyof SeriesInput | 'untilDate' | 'count';

/** Which meetings of a series a change is meant for. */
export const seriesScope = z.enum(['one', 'following', 'all']);

export type SeriesScope = z.output<typeof seriesScope>;

/** A meeting as the audit keeps it when it is deleted, so that the deletion can be taken back. */
export const deletedMeeting = z.object({
  id: z.uuid(),
  courseId: z.uuid(),
  title: z.string().nullable(),
  localStart: z.string(),
  localEnd: z.string(),
  timeZone: z.string(),
  startsAt: z.coerce.date(),
  endsAt: z.coerce.date(),
  breakMinutes: z.int(),
  breaks: z.array(z.object({ from: z.string(), to: z.string() })),
  kind: z.enum(kinds),
  room: z.string().nullable(),
  onlineUrl: z.string().nullable(),
  onlinePlatform: z.string().nullable(),
  description: z.string().nullable(),
  isMandatory: z.boolean(),
  sectionIds: z.array(z.uuid()),
  seriesId: z.uuid().nullable(),
  importKey: z.string().nullable(),
  closedAt: z.coerce.date().nullable(),
  state: z.enum(['planned', 'cancelled']),
  revision: z.int(),
});
