import { requireMarker } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { tokenHash } from '../base/seal.ts';
import { checkInForMember } from '../check-in/check-in-for-member.ts';
import type { HelperCheckIn } from '../check-in/check-in-for-member.ts';
import type { Ctx } from '../context.ts';
import { helpInput } from './input.ts';
import type { Help } from './input.ts';
import { selectCardHolders, selectCodeOwner, selectMembershipId } from './queries.ts';
import { findCardHolder, readScan } from './rules.ts';

/**
 * `not-a-code`: what was scanned is no card and no personal code. `unknown-card`, `several`: no member of this course,
 * or more than one, has this number. `unknown-code`: an old personal code, or of somebody who is not in this course.
 */
export type HelpResult =
  | (HelperCheckIn & { membershipId: string })
  | { kind: 'not-a-code' | 'unknown-card' | 'several' | 'unknown-code' };

/**
 * Checks a student in, or out, in their stead: by name, by their card, or by their own code.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`, `invalid-input`
 */
export async function helpMember(
  ctx: Ctx,
  { courseId, ...given }: { courseId: string } & Record<keyof Help, unknown>,
): Promise<HelpResult> {
  await requireMarker(ctx, courseId);
  const parsed = helpInput.safeParse(given);
  if (!parsed.success) throw new AppError('invalid-input');
  const { whom, ...help } = parsed.data;
  const found = await findMember(ctx, courseId, whom);
  if (typeof found !== 'string') return found;
  return {
    ...(await checkInForMember(ctx, { courseId, membershipId: found, ...help })),
    membershipId: found,
  };
}

async function findMember(
  ctx: Ctx,
  courseId: string,
  whom: Help['whom'],
): Promise<string | Exclude<HelpResult, { membershipId: string }>> {
  if ('membershipId' in whom) return whom.membershipId;
  const scan = 'token' in whom ? { kind: 'personal-code' as const, ...whom } : readScan(whom.scanned);
  if (scan === undefined) return { kind: 'not-a-code' };
  if (scan.kind === 'personal-code') {
    const personId = await selectCodeOwner(ctx.db, tokenHash(scan.token));
    const membershipId =
      personId === undefined ? undefined : await selectMembershipId(ctx.db, courseId, personId);
    return membershipId ?? { kind: 'unknown-code' };
  }
  const holder = findCardHolder(await selectCardHolders(ctx.db, courseId, ctx.now), scan.number);
  if (holder === 'several') return { kind: 'several' };
  return holder?.membershipId ?? { kind: 'unknown-card' };
}
