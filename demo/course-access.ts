import type { Context } from 'hono';
import { renderProblem } from './layout.ts';
import type { Course } from './people.ts';
import type { Platform } from './platform.ts';
import type { PageEnv, Viewer } from './viewer.ts';

export function mayManage(platform: Platform, viewer: Viewer | null, course: Course): boolean {
  if (viewer === null) return false;
  return viewer.person.admin || platform.roster.mayTeach(viewer.person, course.id);
}

export async function deny(c: Context<PageEnv>): Promise<Response> {
  return c.html(await renderProblem(c, c.get('t').deniedTitle, c.get('t').deniedText), 403);
}

export function askToSignIn(c: Context<PageEnv>): Response {
  const url = new URL(c.req.url);
  return c.redirect(`/login?return_to=${encodeURIComponent(`${url.pathname}${url.search}`)}`);
}

/**
 * Who looks and at which course: or the answer instead, sign-in or refusal, as Canvas gives it. A public
 * course is open to anybody, to a visitor who is not signed in, too.
 */
export async function requireReader(
  c: Context<PageEnv>,
  platform: Platform,
): Promise<{ viewer: Viewer | null; course: Course } | Response> {
  const viewer = c.get('viewer');
  const t = c.get('t');
  const course = platform.roster.course(Number(c.req.param('courseId')));
  if (viewer === null && course?.public !== true) return askToSignIn(c);
  if (course === undefined) return c.html(await renderProblem(c, t.notFoundTitle, t.notFoundText), 404);
  const enrolled =
    viewer !== null && platform.roster.activeEnrollmentsOf(viewer.person.id, course.id).length > 0;
  const manages = mayManage(platform, viewer, course);
  if (!course.public && !enrolled && !manages) return deny(c);
  if (course.state === 'created' && !manages) {
    return c.html(await renderProblem(c, t.deniedTitle, t.unpublished), 403);
  }
  return { viewer, course };
}

/** The same for what belongs to the people of the course alone. */
export async function requireCourse(
  c: Context<PageEnv>,
  platform: Platform,
): Promise<{ viewer: Viewer; course: Course } | Response> {
  const found = await requireReader(c, platform);
  if (found instanceof Response) return found;
  const { viewer, course } = found;
  if (viewer === null) return askToSignIn(c);
  const enrolled = platform.roster.activeEnrollmentsOf(viewer.person.id, course.id).length > 0;
  return enrolled || viewer.person.admin ? { viewer, course } : deny(c);
}

/** And for what those who teach the course may do. */
export async function requireManager(
  c: Context<PageEnv>,
  platform: Platform,
): Promise<{ viewer: Viewer; course: Course } | Response> {
  const found = await requireCourse(c, platform);
  return found instanceof Response || mayManage(platform, found.viewer, found.course) ? found : deny(c);
}
