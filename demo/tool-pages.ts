import { Hono } from 'hono';
import type { Context } from 'hono';
import { requireReader } from './course-access.ts';
import { mainTool } from './identity.ts';
import { renderProblem } from './layout.ts';
import { displayOf, openTool } from './open-tool.ts';
import type { Course } from './people.ts';
import type { Platform } from './platform.ts';
import type { Tool } from './tools.ts';
import { isToolAddress, labelOf, placementOf } from './tools.ts';
import type { PageEnv, Viewer } from './viewer.ts';

/** The ways into a tool through course navigation: the menu's, and the direct addresses that Canvas has. */
export function toolRoutes(platform: Platform): Hono<PageEnv> {
  const routes = new Hono<PageEnv>();

  // Before the numbered one, which would read "retrieve" as a number that is not one.
  routes.get('/courses/:courseId/external_tools/retrieve', async (c) => {
    const found = await requireReader(c, platform);
    if (found instanceof Response) return found;
    const client = c.req.query('client_id');
    const url = c.req.query('url') ?? '';
    const tool =
      client === undefined ? platform.tools.findByAddress(url) : platform.tools.findByClient(client);
    const foreignLink =
      c.req.query('resource_link_lookup_uuid') ??
      c.req.query('resource_link_lookup_id') ??
      c.req.query('resource_link_id');
    if (tool === undefined || !isToolAddress(tool.key, url) || foreignLink !== undefined) {
      return c.html(await renderProblem(c, c.get('t').errorTitle, c.get('t').noSettings), 400);
    }
    return openFromCourse(c, platform, found, tool, url);
  });

  routes.get('/courses/:courseId/external_tools/:toolId{[0-9]+}', async (c) => {
    const found = await requireReader(c, platform);
    if (found instanceof Response) return found;
    const tool = platform.tools.find(Number(c.req.param('toolId')));
    const placement = tool === undefined ? undefined : placementOf(tool, 'course_navigation');
    if (tool === undefined || placement === undefined) {
      return c.html(await renderProblem(c, c.get('t').errorTitle, c.get('t').noSettings), 404);
    }
    // An address of another host is not refused by Canvas, but ignored.
    const asked = c.req.query('launch_url');
    const own = asked !== undefined && isToolAddress(tool.key, asked);
    return openFromCourse(c, platform, found, tool, own ? asked : placement.targetLinkUri);
  });

  // The return_url of launches.
  routes.get('/courses/:courseId/external_content/success/external_tool_redirect', (c) =>
    c.redirect(`/courses/${c.req.param('courseId')}`),
  );
  return routes;
}

function openFromCourse(
  c: Context<PageEnv>,
  platform: Platform,
  { course, viewer }: { course: Course; viewer: Viewer | null },
  tool: Tool,
  targetLinkUri: string,
): Promise<Response> {
  return openTool(c, platform, {
    tool,
    course,
    viewer,
    targetLinkUri,
    custom: { ...tool.key.custom, ...placementOf(tool, 'course_navigation')?.custom },
    message: {
      type: 'LtiResourceLinkRequest',
      placement: 'course_navigation',
      // From course navigation both ids are the same: there is one resource link per course.
      link: { id: course.contextId, title: course.title },
    },
    title: labelOf(tool, 'course_navigation', c.get('t')),
    current: tool.listed ? tool.id : mainTool.id,
    display: displayOf(c),
  });
}
