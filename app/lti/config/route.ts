import { env } from '#lib/base/env.ts';
import { answering } from '#lib/http/answering.ts';
import { canvasConfiguration } from '#lib/lti/dynamic-registration.ts';

/** What Canvas reads when an administrator enters this address for a new LTI key ("Enter URL"). */
export const GET = answering(() =>
  Promise.resolve(
    Response.json(canvasConfiguration(env().PUBLIC_URL), {
      // Canvas' own page may read it from the administrator's browser.
      headers: { 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' },
    }),
  ),
);
