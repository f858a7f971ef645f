import { Hono } from 'hono';
import { z } from 'zod';
import type { Course, Person } from './people.ts';
import { findLineItem, lineItemUrl, readJsonBody } from './line-items.ts';
import type { Platform } from './platform.ts';
import type { ServiceEnv, ServiceStatus } from './service-access.ts';
import { readBookmark, serviceAccess, serviceError, slicePage, throttled } from './service-access.ts';
import type { LineItem, Result } from './state.ts';
import { resultScope, scoreScope } from './scopes.ts';

const scoreType = 'application/vnd.ims.lis.v1.score+json';
const resultsType = 'application/vnd.ims.lis.v2.resultcontainer+json';
const submissionKey = 'https://canvas.instructure.com/lti/submission';
const pageSize = 50;
/** How far ahead of the platform's clock a submission may say it was made. */
const submittedAheadMs = 60_000;
/** The newest scores that are kept as they arrived. */
const keptScores = 2_000;

const orNull = <T>(value: T | null | undefined): T | null => value ?? null;

const scoreShape = z.object({
  userId: z.union([z.string().min(1), z.number()]).transform(String),
  activityProgress: z.enum(['Initialized', 'Started', 'InProgress', 'Submitted', 'Completed']),
  gradingProgress: z.enum(['FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady']),
  timestamp: z.string().min(1),
  scoreGiven: z.number().nullish().transform(orNull),
  scoreMaximum: z.number().nullish().transform(orNull),
  comment: z.string().nullish().transform(orNull),
  submittedAt: z.string().nullish().transform(orNull),
  [submissionKey]: z
    .object({
      new_submission: z.boolean().default(true),
      preserve_score: z.boolean().default(false),
      prioritize_non_tool_grade: z.boolean().default(false),
      submission_type: z.string().optional(),
      submission_data: z.string().optional(),
      submitted_at: z.string().optional(),
    })
    .default({ new_submission: true, preserve_score: false, prioritize_non_tool_grade: false }),
});
type Score = z.output<typeof scoreShape>;

interface Refusal {
  status: ServiceStatus;
  type: string;
  message: string;
}

const isoTime = z.iso.datetime({ offset: true });

/** Canvas' checks of a score, in Canvas' order; undefined when it is taken. */
function decideScore(
  score: Score,
  course: Course,
  person: Person | undefined,
  isActiveStudent: boolean,
  last: Result | undefined,
  now: Date,
): Refusal | undefined {
  const unprocessable = (message: string): Refusal => ({
    status: 422,
    type: 'unprocessable_entity',
    message,
  });
  const bad = (message: string): Refusal => ({ status: 400, type: 'bad_request', message });
  if (course.state === 'completed') {
    return unprocessable(
      'This course has concluded. AGS requests will no longer be accepted for this course.',
    );
  }
  if (person === undefined || !isActiveStudent) {
    return unprocessable('User not found in course or is not a student');
  }
  if (!isoTime.safeParse(score.timestamp).success) {
    return bad(`Provided timestamp of ${score.timestamp} not a valid timestamp.`);
  }
  if (last !== undefined && Date.parse(score.timestamp) < Date.parse(last.timestamp)) {
    return bad(`Provided timestamp of ${score.timestamp} before last updated timestamp of ${last.timestamp}`);
  }
  if (score.scoreGiven !== null) {
    if (score.scoreMaximum === null) return unprocessable("ScoreMaximum required when 'scoreGiven' present");
    if (score.scoreMaximum <= 0) return unprocessable('ScoreMaximum must be greater than 0');
    if (score.scoreGiven < 0) return unprocessable('ScoreGiven must be greater than or equal to 0');
  }
  const submittedAt = score[submissionKey].submitted_at ?? score.submittedAt;
  if (submittedAt !== null) {
    if (!isoTime.safeParse(submittedAt).success) {
      return bad(`Provided submittedAt timestamp of ${submittedAt} not a valid timestamp.`);
    }
    if (Date.parse(submittedAt) > now.getTime() + submittedAheadMs) {
      return bad(`Provided submittedAt timestamp of ${submittedAt} in the future`);
    }
  }
  return undefined;
}

/** What a taken score makes of the gradebook's cell. */
function computeGrade(score: Score, item: LineItem, last: Result | undefined): number | null {
  const options = score[submissionKey];
  if (options.prioritize_non_tool_grade && typeof last?.score === 'number') return last.score;
  const graded = score.gradingProgress === 'FullyGraded' || score.gradingProgress === 'PendingManual';
  if (score.scoreGiven === null || score.scoreMaximum === null || !graded) {
    return options.preserve_score ? (last?.score ?? null) : null;
  }
  return (score.scoreGiven / score.scoreMaximum) * item.scoreMaximum;
}

/** Scores and results (Assignment and Grade Services 2.0), as Canvas takes and gives them. */
export function scoreRoutes(platform: Platform): Hono<ServiceEnv> {
  const routes = new Hono<ServiceEnv>();
  const single = '/api/lti/courses/:courseId/line_items/:id{[0-9]+}';
  const { state } = platform.file;

  routes.post(`${single}/scores`, throttled(platform), serviceAccess(platform, [scoreScope]), async (c) => {
    const course = c.get('course');
    const item = findLineItem(platform, course, c.get('token').clientId, c.req.param('id'));
    if (item === undefined) return serviceError(c, 404, 'not_found', 'not found');
    const body = await readJsonBody(c, scoreType);
    const keep = (status: number): void => {
      state.receivedScores.push({
        receivedAt: platform.now().toISOString(),
        lineItemId: item.id,
        status,
        body: typeof body === 'object' && body !== null ? { ...body } : {},
      });
      state.receivedScores.splice(0, state.receivedScores.length - keptScores);
      platform.file.save();
    };
    const refuse = (refusal: Refusal): Response => {
      keep(refusal.status);
      return serviceError(c, refusal.status, refusal.type, refusal.message);
    };
    const parsed = scoreShape.safeParse(body);
    if (!parsed.success) {
      const field = String(parsed.error.issues[0]?.path[0] ?? 'body');
      const message = `param is missing or the value is empty: ${field}`;
      return refuse({ status: 400, type: 'bad_request', message });
    }
    const score = parsed.data;
    const person = platform.roster.personByAnyId(score.userId);
    const isActiveStudent =
      person !== undefined &&
      platform.roster
        .activeEnrollmentsOf(person.id, course.id)
        .some((one) => one.type === 'StudentEnrollment' || one.type === 'StudentViewEnrollment');
    const last = state.results.find((one) => one.lineItemId === item.id && one.personId === person?.id);
    const refusal = decideScore(score, course, person, isActiveStudent, last, platform.now());
    if (refusal !== undefined || person === undefined) {
      return refuse(refusal ?? { status: 422, type: 'unprocessable_entity', message: 'User not found' });
    }
    const result: Result = last ?? {
      id: platform.file.takeId(),
      lineItemId: item.id,
      personId: person.id,
      score: null,
      maximum: null,
      comments: [],
      attempts: 0,
      timestamp: score.timestamp,
    };
    result.score = computeGrade(score, item, last);
    result.maximum = score.scoreMaximum ?? result.maximum;
    result.timestamp = score.timestamp;
    if (score.comment !== null && score.comment !== '') result.comments.push(score.comment);
    if (score[submissionKey].new_submission) result.attempts += 1;
    if (last === undefined) state.results.push(result);
    keep(200);
    return c.json({ resultUrl: `${lineItemUrl(platform, item)}/results/${String(result.id)}` });
  });

  const show = (item: LineItem, result: Result) => ({
    id: `${lineItemUrl(platform, item)}/results/${String(result.id)}`,
    scoreOf: lineItemUrl(platform, item),
    userId: platform.roster.person(result.personId)?.sub ?? '',
    resultScore: result.score,
    resultMaximum: item.scoreMaximum,
    ...(result.comments.length > 0 ? { comment: result.comments.at(-1) } : {}),
  });
  const readAccess = serviceAccess(platform, [resultScope]);

  routes.get(`${single}/results`, throttled(platform), readAccess, (c) => {
    const item = findLineItem(platform, c.get('course'), c.get('token').clientId, c.req.param('id'));
    if (item === undefined) return serviceError(c, 404, 'not_found', 'not found');
    const query = new URL(c.req.url).searchParams;
    const size = Number(query.get('limit') ?? pageSize);
    const offset = readBookmark(query.get('page') ?? undefined);
    if (!Number.isInteger(size) || size < 1 || offset === undefined) {
      return serviceError(c, 400, 'bad_request', 'Invalid paging parameter');
    }
    const wanted = query.get('user_id');
    const person = wanted === null ? undefined : platform.roster.personByAnyId(wanted);
    const found = state.results.filter(
      (one) => one.lineItemId === item.id && (wanted === null || one.personId === person?.id),
    );
    const address = new URL(`${platform.identity.issuer}${new URL(c.req.url).pathname}`);
    address.search = query.toString();
    const page = slicePage(found, address, offset, Math.min(size, pageSize));
    c.header('Link', page.link);
    c.header('Content-Type', `${resultsType}; charset=utf-8`);
    return c.body(JSON.stringify(page.items.map((one) => show(item, one))));
  });

  routes.get(`${single}/results/:resultId{[0-9]+}`, throttled(platform), readAccess, (c) => {
    const item = findLineItem(platform, c.get('course'), c.get('token').clientId, c.req.param('id'));
    const result = state.results.find(
      (one) => String(one.id) === c.req.param('resultId') && one.lineItemId === item?.id,
    );
    if (item === undefined || result === undefined) return serviceError(c, 404, 'not_found', 'not found');
    return c.json(show(item, result));
  });
  return routes;
}
