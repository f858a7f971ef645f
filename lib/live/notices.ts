import { z } from 'zod';
import type { Ctx } from '../context.ts';
import { notifyAll } from './queries.ts';

const recordView = z.object({
  status: z.enum(['present', 'late', 'partial', 'absent', 'excused']),
  provenMinutes: z.number().int(),
  /** A required check-out is missing. */
  isOpen: z.boolean(),
  /**
   * ISO 8601, in order, as seen or entered; no `to`: until the meeting's end. A record `present` without any: the whole
   * meeting, by a teacher's word.
   */
  spans: z.array(z.object({ from: z.string(), to: z.string().nullable() })),
  note: z.string().nullable(),
  source: z.enum(['check-in', 'teacher', 'excuse']),
  /** The missed meeting that this attendance stands for. */
  replacesMeetingId: z.string().nullable(),
  revision: z.number().int(),
  /** Reasons for a person to look at the evidence. */
  flags: z.array(z.string()),
});

const direction = z.enum(['in', 'out']);

const windowView = z.object({
  id: z.string(),
  direction,
  /** How long a scanned code is shown. Null: it stays the same, for printed sheets. */
  stepSeconds: z.number().int().nullable(),
  openedAt: z.string(),
  /** May be still to come: it opens by itself. */
  opensAt: z.string(),
  closesAt: z.string(),
});

/** A check-in or check-out that is open or planned, as the screens show it. */
export type WindowView = z.output<typeof windowView>;

/** One member's attendance as the screens show it. Dates are text: it travels as JSON. */
export type RecordView = z.output<typeof recordView>;

const noticeShape = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('record'),
    meetingId: z.string(),
    membershipId: z.string(),
    name: z.string(),
    /** The row itself, so that watchers need no query of their own. Null: taken away. */
    record: recordView.nullable(),
  }),
  z.object({
    kind: z.literal('window'),
    meetingId: z.string(),
    direction,
    /** Null: closed, or taken back. */
    window: windowView.nullable(),
  }),
  z.object({ kind: z.literal('roster'), courseId: z.string() }),
  /** Something changed that does not fit into a notice. */
  z.object({ kind: z.literal('reload'), meetingId: z.string() }),
]);

/** What is told to everybody who looks at a meeting or a course. */
export type Notice = z.output<typeof noticeShape>;

/** PostgreSQL refuses payloads of 8000 bytes and more; some room is left for what a query adds. */
const maxPayloadBytes = 7_500;

/** A notice as text that fits NOTIFY. A row that is too large (a long note) becomes "load it again". */
export function noticePayload(notice: Notice): string {
  const text = JSON.stringify(notice);
  if (Buffer.byteLength(text) <= maxPayloadBytes || notice.kind === 'roster') return text;
  return JSON.stringify({ kind: 'reload', meetingId: notice.meetingId } satisfies Notice);
}

/** The notice in a payload, or undefined when it is none of ours (an older or newer process). */
export function readNotice(payload: string): Notice | undefined {
  try {
    const read = noticeShape.safeParse(JSON.parse(payload));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

/** Tells every process. Call it in the transaction that makes the change: it is sent when that commits. */
export function publish(ctx: Pick<Ctx, 'db'>, notice: Notice): Promise<void> {
  return notifyAll(ctx.db, [noticePayload(notice)]);
}

/** Tells everybody who looks at one of these meetings to load it again, in one statement. */
export async function publishMeetings(ctx: Pick<Ctx, 'db'>, meetingIds: readonly string[]): Promise<void> {
  if (meetingIds.length === 0) return;
  await notifyAll(
    ctx.db,
    meetingIds.map((meetingId) => noticePayload({ kind: 'reload', meetingId })),
  );
}

/** More changes at once than this are told as "load it again": one notice in place of hundreds. */
const maxRecordNotices = 20;

/** Tells what became of records of a meeting. */
export async function publishRecords(
  ctx: Pick<Ctx, 'db'>,
  meetingId: string,
  changes: readonly { membershipId: string; name: string; record: RecordView | null }[],
): Promise<void> {
  if (changes.length > maxRecordNotices) return publish(ctx, { kind: 'reload', meetingId });
  const notices = changes.map((change) => noticePayload({ kind: 'record', meetingId, ...change }));
  if (notices.length > 0) await notifyAll(ctx.db, notices);
}
