import { loadRegister } from '#lib/attendance/load-register.ts';
import { answering } from '#lib/http/answering.ts';
import { eventStream } from '#lib/http/event-stream.ts';
import { liveHub } from '#lib/http/live-hub.ts';
import { currentProcess } from '#lib/http/process.ts';
import { loadMeeting } from '#lib/meetings/load-meeting.ts';

/**
 * A meeting as it fills: `snapshot` (the register), then `record` and `window` as they happen, `snapshot` again
 * after a gap. The listener is there before the first snapshot is read, so that nothing falls between.
 */
export const GET = answering<RouteContext<'/api/courses/[courseId]/meetings/[meetingId]/events'>>(
  async (request, { ctx }, { params }) => {
    const place = await params;
    // A refusal is an answer of its own; inside the stream it could only be a silence.
    await loadMeeting(ctx, place);
    const hub = liveHub();
    return eventStream(request, {
      subscribe: (listener) => hub.subscribe(place, listener),
      loadSnapshot: () => loadRegister({ ...ctx, now: currentProcess().clock.now() }, place),
      log: ctx.log,
    });
  },
);
