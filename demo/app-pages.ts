import { Hono } from 'hono';
import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import { askToSignIn, deny } from './course-access.ts';
import { mainTool, opaqueId } from './identity.ts';
import type { Html } from './layout.ts';
import { renderPage, renderProblem } from './layout.ts';
import { displayOf, framePermissions, openTool } from './open-tool.ts';
import type { Platform } from './platform.ts';
import { isToolUrl } from './read-registration.ts';
import { inviteToRegister } from './registration.ts';
import type { RegisteredApp } from './state.ts';
import { isToolAddress, placementOf } from './tools.ts';
import type { Texts } from './texts.ts';
import type { PageEnv, Viewer } from './viewer.ts';

const apps = '/accounts/1/apps';
const pageOf = (app: RegisteredApp): string => `${apps}/${app.key.clientId}`;

async function requireAdmin(c: Context<PageEnv>): Promise<Viewer | Response> {
  const viewer = c.get('viewer');
  if (viewer === null) return askToSignIn(c);
  return viewer.person.admin ? viewer : deny(c);
}

/** The account's own pages: tools register here, are installed and removed, and one opens without a course. */
export function appRoutes(platform: Platform): Hono<PageEnv> {
  const routes = new Hono<PageEnv>();
  const { tools } = platform;
  const findApp = (c: Context): RegisteredApp | undefined =>
    tools.registered().find((app) => app.key.clientId === c.req.param('clientId'));

  routes.get(apps, async (c) => {
    const admin = await requireAdmin(c);
    return admin instanceof Response ? admin : c.html(await appsPage(c, platform));
  });

  routes.post(`${apps}/register`, async (c) => {
    const admin = await requireAdmin(c);
    if (admin instanceof Response) return admin;
    const t = c.get('t');
    const given = (new URLSearchParams(await c.req.text()).get('registration_url') ?? '').trim();
    if (!isToolUrl(given)) return c.html(await appsPage(c, platform, given), 400);
    const { uuid, configurationUrl, token } = await inviteToRegister(platform, admin.person);
    const address = new URL(given);
    address.searchParams.set('openid_configuration', configurationUrl);
    address.searchParams.set('registration_token', token);
    c.set('framed', address.origin);
    return c.html(
      await renderPage(c, {
        title: t.appsRegister,
        nav: 'apps',
        wide: true,
        scripts: ['registration.js'],
        action: html`<a class="button" href="${apps}/registered/${uuid}">${t.appsRegisterClose}</a>`,
        content: html`<h1 class="visually-hidden">${t.appsRegister}</h1>
          <iframe
            class="tool-frame"
            id="registration"
            title="${t.appsRegisterFrame(address.host)}"
            allow="${framePermissions}"
            src="${address.href}"
            data-registration
            data-next="${apps}/registered/${uuid}"
          ></iframe>`,
      }),
    );
  });

  // Reloaded by address, as the choice of a language does: a registration begins anew.
  routes.get(`${apps}/register`, (c) => c.redirect(apps));

  // Where the frame leads when it closes: to the app that came of it, if one did.
  routes.get(`${apps}/registered/:uuid`, async (c) => {
    const admin = await requireAdmin(c);
    if (admin instanceof Response) return admin;
    const app = tools.registered().find((one) => one.registrationId === c.req.param('uuid'));
    if (app !== undefined) return c.redirect(pageOf(app));
    return c.html(await renderProblem(c, c.get('t').errorTitle, c.get('t').appsNothingCame, apps));
  });

  routes.get(`${apps}/:clientId{[0-9]+}`, async (c) => {
    const admin = await requireAdmin(c);
    if (admin instanceof Response) return admin;
    const app = findApp(c);
    return app === undefined
      ? c.html(await renderProblem(c, c.get('t').notFoundTitle, c.get('t').notFoundText, apps), 404)
      : c.html(await appPage(c, app));
  });

  routes.post(`${apps}/:clientId{[0-9]+}/:what{install|remove}`, async (c) => {
    const admin = await requireAdmin(c);
    if (admin instanceof Response) return admin;
    const app = findApp(c);
    if (app === undefined) return deny(c);
    if (c.req.param('what') === 'install') tools.install(app);
    else tools.remove(app);
    return c.redirect(pageOf(app), 303);
  });

  // A launch that has no course, as from the account's own menu.
  routes.get('/accounts/1/external_tools/:toolId{[0-9]+}', async (c) => {
    const admin = await requireAdmin(c);
    if (admin instanceof Response) return admin;
    const t = c.get('t');
    const tool = tools.find(Number(c.req.param('toolId')));
    if (tool === undefined) return c.html(await renderProblem(c, t.errorTitle, t.noSettings, apps), 404);
    const asked = c.req.query('launch_url');
    const own = asked !== undefined && isToolAddress(tool.key, asked);
    return openTool(c, platform, {
      tool,
      course: null,
      viewer: admin,
      targetLinkUri: own ? asked : tool.key.targetLinkUri,
      custom: { ...tool.key.custom, ...placementOf(tool, 'course_navigation')?.custom },
      message: {
        type: 'LtiResourceLinkRequest',
        placement: 'account_navigation',
        link: { id: opaqueId('account', 1), title: 'Demo LMS' },
      },
      title: t.appsInAccount,
      display: displayOf(c),
    });
  });
  routes.get('/accounts/1/external_content/success/external_tool_redirect', (c) => c.redirect(apps));
  return routes;
}

const stateOf = (t: Texts, app: RegisteredApp): string =>
  app.installed === null ? t.appsInactive : t.appsInstalled;

/** @param refused what was given as a registration address and is none. */
function appsPage(c: Context<PageEnv>, platform: Platform, refused?: string): Html {
  const t = c.get('t');
  const registered = platform.tools.registered();
  return renderPage(c, {
    title: t.navApps,
    nav: 'apps',
    content: html`<h1>${t.navApps}</h1>
      <form class="card register-app" method="post" action="${apps}/register">
        <h2>${t.appsRegister}</h2>
        <label for="registration_url">${t.appsRegisterUrl}</label>
        <input
          id="registration_url"
          name="registration_url"
          type="url"
          required
          autocomplete="off"
          value="${refused ?? ''}"
          placeholder="https://tool.example/lti/register"
          ${refused === undefined ? '' : raw('aria-invalid="true" aria-describedby="registration_problem"')}
        />
        <button class="button button-primary">${t.appsRegisterOpen}</button>
        ${
          refused === undefined
            ? ''
            : html`<p class="problem-line" id="registration_problem" role="alert">${t.appsRegisterBad}</p>`
        }
      </form>
      <ul class="rows">
        ${registered.map(
          (app) =>
            html`<li>
              <p>
                <a href="${pageOf(app)}">${app.key.name}</a><br />
                <span class="quiet">${new URL(app.key.targetLinkUri).host}</span>
              </p>
              <span class="state ${app.installed === null ? '' : 'state-on'}">${stateOf(t, app)}</span>
            </li>`,
        )}
        <li>
          <p>
            <strong>SK Attendance</strong><br />
            <span class="quiet">${t.appsOwn}</span>
          </p>
          <span class="state state-on">${t.appsInstalled}</span>
        </li>
      </ul>
      <section class="card">
        <h2>${t.appsInAccount}</h2>
        <p>${t.appsInAccountHint}</p>
        <p>
          <a class="button" href="/accounts/1/external_tools/${String(mainTool.id)}"
            >${t.appsInAccountOpen}</a
          >
        </p>
      </section>`,
  });
}

function appPage(c: Context<PageEnv>, app: RegisteredApp): Html {
  const t = c.get('t');
  const { key, installed } = app;
  const list = (items: readonly (Html | string)[]): Html =>
    items.length === 0
      ? html`${t.appsNone}`
      : html`<ul>
          ${items.map((item) => html`<li>${item}</li>`)}
        </ul>`;
  const button = (what: 'install' | 'remove', label: string): Html =>
    html`<form method="post" action="${pageOf(app)}/${what}">
      <button class="button ${what === 'install' ? 'button-primary' : ''}">${label}</button>
    </form>`;
  const facts: readonly (readonly [string, Html | string])[] = [
    ['client_id', html`<code>${key.clientId}</code>`],
    ['deployment_id', installed === null ? '–' : html`<code>${installed.deploymentId}</code>`],
    [t.appsAddress, html`<code>${key.targetLinkUri}</code>`],
    [t.appsScopes, list(key.scopes.map((scope) => t.appsScope[scope] ?? scope))],
    [
      t.appsPlacements,
      list(key.placements.map((one) => `${t.appsPlacement[one.name]}: ${one.label ?? key.name}`)),
    ],
    [t.appsPrivacy, t.appsPrivacyLevel[key.privacy ?? 'public']],
  ];
  return renderPage(c, {
    title: key.name,
    nav: 'apps',
    content: html`<p><a href="${apps}">${t.appsBack}</a></p>
      <div class="app-head">
        <h1>${key.name}</h1>
        <span class="state ${installed === null ? '' : 'state-on'}">${stateOf(t, app)}</span>
      </div>
      <p class="lead">${installed === null ? t.appsInstallHint : t.appsRemoveHint}</p>
      ${installed === null ? button('install', t.appsInstall) : button('remove', t.remove)}
      <dl class="facts">
        ${facts.map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${value}</dd>
            </div>`,
        )}
      </dl>`,
  });
}
