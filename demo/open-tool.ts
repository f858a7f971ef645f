import type { Context } from 'hono';
import { html } from 'hono/html';
import { studentViewButton } from './course-pages.ts';
import type { LaunchMessage } from './id-token.ts';
import { computeLaunchClaims } from './id-token.ts';
import { visitorLoginHint } from './identity.ts';
import type { Html, Page } from './layout.ts';
import { autoSubmitForm, renderInFrame, renderPage } from './layout.ts';
import type { Course } from './people.ts';
import type { Platform } from './platform.ts';
import type { Tool } from './tools.ts';
import type { PageEnv, Viewer } from './viewer.ts';

/** What Canvas lets a tool's frame do. */
export const framePermissions = [
  'geolocation *',
  'microphone *',
  'camera *',
  'midi *',
  'encrypted-media *',
  'autoplay *',
  'clipboard-write *',
  'display-capture *',
].join('; ');

export interface Opening {
  tool: Tool;
  course: Course | null;
  viewer: Viewer | null;
  targetLinkUri: string;
  message: LaunchMessage;
  custom: Record<string, string>;
  /** What the page around the frame says. */
  title: string;
  current?: Page['current'];
  action?: Html;
  display: Display;
}

export interface Display {
  /** Unframed, as a phone meets it. */
  borderless: boolean;
  /** In the mobile apps' web view nobody answers storage messages. */
  mobile: boolean;
}

export function displayOf(c: Context<PageEnv>): Display {
  const mobile = c.req.query('platform') === 'mobile';
  return { borderless: mobile || c.req.query('display') === 'borderless', mobile };
}

/** The third-party initiated login, sent by a form as Canvas sends it; the message is made now. */
export async function openTool(c: Context<PageEnv>, platform: Platform, opening: Opening): Promise<Response> {
  const { tool, course, viewer, targetLinkUri, message, custom, title } = opening;
  const t = c.get('t');
  const person = viewer?.person ?? null;
  const masquerader = viewer === null || viewer.real.id === viewer.person.id ? null : viewer.real;
  const loginHint = person?.legacyId ?? visitorLoginHint;
  const claims = computeLaunchClaims(platform, {
    tool,
    course,
    person,
    masquerader,
    targetLinkUri,
    locale: c.get('lang'),
    custom,
    message,
  });
  const fields: Record<string, string> = {
    iss: platform.identity.issuer,
    login_hint: loginHint,
    client_id: tool.clientId,
    target_link_uri: targetLinkUri,
    lti_message_hint: await platform.launches.put({ tool, loginHint, claims }),
    deployment_id: tool.deploymentId,
    canvas_environment: 'prod',
    canvas_region: 'not_configured',
    ...(opening.display.mobile ? {} : { lti_storage_target: 'post_message_forwarding' }),
  };
  const action = tool.key.loginUrl;
  c.header('Cache-Control', 'no-store');

  if (opening.display.borderless) {
    const waiting = html`<p class="waiting">${t.toolOpening}</p>
      ${autoSubmitForm(t, action, fields)}`;
    return c.html(await renderInFrame(c, title, waiting, ['auto-submit.js']));
  }
  return c.html(
    await renderPage(c, {
      title,
      ...(course === null ? {} : { course }),
      ...(opening.current === undefined ? {} : { current: opening.current }),
      nav: course === null ? 'apps' : 'courses',
      wide: true,
      action: opening.action ?? (course === null ? html`` : studentViewButton(c, platform, course)),
      scripts: ['platform-storage.js', 'auto-submit.js'],
      content: html`<h1 class="visually-hidden">${title}</h1>
        <iframe
          class="tool-frame"
          name="tool_content"
          id="tool_content"
          src="about:blank"
          title="${t.toolFrameTitle(title, tool.key.name)}"
          allow="${framePermissions}"
          data-tool-frame
          data-locale="${c.get('lang')}"
          data-time-zone="${person?.timeZone ?? course?.timeZone ?? 'Europe/Berlin'}"
          data-brand-config="${platform.identity.issuer}/assets/brand.json"
        ></iframe>
        ${autoSubmitForm(t, action, fields, 'tool_content')}
        <iframe name="post_message_forwarding" title="" hidden src="/post_message_forwarding"></iframe>`,
    }),
  );
}
