import { recordSubject } from '../base/ids.ts';
import type { AuditEvent } from './queries.ts';

/**
 * What happened to one member's attendance at one meeting, as an event. Its payload names both, because the record
 * itself may be gone later.
 */
export function recordEvent(given: {
  courseId: string;
  meetingId: string;
  membershipId: string;
  action: string;
  before: object | null;
  after: object | null;
}): AuditEvent {
  const { courseId, meetingId, membershipId, action, before, after } = given;
  const named = (payload: object | null) =>
    payload === null ? null : { meetingId, membershipId, ...payload };
  return {
    courseId,
    action,
    subjectId: recordSubject(meetingId, membershipId),
    before: named(before),
    after: named(after),
  };
}
