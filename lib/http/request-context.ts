import { env } from '../base/env.ts';
import type { Ctx } from '../context.ts';
import { pickLanguage } from '../i18n/languages.ts';
import type { Language } from '../i18n/languages.ts';
import { translatorFor } from '../i18n/translator.ts';
import type { Translate } from '../i18n/translator.ts';
import { openLogin } from '../logins/login.ts';
import { readCookie } from './cookies.ts';
import { currentProcess } from './process.ts';
import { requestIdOf } from './request-id.ts';

export interface RequestContext {
  ctx: Ctx;
  t: Translate;
  language: Language;
  requestId: string;
}

/** What a page of a route handler needs to speak. */
export type Voice = Pick<RequestContext, 't' | 'language'>;

/** Finds the viewer and the language from a request's headers. Asks no database. */
export async function contextOfHeaders(headers: Headers): Promise<RequestContext> {
  const { database, clock, log, secrets } = currentProcess();
  const requestId = requestIdOf(headers);
  const now = clock.now();
  const sealed = readCookie(headers, 'sk_login');
  const login = sealed === undefined ? undefined : await openLogin(secrets, sealed, now);
  const language = login?.language ?? pickLanguage(headers.get('accept-language')) ?? env().DEFAULT_LANGUAGE;
  return {
    ctx: {
      db: database.db,
      now,
      viewer: login === undefined ? undefined : { personId: login.personId },
      log: log.child({ requestId }),
      secrets,
    },
    t: translatorFor(language),
    language,
    requestId,
  };
}

/** For route handlers, which use the Request they are given. */
export function requestContext(request: Request): Promise<RequestContext> {
  return contextOfHeaders(request.headers);
}
