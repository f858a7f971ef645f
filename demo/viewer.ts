import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { createMiddleware } from 'hono/factory';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Person } from './people.ts';
import type { Platform } from './platform.ts';
import type { Lang, Texts } from './texts.ts';
import { readAcceptLanguage, texts } from './texts.ts';
import type { Tools } from './tools.ts';

/** Who looks at a page. */
export interface Viewer {
  /** Whom the platform takes the browser for: the test student, or the person somebody acts as. */
  person: Person;
  /** Who signed in. */
  real: Person;
  /** The course whose Student View is on. */
  studentViewOf: number | null;
}

export interface PageEnv {
  Variables: {
    viewer: Viewer | null;
    lang: Lang;
    t: Texts;
    tools: Tools;
    /** An origin that this page alone may frame. */
    framed?: string;
  };
}

const loginCookie = 'demo_login';
const langCookie = 'demo_lang';
const loginLifeSeconds = 12 * 3600;

/**
 * The platform is a frame within its own page when a tool sends the browser on, and the form that does so
 * comes from the tool: hence SameSite=None. On plain localhost cookies are partitioned, too: the platform
 * inside a phone page's frame is then somebody else than the platform in its own tab, so that a student can
 * sign in there without signing the teacher out. Behind TLS they are like those of any platform.
 */
export function cookieOptions(platform: Platform) {
  const partitioned = platform.identity.issuer.startsWith('http:');
  return { path: '/', secure: true, sameSite: 'None', partitioned } as const;
}

const loginShape = z.object({
  person: z.number(),
  actAs: z.number().nullable(),
  studentViewOf: z.number().nullable(),
});
type Login = z.output<typeof loginShape>;

const secretOf = (platform: Platform): Uint8Array =>
  new TextEncoder().encode(`login/${platform.file.state.secret}`);

async function writeLogin(c: Context, platform: Platform, login: Login): Promise<void> {
  // The cookie's clock is the machine's: a test that moves the platform's clock must not sign people out.
  const value = await new SignJWT({ ...login })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime(`${String(loginLifeSeconds)}s`)
    .sign(secretOf(platform));
  setCookie(c, loginCookie, value, {
    ...cookieOptions(platform),
    httpOnly: true,
    maxAge: loginLifeSeconds,
  });
}

export async function signIn(c: Context, platform: Platform, person: Person): Promise<void> {
  await writeLogin(c, platform, { person: person.id, actAs: null, studentViewOf: null });
}

export function signOut(c: Context, platform: Platform): void {
  deleteCookie(c, loginCookie, { ...cookieOptions(platform), httpOnly: true });
}

export async function actAs(
  c: Context,
  platform: Platform,
  real: Person,
  whom: Person | null,
): Promise<void> {
  await writeLogin(c, platform, { person: real.id, actAs: whom?.id ?? null, studentViewOf: null });
}

/** Enters Student View; the first time, the course's test student is enrolled, and stays so. */
export async function enterStudentView(
  c: Context,
  platform: Platform,
  real: Person,
  courseId: number,
): Promise<void> {
  const test = platform.roster.testStudent(courseId);
  if (test === undefined) return;
  if (platform.roster.activeEnrollmentsOf(test.id, courseId).length === 0) {
    for (const section of platform.roster.sectionsOf(courseId)) {
      platform.roster.enroll(test.id, section.id, 'StudentViewEnrollment');
    }
  }
  await writeLogin(c, platform, { person: real.id, actAs: test.id, studentViewOf: courseId });
}

async function readLogin(c: Context, platform: Platform): Promise<Viewer | null> {
  const value = getCookie(c, loginCookie);
  if (value === undefined) return null;
  try {
    const { payload } = await jwtVerify(value, secretOf(platform), { algorithms: ['HS256'] });
    const login = loginShape.parse(payload);
    const real = platform.roster.person(login.person);
    if (real === undefined) return null;
    const person = login.actAs === null ? real : platform.roster.person(login.actAs);
    return person === undefined ? null : { person, real, studentViewOf: login.studentViewOf };
  } catch {
    return null;
  }
}

/** The language that somebody chose by hand, to hand on to a phone. */
export function chosenLanguage(c: Context): Lang | undefined {
  const lang = getCookie(c, langCookie) ?? c.req.query('lang');
  return lang === 'de' || lang === 'en' ? lang : undefined;
}

export function chooseLanguage(c: Context, platform: Platform, lang: Lang): void {
  setCookie(c, langCookie, lang, { ...cookieOptions(platform), maxAge: 365 * 24 * 3600 });
}

/** Finds out who looks and in which language: the chosen one, the person's, the browser's. */
export function viewerOf(platform: Platform) {
  return createMiddleware<PageEnv>(async (c, next) => {
    const viewer = await readLogin(c, platform);
    // The phones live on other hosts, where a choice made here is unknown: it travels in the address.
    const asked = c.req.query('lang');
    if (asked === 'de' || asked === 'en') chooseLanguage(c, platform, asked);
    const chosen = asked ?? getCookie(c, langCookie);
    const lang: Lang =
      chosen === 'de' || chosen === 'en'
        ? chosen
        : (viewer?.person.locale ?? readAcceptLanguage(c.req.header('accept-language')));
    c.set('viewer', viewer);
    c.set('lang', lang);
    c.set('t', texts[lang]);
    c.set('tools', platform.tools);
    await next();
  });
}

/** A local address to go back to; anything that leads elsewhere leads home. */
export function readReturnTo(platform: Platform, text: string | undefined): string {
  if (text?.startsWith('/') !== true || text.includes('\\')) return '/courses';
  const url = URL.parse(text, platform.identity.issuer);
  return url?.origin === platform.identity.issuer ? `${url.pathname}${url.search}` : '/courses';
}
