import { Hono } from 'hono';
import type { Context } from 'hono';
import { html } from 'hono/html';
import { deny, mayManage, requireManager, requireReader } from './course-access.ts';
import { studentViewButton } from './course-pages.ts';
import { computeDeepLinkingSettings, readDeepLinkingResponse } from './deep-linking.ts';
import type { Html } from './layout.ts';
import { icon, renderInFrame, renderPage, renderProblem } from './layout.ts';
import { displayOf, openTool } from './open-tool.ts';
import type { Course } from './people.ts';
import type { Platform } from './platform.ts';
import type { ModuleItem } from './state.ts';
import { labelOf, placementOf } from './tools.ts';
import type { PageEnv, Viewer } from './viewer.ts';

const modulesOf = (course: Course): string => `/courses/${String(course.id)}/modules`;

/** The module of a course: what teachers have put there with the help of a tool. */
export function moduleRoutes(platform: Platform): Hono<PageEnv> {
  const routes = new Hono<PageEnv>();

  routes.get('/courses/:courseId/modules', async (c) => {
    const found = await requireReader(c, platform);
    return found instanceof Response ? found : c.html(await modulesPage(c, platform, found));
  });

  // A tool's page on which a teacher chooses what the module should hold.
  routes.get('/courses/:courseId/external_tools/:toolId{[0-9]+}/resource_selection', async (c) => {
    const found = await requireManager(c, platform);
    if (found instanceof Response) return found;
    const { course, viewer } = found;
    const t = c.get('t');
    const tool = platform.tools.find(Number(c.req.param('toolId')));
    const placement = tool === undefined ? undefined : placementOf(tool, 'link_selection');
    if (tool === undefined || placement === undefined) {
      return c.html(await renderProblem(c, t.errorTitle, t.noSettings), 404);
    }
    return openTool(c, platform, {
      tool,
      course,
      viewer,
      targetLinkUri: placement.targetLinkUri,
      custom: { ...tool.key.custom, ...placement.custom },
      message: {
        type: 'LtiDeepLinkingRequest',
        placement: 'link_selection',
        settings: await computeDeepLinkingSettings(platform, tool, course, viewer.person),
      },
      title: t.modulesAddFrom(labelOf(tool, 'link_selection', t)),
      current: 'modules',
      action: html`<a class="button" href="${modulesOf(course)}">${t.cancel}</a>`,
      display: displayOf(c),
    });
  });

  routes.get('/courses/:courseId/modules/items/:itemId{[0-9]+}', async (c) => {
    const found = await requireReader(c, platform);
    if (found instanceof Response) return found;
    const { course, viewer } = found;
    const item = findItem(platform, course, c.req.param('itemId'));
    if (item === undefined) {
      return c.html(await renderProblem(c, c.get('t').notFoundTitle, c.get('t').notFoundText), 404);
    }
    const tool = platform.tools.find(item.toolId) ?? platform.tools.findByClient(item.clientId);
    if (tool === undefined) {
      return c.html(await renderProblem(c, c.get('t').errorTitle, c.get('t').noSettings), 404);
    }
    return openTool(c, platform, {
      tool,
      course,
      viewer,
      targetLinkUri: item.url,
      custom: { ...tool.key.custom, ...item.custom },
      message: {
        type: 'LtiResourceLinkRequest',
        placement: null,
        link: {
          id: item.resourceLinkId,
          title: item.title,
          ...(item.text === '' ? {} : { description: item.text }),
        },
      },
      title: item.title,
      current: 'modules',
      display: displayOf(c),
    });
  });

  routes.post('/courses/:courseId/modules/items/:itemId{[0-9]+}/remove', async (c) => {
    const found = await requireManager(c, platform);
    if (found instanceof Response) return found;
    const item = findItem(platform, found.course, c.req.param('itemId'));
    if (item === undefined) return deny(c);
    const { state } = platform.file;
    state.moduleItems = state.moduleItems.filter((one) => one.id !== item.id);
    platform.file.save();
    return c.redirect(modulesOf(found.course), 303);
  });
  return routes;
}

/** Where a tool's page posts what was chosen: it comes from the tool's origin, into the platform's frame. */
export function deepLinkingResponseRoutes(platform: Platform): Hono<PageEnv> {
  const routes = new Hono<PageEnv>();
  routes.post('/courses/:courseId/deep_linking_response', async (c) => {
    const found = await requireManager(c, platform);
    if (found instanceof Response) return found;
    const { course, viewer } = found;
    const t = c.get('t');
    const text = new URLSearchParams(await c.req.text()).get('JWT') ?? '';
    const items = await readDeepLinkingResponse(platform, course, viewer.person, text);
    const back = (label: string): Html =>
      html`<p><a class="button" target="_top" href="${modulesOf(course)}">${label}</a></p>`;
    if (!Array.isArray(items)) {
      const problem = html`<section class="card problem">
        <h1>${t.deepLinkRefused}</h1>
        <p>${t.deepLinkFaults[items.fault]}</p>
        <p><code>${items.detail}</code></p>
        ${back(t.modulesBack)}
      </section>`;
      return c.html(await renderInFrame(c, t.deepLinkRefused, problem), 400);
    }
    for (const item of items) platform.file.state.moduleItems.push({ ...item, id: platform.file.takeId() });
    platform.file.save();
    const done = html`<p class="waiting" role="status">${t.deepLinkDone(items.length)}</p>
      <div data-leave-frame>${back(t.modulesBack)}</div>`;
    return c.html(await renderInFrame(c, t.courseModules, done, ['leave-frame.js']));
  });
  return routes;
}

function findItem(platform: Platform, course: Course, id: string): ModuleItem | undefined {
  return platform.file.state.moduleItems.find((one) => String(one.id) === id && one.courseId === course.id);
}

function modulesPage(
  c: Context<PageEnv>,
  platform: Platform,
  { course, viewer }: { course: Course; viewer: Viewer | null },
): Html {
  const t = c.get('t');
  const manages = mayManage(platform, viewer, course);
  const items = platform.file.state.moduleItems.filter((one) => one.courseId === course.id);
  const tools = platform.tools.listed('link_selection', course, viewer?.person ?? null);
  const base = `/courses/${String(course.id)}`;
  return renderPage(c, {
    title: t.courseModules,
    course,
    current: 'modules',
    nav: 'courses',
    action: studentViewButton(c, platform, course),
    content: html`<h1>${t.courseModules}</h1>
      ${
        items.length === 0
          ? html`<p class="card">${manages ? t.modulesEmptyTeacher : t.modulesEmpty}</p>`
          : html`<ul class="rows">
              ${items.map(
                (item) =>
                  html`<li>
                    ${icon('link')}
                    <p>
                      <a href="${base}/modules/items/${String(item.id)}">${item.title}</a>
                      ${item.text === '' ? '' : html`<br /><span class="quiet">${item.text}</span>`}
                    </p>
                    ${
                      manages
                        ? html`<form method="post" action="${base}/modules/items/${String(item.id)}/remove">
                            <button class="link" aria-label="${t.removeNamed(item.title)}">
                              ${t.remove}
                            </button>
                          </form>`
                        : ''
                    }
                  </li>`,
              )}
            </ul>`
      }
      ${
        manages
          ? html`<section class="card">
              <h2>${t.modulesAdd}</h2>
              ${
                tools.length === 0
                  ? html`<p>${t.modulesNoTool}</p>`
                  : html`<p>${t.modulesAddHint}</p>
                      <ul class="choices">
                        ${tools.map(
                          (tool) =>
                            html`<li>
                              <a
                                class="button"
                                href="${base}/external_tools/${String(tool.id)}/resource_selection?placement=link_selection"
                                >${labelOf(tool, 'link_selection', t)}</a
                              >
                            </li>`,
                        )}
                      </ul>`
              }
            </section>`
          : ''
      }`,
  });
}
