import { Hono } from 'hono';
import { html } from 'hono/html';
import { clientId, deploymentId, mainTool } from './identity.ts';
import type { Html } from './layout.ts';
import { renderPage } from './layout.ts';
import { known } from './people.ts';
import type { Platform } from './platform.ts';
import type { PageEnv } from './viewer.ts';

const toolPath = (courseId: number): string =>
  `/courses/${String(courseId)}/external_tools/${String(mainTool.id)}`;

/** The first page: what this is, and the three clicks of a class. */
export function startRoutes(platform: Platform): Hono<PageEnv> {
  const routes = new Hono<PageEnv>();
  routes.get('/', async (c) => {
    const t = c.get('t');
    const openAs = (personId: number, path: string, label: string, name?: string): Html =>
      html`<form method="post" action="/login">
        <input type="hidden" name="person" value="${String(personId)}" />
        <input type="hidden" name="return_to" value="${path}" />
        ${
          name === undefined
            ? html`<button class="button button-primary">${label}</button>`
            : html`<button class="button" aria-label="${t.openAs(name)}">${label}</button>`
        }
      </form>`;
    const more = [
      { id: known.firstStudent, path: toolPath(known.course), text: t.moreStudent },
      { id: known.assistant, path: toolPath(known.course), text: t.moreAssistant },
      { id: known.otherTeacher, path: '/courses', text: t.moreTwoHats },
      { id: known.largeCourseTeacher, path: toolPath(known.largeCourse), text: t.moreLarge },
      { id: known.observer, path: `/courses/${String(known.course)}`, text: t.moreObserver },
      { id: known.admin, path: `/courses/${String(known.course)}/users`, text: t.moreAdmin },
    ];
    const connection = [
      ['issuer', platform.identity.issuer],
      ['client_id', clientId],
      ['deployment_id', deploymentId],
      ['authorize', platform.identity.authorizeUrl],
      ['token', platform.identity.tokenUrl],
      ['jwks', platform.identity.jwksUrl],
      ['tool', platform.toolUrl],
    ] as const;
    return c.html(
      await renderPage(c, {
        title: t.navHome,
        nav: 'start',
        content: html`<div class="start">
          <h1>${t.startTitle}</h1>
          <p class="lead">${t.startLead}</p>
          <ol class="steps">
            <li class="card">
              <h2>${t.step1Title}</h2>
              <p>${t.step1Text}</p>
              ${openAs(known.teacher, toolPath(known.course), t.step1Button)}
            </li>
            <li class="card">
              <h2>${t.step2Title}</h2>
              <p>${t.step2Text}</p>
            </li>
            <li class="card">
              <h2>${t.step3Title}</h2>
              <p>${t.step3Text}</p>
              <p><a class="button" href="/phone" target="_blank" rel="noopener">${t.step3Button}</a></p>
              <p class="quiet">${t.step3Note}</p>
            </li>
          </ol>
          <h2>${t.moreTitle}</h2>
          <ul class="more">
            ${more.map((one) => {
              const name = platform.roster.person(one.id)?.name ?? '';
              return html`<li>
                <p><strong>${name}</strong><br /><span class="quiet">${one.text}</span></p>
                ${openAs(one.id, one.path, t.openShort, name)}
              </li>`;
            })}
          </ul>
          <section class="card">
            <h2>${t.mailsTitle}</h2>
            <p>${t.mailsText}</p>
            <p><a class="button" href="/inbox">${t.mailsTitle}</a></p>
          </section>
          <section class="honest-note">
            <h2>${t.honestTitle}</h2>
            <p>${t.honestText}</p>
          </section>
          <details>
            <summary>${t.technicalTitle}</summary>
            <dl class="connection">
              ${connection.map(
                ([name, value]) =>
                  html`<div>
                    <dt>${name}</dt>
                    <dd><code>${value}</code></dd>
                  </div>`,
              )}
            </dl>
          </details>
        </div>`,
      }),
    );
  });
  return routes;
}
