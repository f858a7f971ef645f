import { requirePlace } from '../access/require-place.ts';
import { readCode } from '../check-in-windows/rules.ts';
import type { Ctx } from '../context.ts';
import { countCheckIn } from '../watching/meters.ts';
import { confirmAttempt } from './confirm-attempt.ts';
import type { CheckInResult, Circumstances } from './confirm-attempt.ts';
import { attemptOf, createTicket } from './scan-ticket.ts';

interface TypedCode {
  courseId: string;
  code: string;
  circumstances: Circumstances;
}

/**
 * Checks the viewer in by the code beside the QR, typed inside the course. Every wrong code counts against
 * guessing, whichever way it is wrong.
 *
 * @throws AppError `not-signed-in`, `no-access`
 */
export async function checkInByTypedCode(ctx: Ctx, given: TypedCode): Promise<CheckInResult> {
  return countCheckIn('typed', await confirmTyped(ctx, given));
}

async function confirmTyped(ctx: Ctx, given: TypedCode): Promise<CheckInResult> {
  const place = await requirePlace(ctx, given.courseId);
  if (place.role !== 'student') return { kind: 'not-a-student' };
  if (place.isTestUser) return { kind: 'test-user' };
  const code = readCode(given.code);
  // What cannot be a code is a slip, not a guess.
  if (code === undefined) return { kind: 'code-unknown' };

  const { circumstances } = given;
  const browserHash = circumstances.browserHash ?? undefined;
  const attempt = attemptOf(createTicket(code, ctx.now, browserHash), circumstances.browserHash);
  return confirmAttempt(ctx, {
    key: { locator: code.locator },
    // Typed and confirmed in one request: it is the same browser, whether or not it keeps an id.
    attempt: { ...attempt, sameBrowser: true },
    personId: place.personId,
    circumstances,
    typedIn: { courseId: given.courseId, membershipId: place.membershipId },
  });
}
