import { requirePlace } from '../access/require-place.ts';
import type { Ctx } from '../context.ts';
import { confirmAttempt } from './confirm-attempt.ts';
import type { CheckInResult } from './confirm-attempt.ts';
import { readCode } from './rules.ts';
import { attemptOf, createTicket } from './scan-ticket.ts';

/**
 * Checks the viewer in by the code beside the QR, typed inside the course. Every wrong code counts against
 * guessing, whichever way it is wrong.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function checkInByTypedCode(
  ctx: Ctx,
  given: { courseId: string; code: string; network: string | null; deviceKey?: string | undefined },
): Promise<CheckInResult> {
  const place = await requirePlace(ctx, given.courseId);
  if (place.role !== 'student') return { kind: 'not-a-student' };
  if (place.isTestUser) return { kind: 'test-user' };
  const code = readCode(given.code);
  // What cannot be a code is a slip, not a guess.
  if (code === undefined) return { kind: 'code-unknown' };

  return confirmAttempt(ctx, {
    key: { locator: code.locator },
    attempt: attemptOf(createTicket(code, ctx.now), true),
    personId: place.personId,
    deviceKey: given.deviceKey,
    network: given.network,
    typedIn: { courseId: given.courseId, membershipId: place.membershipId },
  });
}
