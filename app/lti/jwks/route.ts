import { answering } from '#lib/http/answering.ts';
import { loadPublicKeys } from '#lib/platforms/load-tool-keys.ts';
import { jwksMaxAgeSeconds } from '#lib/platforms/rules.ts';

/** Our public keys (RFC 7517). Canvas asks at every token request. */
export const GET = answering(async (_request, { ctx }) =>
  Response.json(await loadPublicKeys(ctx), {
    headers: { 'cache-control': `public, max-age=${String(jwksMaxAgeSeconds)}` },
  }),
);
