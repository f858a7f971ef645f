import { readDirection, readStep } from '#lib/check-in-windows/input.ts';
import { openCheckIn } from '#lib/check-in-windows/open-check-in.ts';
import { startUnplannedCheckIn } from '#lib/check-in-windows/start-unplanned-check-in.ts';
import { answering } from '#lib/http/answering.ts';
import { readForm } from '#lib/http/read-body.ts';
import { seeOther } from '#lib/http/redirect.ts';
import { takeWindow } from '#lib/http/take-window.ts';

/** "Start check-in", or check-out: opens it, and shows the projector in the window that the button opened. */
export const POST = answering<{ params: Promise<{ courseId: string }> }>(
  async (request, { ctx }, { params }) => {
    const { courseId } = await params;
    const form = await readForm(request);
    const { viewer, cookies } = await takeWindow(request, ctx, form.get('ticket'));
    const signedIn = { ...ctx, viewer };
    const direction = readDirection(form.get('direction'));
    let meetingId = form.get('meetingId') ?? '';
    if (meetingId === '') ({ meetingId } = await startUnplannedCheckIn(signedIn, { courseId }));
    else {
      const stepSeconds = readStep(form.get('stepSeconds'));
      await openCheckIn(signedIn, { courseId, meetingId, direction, stepSeconds });
    }
    const query = direction === 'out' ? '?direction=out' : '';
    return seeOther(`/courses/${courseId}/meetings/${meetingId}/projector${query}`, cookies);
  },
);
