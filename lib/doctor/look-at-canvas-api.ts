import type { Env } from '../base/env.ts';
import type { OutsideFetch } from '../base/outside-fetch.ts';
import type { Ctx } from '../context.ts';
import { canvasApiOf } from '../rosters/canvas-api.ts';
import { tellPlatformError } from './look-at-platforms.ts';
import { selectCanvasCourseId } from './queries.ts';
import { failed, notChecked, ok } from './rules.ts';
import type { Finding } from './rules.ts';

/** Whether the token of the settings opens what rosters are read from: a course's sections and users. */
export async function lookAtCanvasApi(
  settings: Env,
  { db }: Pick<Ctx, 'db'>,
  fetchOutside: OutsideFetch,
): Promise<Finding[]> {
  const api = canvasApiOf(settings);
  if (api === undefined) return [notChecked('canvas-api', 'CANVAS_API_TOKEN is not set, which is fine.')];
  const courseId = await selectCanvasCourseId(db, api);
  const paths =
    courseId === undefined
      ? ['users/self']
      : ['sections', 'users'].map((what) => `courses/${encodeURIComponent(courseId)}/${what}?per_page=1`);
  const answers = await Promise.all(
    paths.map(async (path) => {
      const url = `${api.baseUrl}/api/v1/${path}`;
      try {
        const answer = await fetchOutside(url, { headers: { authorization: `Bearer ${api.token}` } });
        return answer.status === 200 ? undefined : tellRefusal(url, answer);
      } catch (error) {
        return tellPlatformError('canvas-api', url, error);
      }
    }),
  );
  const refusals = answers.filter((one) => one !== undefined);
  if (refusals.length > 0) return refusals;
  return [
    ok(
      'canvas-api',
      courseId === undefined
        ? `${api.baseUrl} takes the token. No course is known yet on which its rights could be tried.`
        : `${api.baseUrl} takes the token, and lists sections and users of a course.`,
    ),
  ];
}

function tellRefusal(url: string, { status, body }: { status: number; body: string }): Finding {
  // Canvas answers 401 for both (doc/api/oauth): only its words tell a token from its scopes.
  if (status === 401 && /insufficient scopes/i.test(body)) {
    return failed(
      'canvas-api',
      `The token does not reach ${url}: its key in Canvas is limited to other scopes.`,
      'Allow the scopes for listing users and sections of a course there, or make a token without a scoped key.',
    );
  }
  if (status === 401) {
    return failed(
      'canvas-api',
      `Canvas does not take CANVAS_API_TOKEN (401).`,
      'It was withdrawn, has ended, or belongs to another Canvas: make a new one there, and compare CANVAS_BASE_URL.',
    );
  }
  if (status === 403 || status === 404) {
    return failed(
      'canvas-api',
      `The owner of the token may not see ${url} (${String(status)}).`,
      'Use an account that may see users and sections of all courses, and compare CANVAS_BASE_URL.',
    );
  }
  return failed(
    'canvas-api',
    `${url} answers with status ${String(status)}.`,
    'Compare CANVAS_BASE_URL; else wait.',
  );
}
