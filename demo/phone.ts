import { Hono } from 'hono';
import { setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { mainTool } from './identity.ts';
import { documentPage, icon, renderPage, renderProblem } from './layout.ts';
import type { Person } from './people.ts';
import { known, slugOf } from './people.ts';
import type { Platform } from './platform.ts';
import { searchPeople } from './find-people.ts';
import type { Lang } from './texts.ts';
import type { PageEnv } from './viewer.ts';
import { chosenLanguage, cookieOptions } from './viewer.ts';

/** Set inside the phone's frame only: whose phone it is, so that its sign-in page can offer that person. */
export const phonePersonCookie = 'demo_phone_person';

const shownPhones = 40;

/**
 * The address of a phone, on a host of its own: the person's name for people, their id for us, and after a reset a new ending.
 * Browsers take every `*.localhost` to this computer, and each of them is a site of its own: what is framed
 * there has cookies of its own.
 */
function phoneUrl(platform: Platform, person: Person, lang: Lang | undefined, reset?: string): string {
  const name = slugOf(person.name).slice(0, 40).replace(/-+$/, '');
  const ending = reset === undefined ? '' : `--${reset}`;
  const query = lang === undefined ? '' : `?lang=${lang}`;
  const { protocol, port } = new URL(platform.identity.issuer);
  return `${protocol}//${name}-${String(person.id)}${ending}.localhost${port && `:${port}`}/phone${query}`;
}

/** Whose phone a host is, or undefined. */
function readPhoneHost(platform: Platform, host: string): Person | undefined {
  const id = /^[a-z0-9-]+?-(\d{1,9})(?:--[a-z0-9]{1,12})?\.localhost(?::\d+)?$/.exec(host)?.[1];
  const person = id === undefined ? undefined : platform.roster.person(Number(id));
  return person?.testStudentOf === null ? person : undefined;
}

/** On the platform's own host: picking a phone, and what runs inside its frame. */
export function phonePickerRoutes(platform: Platform): Hono<PageEnv> {
  const routes = new Hono<PageEnv>();

  routes.get('/phone', async (c) => {
    const t = c.get('t');
    const { roster } = platform;
    const query = (c.req.query('q') ?? '').trim();
    const students = (courseId: number): Person[] => {
      const ids = roster
        .enrollmentsIn(courseId)
        .filter((one) => one.type === 'StudentEnrollment' && one.state === 'active')
        .map((one) => one.personId);
      return [...new Set(ids)].flatMap((id) => roster.person(id) ?? []);
    };
    const everybody = [...new Set(roster.courses().flatMap((course) => students(course.id)))];
    const found = query === '' ? students(known.course) : searchPeople(everybody, query);
    return c.html(
      await renderPage(c, {
        title: t.phoneTitle,
        nav: 'phone',
        content: html`<div class="start">
          <h1>${t.phoneTitle}</h1>
          <p class="lead">${t.phoneLead} <span class="quiet">${t.phoneBrowsers}</span></p>
          <form class="search" method="get" action="/phone" role="search">
            <label class="visually-hidden" for="q">${t.signInSearch}</label>
            <input
              id="q"
              type="search"
              name="q"
              value="${query}"
              placeholder="${t.signInSearch}"
              autocomplete="off"
            />
            <button class="button">${t.signInSearchButton}</button>
          </form>
          ${found.length === 0 ? html`<p role="status">${t.signInNobody}</p>` : ''}
          <ul class="phones">
            ${found.slice(0, shownPhones).map(
              (person) =>
                html`<li>
                  <a href="${phoneUrl(platform, person, chosenLanguage(c))}" target="_blank" rel="noopener">
                    ${icon('phone')}<bdi>${person.name}</bdi>
                  </a>
                </li>`,
            )}
          </ul>
          ${
            found.length > shownPhones
              ? html`<p class="quiet">${t.signInMore(shownPhones, found.length)}</p>`
              : ''
          }
        </div>`,
      }),
    );
  });

  // The phone's home screen. It runs on the platform's host inside the phone's frame, so that its cookie
  // lies where the sign-in page will look for it.
  routes.get('/phone/home', async (c) => {
    const t = c.get('t');
    const person = platform.roster.person(Number(c.req.query('person')));
    if (person === undefined) return c.html(await renderProblem(c, t.notFoundTitle, t.phoneUnknown), 404);
    setCookie(c, phonePersonCookie, String(person.id), { ...cookieOptions(platform), httpOnly: true });
    const now = platform.now();
    const lang = c.get('lang');
    const time = new Intl.DateTimeFormat(lang, {
      timeStyle: 'short',
      hour12: false,
      timeZone: person.timeZone,
    });
    const day = new Intl.DateTimeFormat(lang, {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      timeZone: person.timeZone,
    });
    return c.html(
      await documentPage({
        lang,
        title: t.phoneHome,
        bodyClass: 'phone-home',
        body: html`<main>
          <h1 class="visually-hidden">${t.phoneHome}</h1>
          <p class="phone-clock">${time.format(now)}</p>
          <p class="phone-day">${day.format(now)}</p>
          <p class="phone-hint">${t.phoneHomeHint}</p>
        </main>`,
      }),
    );
  });
  return routes;
}

/** On a phone's own host there is nothing but the phone. */
export function phoneRoutes(platform: Platform): Hono<PageEnv> {
  const routes = new Hono<PageEnv>();
  const { issuer } = platform.identity;

  routes.get('/', (c) => c.redirect('/phone'));

  routes.get('/phone', async (c) => {
    const t = c.get('t');
    const person = readPhoneHost(platform, c.req.header('host') ?? '');
    if (person === undefined) {
      const body = html`<main class="card"><p>${t.phoneUnknown}</p></main>`;
      return c.html(
        await documentPage({ lang: c.get('lang'), title: t.product, bodyClass: 'sign-in', body }),
        404,
      );
    }
    const course = platform.roster.coursesOf(person)[0];
    const lang = chosenLanguage(c);
    const home = `${issuer}/phone/home?person=${String(person.id)}${lang === undefined ? '' : `&lang=${lang}`}`;
    const fresh = crypto.randomUUID().slice(0, 6);
    return c.html(
      await documentPage({
        lang: c.get('lang'),
        title: t.phoneOf(person.name),
        scripts: ['phone.js'],
        bodyClass: 'phone-page',
        body: html`<main id="content" class="phone-stage">
          <section class="phone-side">
            <h1>${t.phoneOf(person.name)}</h1>
            <form class="card camera" data-camera data-tool="${platform.toolUrl}" novalidate>
              <label for="seen">${t.phoneCamera}</label>
              <p class="quiet" id="seen-hint">${t.phoneCameraHint}</p>
              <div class="camera-row">
                <input
                  id="seen"
                  name="seen"
                  autocomplete="off"
                  autocapitalize="characters"
                  spellcheck="false"
                  aria-describedby="seen-hint seen-problem"
                />
                <button class="button button-primary">${t.phoneScan}</button>
              </div>
              <p
                class="problem-line"
                id="seen-problem"
                role="alert"
                data-wrong="${t.phoneWrong}"
                data-empty="${t.phoneEmpty}"
              ></p>
            </form>
            <ul class="phone-actions">
              ${
                course === undefined
                  ? ''
                  : html`<li>
                      <a
                        target="phone_screen"
                        href="${issuer}/courses/${String(course.id)}/external_tools/${String(mainTool.id)}?display=borderless"
                        >${t.phoneCourse}</a
                      >
                    </li>`
              }
              <li><a target="phone_screen" href="${home}">${t.phoneHome}</a></li>
              <li>
                <a href="${phoneUrl(platform, person, lang, fresh)}">${t.phoneReset}</a>
                <br /><span class="quiet">${t.phoneResetHint}</span>
              </li>
              <li><a href="${issuer}/phone">${t.phoneOther}</a></li>
            </ul>
          </section>
          <div class="phone">
            <iframe name="phone_screen" title="${t.phoneFrame(person.name)}" src="${home}"></iframe>
          </div>
        </main>`,
      }),
    );
  });
  return routes;
}
