import type { ExcuseProblem, ExcuseRequest } from '#lib/excuses/input.ts';
import { isChoosable, meetingsOfDays } from '#lib/excuses/rules.ts';
import type { ChoosableMeeting } from '#lib/excuses/load-excuse-form.ts';
import type { RememberedUpload } from '../../_components/documents/uploads.ts';

export interface ExcuseDraft {
  /** The excuse's own, so that sending it twice is handing it in once. */
  id: string;
  way: ExcuseRequest['choice']['kind'];
  meetingIds: string[];
  /** "2026-11-28", or empty. */
  fromDay: string;
  toDay: string;
  reason: ExcuseRequest['reason'] | '';
  text: string;
  documents: RememberedUpload[];
  /** The meeting whose link led here last. */
  linkedId: string | null;
}

/** What a student finds: the meeting whose link they followed is ticked, else those that they missed. */
export function beginDraft(
  meetings: readonly ChoosableMeeting[],
  { id, linkedId }: { id: string; linkedId: string | null },
): ExcuseDraft {
  const choosable = meetings.filter(isChoosable);
  const linked = choosable.filter((meeting) => meeting.id === linkedId);
  const ticked = linked.length > 0 ? linked : choosable.filter(({ isMissed }) => isMissed);
  return {
    ...{ id, way: 'meetings', meetingIds: ticked.map((meeting) => meeting.id), fromDay: '', toDay: '' },
    ...{ reason: '', text: '', documents: [], linkedId },
  };
}

/**
 * A draft that was left, and what a link adds to it. Meetings that another excuse stands for by now are no longer meant.
 * Undefined: it was handed in, and the answer did not come through.
 */
export function continueDraft(
  left: ExcuseDraft,
  meetings: readonly ChoosableMeeting[],
  linkedId: string | null,
): ExcuseDraft | undefined {
  if (meetings.some(({ excuse }) => excuse?.id === left.id)) return undefined;
  const isAdded = linkedId !== null && linkedId !== left.linkedId;
  const meant = new Set(isAdded ? [...left.meetingIds, linkedId] : left.meetingIds);
  return {
    ...left,
    linkedId: linkedId ?? left.linkedId,
    way: isAdded ? 'meetings' : left.way,
    meetingIds: meetings
      .filter((meeting) => meant.has(meeting.id) && isChoosable(meeting))
      .map(({ id }) => id),
  };
}

/** What is not filled in yet: nobody waits for uploads, or for the server, to be told so. */
export function findMissing({ way, meetingIds, fromDay, toDay, reason }: ExcuseDraft): ExcuseProblem[] {
  const problems: ExcuseProblem[] = [];
  if (way === 'meetings' && meetingIds.length === 0) problems.push('meetings');
  if (way === 'days' && (fromDay === '' || toDay === '' || toDay < fromDay)) problems.push('days');
  if (reason === '') problems.push('reason');
  return problems;
}

/** The meetings that it is about, as far as they are planned. */
export function meetingsOf(draft: ExcuseDraft, meetings: readonly ChoosableMeeting[]): ChoosableMeeting[] {
  if (draft.way === 'days') return meetingsOfDays(meetings, draft).filter(isChoosable);
  return meetings.filter(({ id }) => draft.meetingIds.includes(id));
}

/** As it travels; `fileIds` are the documents that have arrived. */
export function requestOf(draft: ExcuseDraft, fileIds: readonly string[]): object {
  const { id, way, meetingIds, fromDay, toDay, reason, text } = draft;
  return {
    ...{ id, reason, text, fileIds },
    choice: way === 'meetings' ? { kind: way, meetingIds } : { kind: way, fromDay, toDay },
  };
}
