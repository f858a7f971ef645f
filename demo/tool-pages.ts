import { Hono } from 'hono';
import type { Context } from 'hono';
import { html } from 'hono/html';
import { computeLaunchClaims } from './id-token.ts';
import type { InstalledTool } from './identity.ts';
import { installedTools, mainTool } from './identity.ts';
import { requireCourse, studentViewButton } from './course-pages.ts';
import { autoSubmitForm, documentPage, renderPage, renderProblem } from './layout.ts';
import type { Course } from './people.ts';
import type { Platform } from './platform.ts';
import type { PageEnv, Viewer } from './viewer.ts';

/** What Canvas lets a tool's frame do. */
const framePermissions = [
  'geolocation *',
  'microphone *',
  'camera *',
  'midi *',
  'encrypted-media *',
  'autoplay *',
  'clipboard-write *',
  'display-capture *',
].join('; ');

interface Opening {
  tool: InstalledTool;
  course: Course;
  viewer: Viewer;
  targetLinkUri: string;
  /** Unframed, as a phone meets it. */
  borderless: boolean;
  /** In the mobile apps' web view nobody answers storage messages. */
  mobile: boolean;
}

/** The ways into the tool: course navigation, and the direct addresses that Canvas has. */
export function toolRoutes(platform: Platform): Hono<PageEnv> {
  const routes = new Hono<PageEnv>();

  // Before the numbered one, which would read "retrieve" as a number that is not one.
  routes.get('/courses/:courseId/external_tools/retrieve', async (c) => {
    const found = await requireCourse(c, platform);
    if (found instanceof Response) return found;
    const client = c.req.query('client_id');
    const tool = client === undefined ? mainTool : installedTools.find((one) => one.clientId === client);
    const url = c.req.query('url') ?? '';
    const foreignLink =
      c.req.query('resource_link_lookup_uuid') ??
      c.req.query('resource_link_lookup_id') ??
      c.req.query('resource_link_id');
    if (tool === undefined || !isToolAddress(platform, url) || foreignLink !== undefined) {
      return c.html(await renderProblem(c, c.get('t').errorTitle, c.get('t').noSettings), 400);
    }
    return open(c, platform, { ...found, tool, targetLinkUri: url, ...displayOf(c) });
  });

  routes.get('/courses/:courseId/external_tools/:toolId{[0-9]+}', async (c) => {
    const found = await requireCourse(c, platform);
    if (found instanceof Response) return found;
    const tool = installedTools.find((one) => String(one.id) === c.req.param('toolId'));
    if (tool === undefined) {
      return c.html(await renderProblem(c, c.get('t').errorTitle, c.get('t').noSettings), 404);
    }
    // An address of another host is not refused by Canvas, but ignored.
    const asked = c.req.query('launch_url');
    const targetLinkUri =
      asked !== undefined && isToolAddress(platform, asked) ? asked : `${platform.toolUrl}/lti/launch`;
    return open(c, platform, { ...found, tool, targetLinkUri, ...displayOf(c) });
  });

  // The return_url of launches.
  routes.get('/courses/:courseId/external_content/success/external_tool_redirect', (c) =>
    c.redirect(`/courses/${c.req.param('courseId')}`),
  );
  return routes;
}

function displayOf(c: Context<PageEnv>): { borderless: boolean; mobile: boolean } {
  const mobile = c.req.query('platform') === 'mobile';
  return { borderless: mobile || c.req.query('display') === 'borderless', mobile };
}

function isToolAddress(platform: Platform, text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.host === new URL(platform.toolUrl).host;
}

/** The third-party initiated login, sent by a form as Canvas sends it; the message is made now. */
async function open(c: Context<PageEnv>, platform: Platform, opening: Opening): Promise<Response> {
  const { tool, course, viewer, targetLinkUri } = opening;
  const t = c.get('t');
  const masquerader = viewer.real.id === viewer.person.id ? null : viewer.real;
  const claims = computeLaunchClaims(platform, {
    tool,
    course,
    person: viewer.person,
    masquerader,
    targetLinkUri,
    locale: c.get('lang'),
  });
  const fields: Record<string, string> = {
    iss: platform.identity.issuer,
    login_hint: viewer.person.legacyId,
    client_id: tool.clientId,
    target_link_uri: targetLinkUri,
    lti_message_hint: await platform.launches.put({ tool, loginHint: viewer.person.legacyId, claims }),
    deployment_id: tool.deploymentId,
    canvas_environment: 'prod',
    canvas_region: 'not_configured',
    ...(opening.mobile ? {} : { lti_storage_target: 'post_message_forwarding' }),
  };
  const action = `${platform.toolUrl}/lti/login`;
  c.header('Cache-Control', 'no-store');

  if (opening.borderless) {
    return c.html(
      await documentPage({
        lang: c.get('lang'),
        title: t.courseTool,
        scripts: ['auto-submit.js'],
        bodyClass: 'bare',
        body: html`<main>
          <p class="waiting">${t.toolOpening}</p>
          ${autoSubmitForm(t, action, fields)}
        </main>`,
      }),
    );
  }
  return c.html(
    await renderPage(c, {
      title: t.courseTool,
      course,
      current: 'tool',
      nav: 'courses',
      wide: true,
      action: studentViewButton(c, platform, course),
      scripts: ['platform-storage.js', 'auto-submit.js'],
      content: html`<h1 class="visually-hidden">${t.courseTool}</h1>
        <iframe
          class="tool-frame"
          name="tool_content"
          id="tool_content"
          src="about:blank"
          title="${t.toolFrameTitle}"
          allow="${framePermissions}"
          data-tool-frame
          data-locale="${c.get('lang')}"
          data-time-zone="${viewer.person.timeZone}"
          data-brand-config="${platform.identity.issuer}/assets/brand.json"
        ></iframe>
        ${autoSubmitForm(t, action, fields, 'tool_content')}
        <iframe name="post_message_forwarding" title="" hidden src="/post_message_forwarding"></iframe>`,
    }),
  );
}
