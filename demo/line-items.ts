import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { mainTool } from './identity.ts';
import type { Course } from './people.ts';
import type { Platform } from './platform.ts';
import type { ServiceEnv } from './service-access.ts';
import { readBookmark, serviceAccess, serviceError, slicePage, throttled } from './service-access.ts';
import type { LineItem } from './state.ts';
import { lineItemReadScope, lineItemScope } from './scopes.ts';

const lineItemType = 'application/vnd.ims.lis.v2.lineitem+json';
const containerType = 'application/vnd.ims.lis.v2.lineitemcontainer+json';
const submissionTypeKey = 'https://canvas.instructure.com/lti/submission_type';
const pageSize = 50;

const fields = {
  label: z.string().trim().min(1).max(255),
  scoreMaximum: z.number().min(0),
  tag: z.string().max(255).nullish(),
  resourceId: z.string().max(255).nullish(),
  resourceLinkId: z.string().nullish(),
  startDateTime: z.iso.datetime({ offset: true }).nullish(),
  endDateTime: z.iso.datetime({ offset: true }).nullish(),
  [submissionTypeKey]: z
    .object({ type: z.enum(['none', 'external_tool']), external_tool_url: z.string().optional() })
    .nullish(),
};
const newLineItem = z.object(fields);
const changedLineItem = z.object(fields).partial();

export function lineItemUrl(platform: Platform, item: Pick<LineItem, 'id' | 'courseId'>): string {
  return `${platform.identity.issuer}/api/lti/courses/${String(item.courseId)}/line_items/${String(item.id)}`;
}

function showLineItem(platform: Platform, item: LineItem) {
  return {
    id: lineItemUrl(platform, item),
    scoreMaximum: item.scoreMaximum,
    label: item.label,
    ...(item.tag === null ? {} : { tag: item.tag }),
    ...(item.resourceId === null ? {} : { resourceId: item.resourceId }),
    ...(item.resourceLinkId === null ? {} : { resourceLinkId: item.resourceLinkId }),
    ...(item.startDateTime === null ? {} : { startDateTime: item.startDateTime }),
    ...(item.endDateTime === null ? {} : { endDateTime: item.endDateTime }),
    ...(item.submissionType === null ? {} : { [submissionTypeKey]: item.submissionType }),
  };
}

/** Canvas reads JSON under the service's own type and under application/json; other bodies are not read. */
export async function readJsonBody(c: Context, type: string): Promise<unknown> {
  const given = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  if (given !== type && given !== 'application/json') return undefined;
  try {
    return await c.req.json<unknown>();
  } catch {
    return undefined;
  }
}

/** A line item of this course that belongs to the caller's key; other tools' items are as if not there. */
export function findLineItem(
  platform: Platform,
  course: Course,
  client: string,
  id: string,
): LineItem | undefined {
  return platform.file.state.lineItems.find(
    (item) => String(item.id) === id && item.courseId === course.id && item.clientId === client,
  );
}

/** Line items (Assignment and Grade Services 2.0), as Canvas gives them. */
export function lineItemRoutes(platform: Platform): Hono<ServiceEnv> {
  const routes = new Hono<ServiceEnv>();
  const collection = '/api/lti/courses/:courseId/line_items';
  const single = `${collection}/:id{[0-9]+}`;
  const readAccess = serviceAccess(platform, [lineItemScope, lineItemReadScope]);
  const writeAccess = serviceAccess(platform, [lineItemScope]);
  const answer = (c: Context, item: LineItem, status: 200 | 201): Response => {
    c.header('Content-Type', `${lineItemType}; charset=utf-8`);
    return c.body(JSON.stringify(showLineItem(platform, item)), status);
  };

  routes.get(collection, throttled(platform), readAccess, (c) => {
    const address = new URL(`${platform.identity.issuer}${new URL(c.req.url).pathname}`);
    const query = new URL(c.req.url).searchParams;
    address.search = query.toString();
    const size = Number(query.get('limit') ?? pageSize);
    const offset = readBookmark(query.get('page') ?? undefined);
    if (!Number.isInteger(size) || size < 1 || offset === undefined) {
      return serviceError(c, 400, 'bad_request', 'Invalid paging parameter');
    }
    const tag = query.get('tag');
    const resourceId = query.get('resource_id');
    const linkId = query.get('resource_link_id');
    const items = platform.file.state.lineItems.filter(
      (item) =>
        item.courseId === c.get('course').id &&
        item.clientId === c.get('token').clientId &&
        (tag === null || item.tag === tag) &&
        (resourceId === null || item.resourceId === resourceId) &&
        (linkId === null || item.resourceLinkId === linkId),
    );
    const page = slicePage(items, address, offset, Math.min(size, pageSize));
    c.header('Link', page.link);
    c.header('Content-Type', `${containerType}; charset=utf-8`);
    return c.body(JSON.stringify(page.items.map((item) => showLineItem(platform, item))));
  });

  routes.post(collection, throttled(platform), writeAccess, async (c) => {
    const parsed = newLineItem.safeParse(await readJsonBody(c, lineItemType));
    if (!parsed.success) {
      const field = String(parsed.error.issues[0]?.path[0] ?? 'body');
      return serviceError(c, 400, 'bad_request', `param is missing or the value is empty: ${field}`);
    }
    const given = parsed.data;
    const resourceLinkId = given.resourceLinkId ?? null;
    // The resource link of a navigation launch is the course: Canvas has no assignment to hang it on.
    const hangsOn = platform.file.state.moduleItems.some(
      (one) =>
        one.resourceLinkId === resourceLinkId &&
        one.courseId === c.get('course').id &&
        one.clientId === c.get('token').clientId,
    );
    if (resourceLinkId !== null && !hangsOn) {
      return serviceError(c, 404, 'not_found', "The specified 'resourceLinkId' was not found");
    }
    const item: LineItem = {
      id: platform.file.takeId(),
      courseId: c.get('course').id,
      clientId: c.get('token').clientId,
      label: given.label,
      scoreMaximum: given.scoreMaximum,
      tag: given.tag ?? null,
      resourceId: given.resourceId ?? null,
      startDateTime: given.startDateTime ?? null,
      endDateTime: given.endDateTime ?? null,
      submissionType: given[submissionTypeKey] ?? null,
      coupled: false,
      resourceLinkId,
    };
    platform.file.state.lineItems.push(item);
    platform.file.save();
    return answer(c, item, 201);
  });

  routes.get(single, throttled(platform), readAccess, (c) => {
    const item = findLineItem(platform, c.get('course'), c.get('token').clientId, c.req.param('id'));
    return item === undefined ? serviceError(c, 404, 'not_found', 'not found') : answer(c, item, 200);
  });

  routes.put(single, throttled(platform), writeAccess, async (c) => {
    const item = findLineItem(platform, c.get('course'), c.get('token').clientId, c.req.param('id'));
    if (item === undefined) return serviceError(c, 404, 'not_found', 'not found');
    const parsed = changedLineItem.safeParse(await readJsonBody(c, lineItemType));
    if (!parsed.success) {
      const field = String(parsed.error.issues[0]?.path[0] ?? 'body');
      return serviceError(c, 400, 'bad_request', `Invalid value: ${field}`);
    }
    const given = parsed.data;
    if (typeof given.resourceLinkId === 'string' && given.resourceLinkId !== item.resourceLinkId) {
      return serviceError(c, 422, 'unprocessable_entity', 'Invalid resourceLinkId');
    }
    item.label = given.label ?? item.label;
    item.scoreMaximum = given.scoreMaximum ?? item.scoreMaximum;
    if (given.tag !== undefined) item.tag = given.tag;
    if (given.resourceId !== undefined) item.resourceId = given.resourceId;
    if (given.startDateTime !== undefined) item.startDateTime = given.startDateTime;
    if (given.endDateTime !== undefined) item.endDateTime = given.endDateTime;
    platform.file.save();
    return answer(c, item, 200);
  });

  routes.delete(single, throttled(platform), writeAccess, (c) => {
    const item = findLineItem(platform, c.get('course'), c.get('token').clientId, c.req.param('id'));
    if (item === undefined) return serviceError(c, 404, 'not_found', 'not found');
    if (item.coupled) {
      const message = 'You cannot delete this line item: it belongs to an assignment';
      return serviceError(c, 401, 'unauthorized', message);
    }
    removeLineItem(platform, item.id);
    return c.body(null, 204);
  });
  return routes;
}

/** Takes a line item away together with its results, as deleting the assignment does. */
export function removeLineItem(platform: Platform, id: number): boolean {
  const { state } = platform.file;
  const before = state.lineItems.length;
  state.lineItems = state.lineItems.filter((item) => item.id !== id);
  state.results = state.results.filter((result) => result.lineItemId !== id);
  platform.file.save();
  return state.lineItems.length < before;
}

/** An assignment that a teacher made: it has a line item that the tool sees and may not delete. */
export function addCoupledLineItem(
  platform: Platform,
  course: Course,
  label: string,
  maximum: number,
): LineItem {
  const item: LineItem = {
    id: platform.file.takeId(),
    courseId: course.id,
    clientId: mainTool.clientId,
    label,
    scoreMaximum: maximum,
    tag: null,
    resourceId: null,
    startDateTime: null,
    endDateTime: null,
    submissionType: null,
    coupled: true,
    resourceLinkId: null,
  };
  platform.file.state.lineItems.push(item);
  platform.file.save();
  return item;
}
