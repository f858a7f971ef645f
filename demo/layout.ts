import type { Context } from 'hono';
import { html, raw } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import type { Course } from './people.ts';
import type { Lang, Texts } from './texts.ts';
import { labelOf } from './tools.ts';
import type { PageEnv } from './viewer.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

/** Line drawings in one hand: 24 px, a stroke of 1.75. */
const drawings = {
  home: '<path d="M4 11.5 12 5l8 6.5V20h-5.5v-5h-5v5H4z"/>',
  courses: '<path d="M5 4.5h11a3 3 0 0 1 3 3v12H8a3 3 0 0 1-3-3z"/><path d="M5 16.500a3 3 0 0 1 3-3h11"/>',
  phone: '<rect x="7" y="3" width="10" height="18" rx="2.5"/><path d="M11 17.500h2"/>',
  language:
    '<circle cx="12" cy="12" r="8.500"/><path d="M3.500 12h17M12 3.500c3 3 3 14 0 17M12 3.500c-3 3-3 14 0 17"/>',
  account: '<circle cx="12" cy="8.500" r="4"/><path d="M4.500 20c.8-4 3.700-6 7.500-6s6.700 2 7.500 6"/>',
  leave: '<path d="M14 4.500H6v15h8M11 12h9m-3.500-3.500L20 12l-3.500 3.500"/>',
  apps: '<rect x="4" y="4" width="7" height="7" rx="1.500"/><rect x="4" y="13" width="7" height="7" rx="1.500"/><rect x="13" y="13" width="7" height="7" rx="1.500"/><path d="M16.500 3.500v7M13 7h7"/>',
  inbox: '<rect x="3.500" y="5.500" width="17" height="13" rx="2"/><path d="m4 7.500 8 6 8-6"/>',
  link: '<path d="M10 13.500a4 4 0 0 0 6 .5l2.500-2.500a4 4 0 0 0-5.700-5.700L11.500 7M14 10.500a4 4 0 0 0-6-.5l-2.500 2.500a4 4 0 0 0 5.700 5.700l1.300-1.200"/>',
  eye: '<path d="M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12z"/><circle cx="12" cy="12" r="2.500"/>',
} as const;

export function icon(name: keyof typeof drawings): Html {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    ${raw(drawings[name])}
  </svg>`;
}

interface Shell {
  lang: Lang;
  title: string;
  body: Html;
  bodyClass?: string;
  scripts?: readonly string[];
}

/** The bare document: every page of the demo, framed or not, starts here. */
export function documentPage({ lang, title, body, bodyClass = '', scripts = [] }: Shell): Html {
  return html`<!doctype html>
    <html lang="${lang}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="/assets/mark.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/demo.css" />
        ${scripts.map((script) => html`<script src="/assets/${script}" defer></script>`)}
      </head>
      <body class="${bodyClass}">
        ${body}
      </body>
    </html>`;
}

export interface Page {
  title: string;
  content: Html;
  /** The course whose menu stands beside the content. */
  course?: Course;
  /** A page of the course, or the number of a tool. */
  current?: 'home' | 'modules' | 'people' | 'grades' | number;
  nav?: 'start' | 'courses' | 'phone' | 'inbox' | 'apps';
  /** To the right of the breadcrumb. */
  action?: Html;
  wide?: boolean;
  scripts?: readonly string[];
}

function hereOf(c: Context): string {
  const url = new URL(c.req.url);
  return `${url.pathname}${url.search}`;
}

function railLink(href: string, picture: keyof typeof drawings, label: string, current: boolean): Html {
  return html`<a class="rail-item" href="${href}" ${current ? raw('aria-current="true"') : ''}>
    ${icon(picture)}<span>${label}</span>
  </a>`;
}

function rail(c: Context<PageEnv>, t: Texts, nav: Page['nav']): Html {
  const viewer = c.get('viewer');
  return html`<nav class="rail" aria-label="${t.product}">
    <a class="rail-mark" href="/"><img src="/assets/mark.svg" alt="${t.product}" width="40" height="40" /></a>
    ${railLink('/', 'home', t.navHome, nav === 'start')}
    ${railLink('/courses', 'courses', t.navCourses, nav === 'courses')}
    ${railLink('/phone', 'phone', t.navPhone, nav === 'phone')}
    ${railLink('/inbox', 'inbox', t.navInbox, nav === 'inbox')}
    ${viewer?.person.admin === true ? railLink('/accounts/1/apps', 'apps', t.navApps, nav === 'apps') : ''}
    <form class="rail-form" method="post" action="/language">
      <input type="hidden" name="lang" value="${c.get('lang') === 'de' ? 'en' : 'de'}" />
      <input type="hidden" name="return_to" value="${hereOf(c)}" />
      <button class="rail-item" lang="${c.get('lang') === 'de' ? 'en' : 'de'}">
        ${icon('language')}<span>${t.navSwitch}</span>
      </button>
    </form>
    ${
      viewer === null
        ? railLink(`/login?return_to=${encodeURIComponent(hereOf(c))}`, 'account', t.signIn, false)
        : html`<form class="rail-form rail-end" method="post" action="/logout">
            <button class="rail-item" title="${t.signedInAs(viewer.person.name)}">
              ${icon('leave')}<span>${t.signOut}</span>
            </button>
          </form>`
    }
  </nav>`;
}

function masqueradeBar(c: Context<PageEnv>, t: Texts): Html | '' {
  const viewer = c.get('viewer');
  if (viewer === null || viewer.person.id === viewer.real.id) return '';
  const inStudentView = viewer.studentViewOf !== null;
  return html`<form class="masquerade" method="post" action="/act_as/stop">
    <p>${inStudentView ? t.studentViewNow : t.actAsNow(viewer.person.name)}</p>
    <button class="button">${inStudentView ? t.studentViewLeave : t.actAsStop}</button>
  </form>`;
}

function courseMenu(c: Context<PageEnv>, course: Course, current: Page['current']): Html {
  const t = c.get('t');
  const base = `/courses/${String(course.id)}`;
  const person = c.get('viewer')?.person ?? null;
  const tools = c.get('tools').listed('course_navigation', course, person);
  const items = [
    { key: 'home', href: base, label: t.courseHome },
    // Before the others, so that a phone shows them without scrolling; in Canvas a teacher chooses the order.
    ...tools.map((tool) => ({
      key: tool.id,
      href: `${base}/external_tools/${String(tool.id)}`,
      label: labelOf(tool, 'course_navigation', t),
    })),
    { key: 'modules', href: `${base}/modules`, label: t.courseModules },
    { key: 'people', href: `${base}/users`, label: t.coursePeople },
    { key: 'grades', href: `${base}/grades`, label: t.courseGrades },
  ];
  return html`<nav class="course-menu" aria-label="${t.courseMenu}">
    <ul>
      ${items.map(
        (item) =>
          html`<li>
            <a href="${item.href}" ${item.key === current ? raw('aria-current="page"') : ''}>${item.label}</a>
          </li>`,
      )}
    </ul>
  </nav>`;
}

/** A page in the platform's frame: rail, breadcrumb, course menu, content. */
export function renderPage(c: Context<PageEnv>, page: Page): Html {
  const t = c.get('t');
  const viewer = c.get('viewer');
  const { course } = page;
  return documentPage({
    lang: c.get('lang'),
    title: `${page.title} · ${t.product}`,
    scripts: page.scripts ?? [],
    bodyClass: viewer !== null && viewer.person.id !== viewer.real.id ? 'app masqueraded' : 'app',
    body: html`<a class="skip" href="#content">${t.skip}</a>
      ${rail(c, t, page.nav)}
      <div class="main">
        <header class="crumbs">
          ${
            course === undefined
              ? html`<p><strong>${page.title}</strong></p>`
              : html`<p>
                  <a href="/courses/${String(course.id)}">${course.code}</a>
                  <span aria-hidden="true">›</span> <strong>${page.title}</strong>
                </p>`
          }
          <div class="crumbs-end">
            ${page.action ?? ''}
            ${viewer === null ? '' : html`<span class="who">${icon('account')}<bdi>${viewer.person.name}</bdi></span>`}
          </div>
        </header>
        <div class="columns">
          ${course === undefined ? '' : courseMenu(c, course, page.current)}
          <main id="content" class="${page.wide === true ? 'content content-wide' : 'content'}">
            ${page.content}
          </main>
        </div>
        ${masqueradeBar(c, t)}
      </div>`,
  });
}

/** A page that says what went wrong, in Canvas' manner: a heading, a sentence, a way on. */
export function renderProblem(c: Context<PageEnv>, title: string, sentence: string, back = '/courses'): Html {
  return renderPage(c, {
    title,
    content: html`<section class="card problem">
      <h1>${title}</h1>
      <p>${sentence}</p>
      <p>
        <a class="button" href="${back}"
          >${back === '/courses' ? c.get('t').errorBack : c.get('t').appsBack}</a
        >
      </p>
    </section>`,
  });
}

/** A page without the platform around it: what stands inside a frame of the platform's own. */
export function renderInFrame(
  c: Context<PageEnv>,
  title: string,
  content: Html,
  scripts: string[] = [],
): Html {
  return documentPage({
    lang: c.get('lang'),
    title,
    scripts,
    bodyClass: 'bare',
    body: html`<main>${content}</main>`,
  });
}

/** A form that sends itself; without script it has a button. */
export function autoSubmitForm(
  t: Texts,
  action: string,
  fields: Record<string, string>,
  target?: string,
): Html {
  return html`<form
    method="post"
    action="${action}"
    data-auto-submit
    ${target === undefined ? '' : html`target="${target}"`}
  >
    ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <noscript><button class="button">${t.toolContinue}</button></noscript>
  </form>`;
}
