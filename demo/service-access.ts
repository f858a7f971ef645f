import { createMiddleware } from 'hono/factory';
import type { Context } from 'hono';
import type { Course } from './people.ts';
import type { Platform } from './platform.ts';
import type { DeveloperKey } from './state.ts';
import type { AccessToken } from './token-endpoint.ts';

export type ServiceStatus = 400 | 401 | 404 | 422;

/** Canvas' form of an error in its LTI services. */
export function serviceError(c: Context, status: ServiceStatus, type: string, message: string): Response {
  return c.json({ errors: { type, message } }, status);
}

function bearerOf(c: Context): string | undefined {
  return /^Bearer +(\S+)$/.exec(c.req.header('authorization') ?? '')?.[1];
}

export type ServiceEnv = { Variables: { token: AccessToken; key: DeveloperKey; course: Course } };

/**
 * The way into an LTI service of a course: a live token with one of the scopes, whose tool is installed
 * where the course is. Refused with 401 or 404 as Canvas refuses.
 */
export function serviceAccess(platform: Platform, scopes: readonly string[]) {
  return createMiddleware<ServiceEnv>(async (c, next) => {
    const now = Math.floor(platform.now().getTime() / 1000);
    const text = bearerOf(c);
    if (text === undefined) return serviceError(c, 401, 'unauthorized', 'Missing access token');
    const token = platform.tokens.find(text, now);
    if (token === undefined) return serviceError(c, 401, 'unauthorized', 'Invalid access token');
    if (!scopes.some((scope) => token.scopes.has(scope))) {
      return serviceError(c, 401, 'unauthorized', 'Insufficient permissions');
    }
    const course = platform.roster.course(Number(c.req.param('courseId')));
    if (course === undefined) return serviceError(c, 404, 'not_found', 'not found');
    const key = platform.tools.key(token.clientId);
    if (key === undefined || !platform.tools.isActive(key.clientId)) {
      const message = 'Access Token not linked to a Tool associated with this Context';
      return serviceError(c, 401, 'unauthorized', message);
    }
    c.set('token', token);
    c.set('key', key);
    c.set('course', course);
    return next();
  });
}

/** Answers as Canvas' throttle does when the caller's bucket is full, and shows the rest in headers. */
export function throttled(platform: Platform) {
  return createMiddleware(async (c, next) => {
    // All tokens of one key share its bucket, across courses and schools.
    const text = bearerOf(c) ?? 'anonymous';
    const now = Math.floor(platform.now().getTime() / 1000);
    const turn = platform.throttle.begin(platform.tokens.find(text, now)?.clientId ?? text);
    if (!turn.allowed) {
      c.header('X-Rate-Limit-Remaining', '0.0');
      return c.text(
        `${String(platform.throttle.answer)} Forbidden (Rate Limit Exceeded)\n`,
        platform.throttle.answer,
      );
    }
    // Hono turns what a handler throws into an answer, so the call is always counted to its end.
    await next();
    c.header('X-Request-Cost', turn.done().toFixed(4));
    c.header('X-Rate-Limit-Remaining', turn.remaining.toFixed(4));
    return undefined;
  });
}

/** An opaque place in a list. Letter case matters in it, as it does in Canvas' own. */
function bookmarkOf(offset: number): string {
  return `bookmark:${Buffer.from(JSON.stringify([offset, 'Id'])).toString('base64url')}`;
}

/** @returns the offset, 0 for the first page, or undefined for a bookmark that is not one. */
export function readBookmark(text: string | undefined): number | undefined {
  if (text === undefined || text === '' || text === 'first' || text === '1') return 0;
  try {
    const encoded = /^bookmark:(.+)$/.exec(text)?.[1] ?? '';
    const parsed: unknown = JSON.parse(Buffer.from(encoded, 'base64url').toString());
    const offset: unknown = Array.isArray(parsed) ? parsed[0] : undefined;
    return typeof offset === 'number' && offset >= 0 ? offset : undefined;
  } catch {
    return undefined;
  }
}

export interface Slice<T> {
  items: T[];
  link: string;
}

/** One page of a list and the `Link` header of it: current, next and first; Canvas often leaves out last. */
export function slicePage<T>(all: readonly T[], address: URL, offset: number, size: number): Slice<T> {
  const at = (place: number): string => {
    const url = new URL(address);
    url.searchParams.set('page', place === 0 ? 'first' : bookmarkOf(place));
    return url.href;
  };
  const links = [`<${at(offset)}>; rel="current"`];
  if (offset + size < all.length) links.push(`<${at(offset + size)}>; rel="next"`);
  links.push(`<${at(0)}>; rel="first"`);
  return { items: all.slice(offset, offset + size), link: links.join(',') };
}
