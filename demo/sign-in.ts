import { Hono } from 'hono';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import { html } from 'hono/html';
import type { Html } from './layout.ts';
import { documentPage } from './layout.ts';
import type { Person } from './people.ts';
import { known } from './people.ts';
import { searchPeople } from './find-people.ts';
import { phonePersonCookie } from './phone.ts';
import type { Platform } from './platform.ts';
import type { Texts } from './texts.ts';
import type { PageEnv } from './viewer.ts';
import { chooseLanguage, readReturnTo, signIn, signOut } from './viewer.ts';

/** Longer lists are cut: the search finds everybody. */
const shownFound = 40;

export function signInRoutes(platform: Platform): Hono<PageEnv> {
  const routes = new Hono<PageEnv>();

  routes.get('/login', async (c) => c.html(await signInPage(c, platform)));

  routes.post('/login', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    const person = platform.roster.person(Number(form.get('person')));
    const returnTo = readReturnTo(platform, form.get('return_to') ?? undefined);
    // Nobody signs in as a test student: a teacher's Student View leads there.
    if (person?.testStudentOf !== null) {
      return c.redirect(`/login?return_to=${encodeURIComponent(returnTo)}`, 303);
    }
    const code = form.get('code');
    const isWrong = code !== null && !/^\d{6}$/.test(code.replaceAll(' ', ''));
    // The page waits as long as its reader does: nothing of this sign-in is kept here.
    if (isWrong || (form.has('second_factor') && code === null)) {
      return c.html(await secondFactorPage(c, person, returnTo, isWrong), isWrong ? 400 : 200);
    }
    await signIn(c, platform, person);
    return c.redirect(returnTo, 303);
  });

  routes.post('/logout', (c) => {
    signOut(c, platform);
    return c.redirect('/', 303);
  });

  routes.post('/language', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    chooseLanguage(c, platform, form.get('lang') === 'de' ? 'de' : 'en');
    const returnTo = form.get('return_to') ?? '/';
    return c.redirect(returnTo === '/' ? '/' : readReturnTo(platform, returnTo), 303);
  });
  return routes;
}

/** What a person is here, in few words: "Teacher · PFL-26-A". */
function describePerson(platform: Platform, person: Person, t: Texts): string {
  const { roster } = platform;
  return roster
    .courses()
    .flatMap((course) => {
      const here = roster.activeEnrollmentsOf(person.id, course.id);
      const sections = here.map((one) => roster.section(one.sectionId)?.name ?? '');
      const [first] = here;
      if (first === undefined) return [];
      const role = t[`role${first.type}`];
      const group = first.type === 'StudentEnrollment' ? `, ${[...new Set(sections)].join(' + ')}` : '';
      return [`${role} · ${course.code}${group}`];
    })
    .join(' / ');
}

function signInPage(c: Context<PageEnv>, platform: Platform): Html {
  const t = c.get('t');
  const { roster } = platform;
  const returnTo = readReturnTo(platform, c.req.query('return_to'));
  const query = (c.req.query('q') ?? '').trim();
  const everybody = roster.people().filter((person) => person.testStudentOf === null);
  const phonePerson = roster.person(Number(getCookie(c, phonePersonCookie)));
  const pick = (person: Person): Html =>
    html`<li>
      <button class="person" name="person" value="${String(person.id)}" data-name="${person.name}">
        <bdi class="person-name">${person.name}</bdi>
        <span class="quiet">${person.admin ? 'Admin' : describePerson(platform, person, t)}</span>
      </button>
    </li>`;
  const list = (heading: string, people: readonly Person[]): Html =>
    html`<h2>${heading}</h2>
      <ul class="people">
        ${people.map(pick)}
      </ul>`;

  const found = query === '' ? [] : searchPeople(everybody, query);
  const staff = everybody.filter((person) => person.admin || teachesSomewhere(platform, person));
  const inCourse = (courseId: number): Person[] => {
    const ids = new Set(roster.enrollmentsIn(courseId).map((one) => one.personId));
    return everybody.filter((person) => ids.has(person.id) && !staff.includes(person));
  };
  const groups = roster.courses().map((course) => ({ course, people: inCourse(course.id) }));

  const lists =
    query === ''
      ? html`${list(t.signInStaff, staff)}
        ${groups.map(({ course, people }) => {
          const shown = people.slice(0, course.id === known.largeCourse ? 8 : shownFound);
          return html`${list(`${course.code} · ${course.title}`, shown)}
          ${
            shown.length < people.length
              ? html`<p class="quiet">${t.signInMore(shown.length, people.length)}</p>`
              : ''
          }`;
        })}`
      : found.length === 0
        ? html`<p role="status">${t.signInNobody}</p>`
        : html`${list(t.signInFound(found.length), found.slice(0, shownFound))}
          ${
            found.length > shownFound
              ? html`<p class="quiet">${t.signInMore(shownFound, found.length)}</p>`
              : ''
          }`;

  const chooser = html`<form class="search" method="get" action="/login" role="search">
      <input type="hidden" name="return_to" value="${returnTo}" />
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
    <form method="post" action="/login">
      <input type="hidden" name="return_to" value="${returnTo}" />
      ${askSecondFactor(t)} ${lists}
    </form>`;

  return signInDocument(
    c,
    t.signInTitle,
    html`<p class="honest">${t.signInHonest}</p>
      ${
        phonePerson === undefined
          ? chooser
          : html`<form method="post" action="/login" class="one-tap">
                <input type="hidden" name="return_to" value="${returnTo}" />
                ${askSecondFactor(t)}
                <p>
                  ${t.signInPhone} <strong><bdi>${phonePerson.name}</bdi></strong
                  >.
                </p>
                <button
                  class="button button-primary button-large"
                  name="person"
                  value="${String(phonePerson.id)}"
                >
                  ${t.signInAs(phonePerson.name)}
                </button>
              </form>
              <details ${query === '' ? '' : 'open'}>
                <summary>${t.signInOther}</summary>
                ${chooser}
              </details>`
      }`,
  );
}

function askSecondFactor(t: Texts): Html {
  return html`<label class="tick"
    ><input type="checkbox" name="second_factor" /> <span>${t.secondFactorAsk}</span></label
  >`;
}

/** What institutions put between the password and the way on, and what takes its time on a phone. */
function secondFactorPage(c: Context<PageEnv>, person: Person, returnTo: string, isWrong: boolean): Html {
  const t = c.get('t');
  return signInDocument(
    c,
    t.secondFactorTitle,
    html`<p class="honest">${t.secondFactorHonest}</p>
      <form method="post" action="/login" class="one-tap">
        <input type="hidden" name="person" value="${String(person.id)}" />
        <input type="hidden" name="return_to" value="${returnTo}" />
        <label for="code">${t.secondFactorCode}</label>
        <input
          id="code"
          name="code"
          required
          inputmode="numeric"
          autocomplete="one-time-code"
          aria-describedby="code-problem"
        />
        <p class="problem-line" id="code-problem" role="alert">${isWrong ? t.secondFactorWrong : ''}</p>
        <button class="button button-primary button-large">${t.signInAs(person.name)}</button>
      </form>`,
  );
}

function signInDocument(c: Context<PageEnv>, title: string, content: Html): Html {
  const { product } = c.get('t');
  return documentPage({
    lang: c.get('lang'),
    title: `${title} · ${product}`,
    bodyClass: 'sign-in',
    body: html`<main id="content" class="card">
      <header>
        <img src="/assets/mark.svg" alt="" width="48" height="48" />
        <p class="product">${product}</p>
      </header>
      <h1>${title}</h1>
      ${content}
    </main>`,
  });
}

function teachesSomewhere(platform: Platform, person: Person): boolean {
  return platform.roster
    .activeEnrollmentsOf(person.id)
    .some((one) => one.type !== 'StudentEnrollment' && one.type !== 'StudentViewEnrollment');
}
