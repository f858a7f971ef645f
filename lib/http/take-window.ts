import { loginHours, sealLogin } from '../logins/login.ts';
import { takeHandOver } from '../logins/hand-over.ts';
import type { Ctx, Viewer } from '../context.ts';
import { setCookie } from './cookies.ts';
import { requireOwnOrigin } from './own-origin.ts';

/**
 * Signs a new window in with the ticket that our own page posted to it.
 *
 * @throws AppError `wrong-origin`, `handover-invalid`
 */
export async function takeWindow(
  request: Request,
  ctx: Ctx,
  ticket: string | null,
): Promise<{ viewer: Viewer; cookies: [string, string][] }> {
  requireOwnOrigin(request.headers);
  const { personId, language } = await takeHandOver(ctx, ticket ?? '');
  const login = await sealLogin(ctx.secrets, { personId, language }, ctx.now);
  return {
    viewer: { personId },
    cookies: [['set-cookie', setCookie('sk_login', login, loginHours * 3600)]],
  };
}
