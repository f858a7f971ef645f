'use server';

import { revalidatePath } from 'next/cache';
import type { ErrorCode } from '#lib/base/errors.ts';
import { runAction } from '#lib/http/load-page.ts';
import { cancelMeetings } from '#lib/meetings/cancel-meetings.ts';
import { createMeeting } from '#lib/meetings/create-meeting.ts';
import { deleteMeetings } from '#lib/meetings/delete-meetings.ts';
import { loadMeeting } from '#lib/meetings/load-meeting.ts';
import { previewMeetingChange } from '#lib/meetings/preview-meeting-change.ts';
import { reactivateMeetings } from '#lib/meetings/reactivate-meetings.ts';
import { restoreMeetings } from '#lib/meetings/restore-meetings.ts';
import { wordsOf } from '#lib/meetings/rules.ts';
import type { ImpossibleMeeting, MeetingProblems } from '#lib/meetings/rules.ts';
import { updateMeeting } from '#lib/meetings/update-meeting.ts';
import type { Ctx } from '#lib/context.ts';
import { draftOf } from '../_components/meeting-draft.ts';
import type { MeetingDraft } from '../_components/meeting-draft.ts';

export type SavedDraft =
  | { kind: 'saved' }
  /** What saving would do to a series. */
  | { kind: 'preview'; changes: number; withRecords: number }
  | { kind: 'invalid'; problems: MeetingProblems }
  /** What stands there now, and the revision with which one's own may replace it. */
  | { kind: 'conflict'; theirs: MeetingDraft; revision: number }
  | { kind: 'impossible'; meetings: ImpossibleMeeting[] }
  | { kind: 'refused'; code: ErrorCode };

interface EditKey {
  courseId: string;
  meetingId: string;
  revision: number;
  scope: string;
}

export async function saveNewMeeting(courseId: string, input: object): Promise<SavedDraft> {
  return answerOf(courseId, (ctx) => createMeeting(ctx, { ...input, courseId }));
}

export async function saveMeeting(key: EditKey, input: object): Promise<SavedDraft> {
  return answerOf(key.courseId, async (ctx) => {
    const saved = await updateMeeting(ctx, { ...input, ...key });
    return saved.kind === 'conflict' ? conflictOf(ctx, key) : saved;
  });
}

export async function previewChange(key: EditKey, input: object): Promise<SavedDraft> {
  return answerOf(key.courseId, async (ctx) => {
    const preview = await previewMeetingChange(ctx, { ...input, ...key });
    return preview.kind === 'conflict' ? conflictOf(ctx, key) : preview;
  });
}

async function conflictOf(ctx: Ctx, { courseId, meetingId }: EditKey): Promise<SavedDraft> {
  const { meeting } = await loadMeeting(ctx, { courseId, meetingId });
  return { kind: 'conflict', theirs: draftOf(wordsOf(meeting)), revision: meeting.revision };
}

async function answerOf(courseId: string, act: (ctx: Ctx) => Promise<SavedDraft>): Promise<SavedDraft> {
  const result = await runAction(act);
  if (!result.ok) return { kind: 'refused', code: result.code };
  if (result.value.kind === 'saved') revalidatePath(`/courses/${courseId}`, 'layout');
  return result.value;
}

/** What became of a command, with the meetings that it can be taken back for. */
export type Commanded =
  { kind: 'done'; meetingIds: string[]; kept: number } | { kind: 'refused'; code: ErrorCode };

interface Choice {
  courseId: string;
  meetingId: string;
  scope: string;
}

export async function callOff({ courseId, meetingId, scope }: Choice): Promise<Commanded> {
  return command(courseId, (ctx) => cancelMeetings(ctx, { courseId, meetingId, scope }));
}

export async function planAgain(courseId: string, meetingIds: string[]): Promise<Commanded> {
  return command(courseId, (ctx) => reactivateMeetings(ctx, { courseId, meetingIds }));
}

export async function putBack(courseId: string, meetingIds: string[]): Promise<Commanded> {
  return command(courseId, (ctx) => restoreMeetings(ctx, { courseId, meetingIds }));
}

/** The page of what is deleted is not loaded again: it would only say that there is nothing, and offer no undo. */
export async function remove({ courseId, meetingId, scope }: Choice): Promise<Commanded> {
  const result = await runAction((ctx) => deleteMeetings(ctx, { courseId, meetingId, scope }));
  return result.ok ? { kind: 'done', ...result.value } : { kind: 'refused', code: result.code };
}

async function command(
  courseId: string,
  act: (ctx: Ctx) => Promise<{ meetingIds: string[] }>,
): Promise<Commanded> {
  const result = await runAction(act);
  if (!result.ok) return { kind: 'refused', code: result.code };
  revalidatePath(`/courses/${courseId}`, 'layout');
  return { kind: 'done', meetingIds: result.value.meetingIds, kept: 0 };
}
