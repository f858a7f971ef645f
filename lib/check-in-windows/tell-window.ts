import { insertAuditEvent } from '../audit/queries.ts';
import type { Ctx } from '../context.ts';
import { publish } from '../live/notices.ts';
import type { WindowView } from '../live/notices.ts';
import type { CheckInWindow } from './queries.ts';

/** A window as the screens show it. */
export function viewOfWindow(window: CheckInWindow): WindowView {
  return {
    id: window.id,
    direction: window.direction,
    stepSeconds: window.stepSeconds,
    openedAt: window.openedAt.toISOString(),
    opensAt: window.opensAt.toISOString(),
    closesAt: window.closesAt.toISOString(),
  };
}

/** Writes down what became of a window, and tells everybody who looks at its meeting. */
export async function tellWindow(
  tx: Ctx,
  courseId: string,
  action:
    'check-in.opened' | 'check-in.planned' | 'check-in.prolonged' | 'check-in.withdrawn' | 'check-in.closed',
  window: CheckInWindow,
): Promise<void> {
  const { id, meetingId, direction, stepSeconds, opensAt, closesAt, closedAt } = window;
  const after =
    closedAt === null
      ? { windowId: id, direction, stepSeconds, opensAt, closesAt }
      : { windowId: id, direction, closedAt };
  await insertAuditEvent(tx, { courseId, action, subjectId: meetingId, after });
  await publish(tx, {
    kind: 'window',
    meetingId,
    direction,
    window: closedAt === null ? viewOfWindow(window) : null,
  });
}
