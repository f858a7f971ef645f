'use server';

import { revalidatePath } from 'next/cache';
import { headers } from 'next/headers';
import type { ErrorCode } from '#lib/base/errors.ts';
import { checkInByTypedCode } from '#lib/check-in/check-in-by-typed-code.ts';
import { networkPrefix } from '#lib/check-in/rules.ts';
import { readCookie } from '#lib/http/cookies.ts';
import { runAction } from '#lib/http/load-page.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { createMeeting } from '#lib/meetings/create-meeting.ts';
import { loadMeeting } from '#lib/meetings/load-meeting.ts';
import type { MeetingProblems } from '#lib/meetings/rules.ts';
import { updateMeeting } from '#lib/meetings/update-meeting.ts';
import { draftOf } from './_components/meeting-draft.ts';
import type { MeetingDraft } from './_components/meeting-draft.ts';
import { tellCheckIn } from './_components/tell-check-in.ts';
import type { ToldCheckIn } from './_components/tell-check-in.ts';

export type SavedDraft =
  | { kind: 'saved'; meetingId: string }
  | { kind: 'invalid'; problems: MeetingProblems }
  /** What stands there now, and the revision with which one's own may replace it. */
  | { kind: 'conflict'; theirs: MeetingDraft; revision: number }
  | { kind: 'refused'; code: ErrorCode };

export async function saveNewMeeting(courseId: string, draft: MeetingDraft): Promise<SavedDraft> {
  const { title, date, from, to, breakMinutes, room } = draft;
  const result = await runAction((ctx) =>
    createMeeting(ctx, { courseId, title, date, from, to, breakMinutes, room }),
  );
  if (!result.ok) return { kind: 'refused', code: result.code };
  // A meeting that is made here has no other version yet.
  if (result.value.kind === 'conflict') return { kind: 'refused', code: 'conflict' };
  if (result.value.kind === 'saved') revalidatePath(`/courses/${courseId}`, 'layout');
  return result.value;
}

export async function saveMeeting(
  key: { courseId: string; meetingId: string; revision: number },
  draft: MeetingDraft,
): Promise<SavedDraft> {
  const { courseId, meetingId, revision } = key;
  const { title, date, from, to, breakMinutes, room } = draft;
  const result = await runAction(async (ctx): Promise<SavedDraft> => {
    const saved = await updateMeeting(ctx, {
      ...{ courseId, meetingId, title, date, from, to, breakMinutes, room },
      revision: Number.isInteger(revision) ? revision : 0,
    });
    if (saved.kind !== 'conflict') return saved;
    const { meeting } = await loadMeeting(ctx, { courseId, meetingId });
    return { kind: 'conflict', theirs: draftOf(meeting), revision: meeting.revision };
  });
  if (!result.ok) return { kind: 'refused', code: result.code };
  if (result.value.kind === 'saved') revalidatePath(`/courses/${courseId}`, 'layout');
  return result.value;
}

/** A student's typed code. The answer is told in sentences, in the place where it was typed. */
export async function enterCode(
  courseId: string,
  _before: ToldCheckIn | undefined,
  form: FormData,
): Promise<ToldCheckIn> {
  const { t, language } = await pageContext();
  const given = form.get('code');
  const code = typeof given === 'string' ? given.trim() : '';
  if (code === '') {
    return {
      good: false,
      code,
      title: t('mine.code.missing.title'),
      lines: [t('mine.code.missing.todo')],
    };
  }
  const sent = await headers();
  const result = await runAction((ctx) =>
    checkInByTypedCode(ctx, {
      courseId,
      code,
      network: networkPrefix(sent.get('x-forwarded-for')),
      deviceKey: readCookie(sent, 'sk_device'),
    }),
  );
  if (!result.ok) {
    return {
      good: false,
      code,
      title: t(`errors.${result.code}.title`),
      lines: [t(`errors.${result.code}.todo`)],
    };
  }
  const told = tellCheckIn(result.value, code, t, language);
  if (told.good) revalidatePath(`/courses/${courseId}`);
  return told;
}
