import { Hono } from 'hono';
import type { Context } from 'hono';
import { html } from 'hono/html';
import { deny, mayManage, requireCourse, requireManager, requireReader } from './course-access.ts';
import { mainTool } from './identity.ts';
import type { Html } from './layout.ts';
import { icon, renderPage } from './layout.ts';
import { removeLineItem } from './line-items.ts';
import type { Course, Enrollment } from './people.ts';
import type { Platform } from './platform.ts';
import type { Texts } from './texts.ts';
import type { PageEnv, Viewer } from './viewer.ts';
import { actAs, enterStudentView } from './viewer.ts';

/** More rows than this make a slow page; the search of the sign-in page finds the others. */
const shownPeople = 200;

/** Canvas offers Student View to those who teach the course. */
export function studentViewButton(c: Context<PageEnv>, platform: Platform, course: Course): Html {
  const viewer = c.get('viewer');
  if (viewer === null || !platform.roster.mayTeach(viewer.person, course.id)) return html``;
  return html`<form method="post" action="/courses/${String(course.id)}/student_view">
    <button class="button">${icon('eye')}${c.get('t').studentView}</button>
  </form>`;
}

export function courseRoutes(platform: Platform): Hono<PageEnv> {
  const routes = new Hono<PageEnv>();
  const { roster } = platform;

  routes.get('/courses', async (c) => {
    const viewer = c.get('viewer');
    const t = c.get('t');
    if (viewer === null) return c.redirect('/login?return_to=/courses');
    const courses = roster.coursesOf(viewer.person);
    return c.html(
      await renderPage(c, {
        title: t.dashboardTitle,
        nav: 'courses',
        content: html`<h1>${t.dashboardTitle}</h1>
          ${courses.length === 0 ? html`<p>${t.dashboardEmpty}</p>` : ''}
          <ul class="course-cards">
            ${courses.map(
              (course, index) =>
                html`<li class="card course-card hue-${String(index % 3)}">
                  <a href="/courses/${String(course.id)}">
                    <span class="course-card-title" lang="${course.locale}">${course.title}</span>
                    <span class="quiet">${course.code} · ${t.students(countStudents(platform, course))}</span>
                  </a>
                </li>`,
            )}
          </ul>`,
      }),
    );
  });

  routes.get('/courses/:courseId{[0-9]+}', async (c) => {
    const found = await requireReader(c, platform);
    if (found instanceof Response) return found;
    const { course, viewer } = found;
    const t = c.get('t');
    const teaches = mayManage(platform, viewer, course);
    const teachers = new Set(
      roster
        .enrollmentsIn(course.id)
        .filter((one) => one.type === 'TeacherEnrollment' && one.state === 'active')
        .map((one) => roster.person(one.personId)?.name ?? ''),
    );
    const day = new Intl.DateTimeFormat(c.get('lang'), { dateStyle: 'long', timeZone: course.timeZone });
    return c.html(
      await renderPage(c, {
        title: t.courseHome,
        course,
        current: 'home',
        nav: 'courses',
        action: studentViewButton(c, platform, course),
        content: html`<h1 lang="${course.locale}">${course.title}</h1>
          <section class="card welcome">
            <h2>${t.homeWelcome}</h2>
            <p>${teaches ? t.homeTeacher : t.homeStudent}</p>
            <p>
              <a
                class="button button-primary"
                href="/courses/${String(course.id)}/external_tools/${String(mainTool.id)}"
                >${t.homeOpenTool}</a
              >
            </p>
          </section>
          <dl class="facts">
            <div>
              <dt>${t.homeTeachers}</dt>
              <dd>${[...teachers].join(', ')}</dd>
            </div>
            <div>
              <dt>${t.homeSections}</dt>
              <dd>
                ${roster
                  .sectionsOf(course.id)
                  .map((one) => one.name)
                  .join(', ')}
              </dd>
            </div>
            <div>
              <dt>${t.students(countStudents(platform, course))}</dt>
              <dd><a href="/courses/${String(course.id)}/users">${t.coursePeople}</a></dd>
            </div>
            <div>
              <dt>${t.term}</dt>
              <dd>${day.formatRange(new Date(course.startAt), new Date(course.endAt))}</dd>
            </div>
            ${
              teaches
                ? html`<div>
                    <dt>${t.visibility}</dt>
                    <dd>
                      <form method="post" action="/courses/${String(course.id)}/visibility">
                        ${course.public ? t.visibilityPublic : t.visibilityMembers}
                        <button class="link" name="public" value="${course.public ? 'no' : 'yes'}">
                          ${course.public ? t.visibilityClose : t.visibilityOpen}
                        </button>
                      </form>
                    </dd>
                  </div>`
                : ''
            }
          </dl>`,
      }),
    );
  });

  routes.post('/courses/:courseId/visibility', async (c) => {
    const found = await requireManager(c, platform);
    if (found instanceof Response) return found;
    const form = new URLSearchParams(await c.req.text());
    roster.setCoursePublic(found.course.id, form.get('public') === 'yes');
    return c.redirect(`/courses/${String(found.course.id)}`, 303);
  });

  routes.get('/courses/:courseId/users', async (c) => {
    const found = await requireCourse(c, platform);
    if (found instanceof Response) return found;
    return c.html(await peoplePage(c, platform, found.course, found.viewer));
  });

  routes.post('/courses/:courseId/users', async (c) => {
    const found = await requireManager(c, platform);
    if (found instanceof Response) return found;
    const { course } = found;
    const form = new URLSearchParams(await c.req.text());
    const given = (form.get('given') ?? '').trim().slice(0, 100);
    const family = (form.get('family') ?? '').trim().slice(0, 100);
    const section = roster.section(Number(form.get('section')));
    if (given !== '' && section?.courseId === course.id) {
      const person = roster.addPerson(given, family, course.locale);
      roster.enroll(person.id, section.id, 'StudentEnrollment');
    }
    return c.redirect(`/courses/${String(course.id)}/users`, 303);
  });

  routes.post('/courses/:courseId/users/:personId/remove', async (c) => {
    const found = await requireManager(c, platform);
    if (found instanceof Response) return found;
    const { course } = found;
    const personId = Number(c.req.param('personId'));
    if (!isStudent(roster.enrollmentsOf(personId, course.id))) return deny(c);
    roster.removeFromCourse(personId, course.id);
    return c.redirect(`/courses/${String(course.id)}/users`, 303);
  });

  routes.get('/courses/:courseId/grades', async (c) => {
    const found = await requireCourse(c, platform);
    if (found instanceof Response) return found;
    return c.html(await gradesPage(c, platform, found.course, found.viewer));
  });

  // A teacher deletes an assignment: the tool meets a 404 the next time.
  routes.post('/courses/:courseId/grades/:id{[0-9]+}/delete', async (c) => {
    const found = await requireCourse(c, platform);
    if (found instanceof Response) return found;
    const id = Number(c.req.param('id'));
    const here = platform.file.state.lineItems.some(
      (one) => one.id === id && one.courseId === found.course.id,
    );
    if (!here || !roster.mayTeach(found.viewer.person, found.course.id)) return deny(c);
    removeLineItem(platform, id);
    return c.redirect(`/courses/${String(found.course.id)}/grades`, 303);
  });

  routes.post('/courses/:courseId/student_view', async (c) => {
    const found = await requireCourse(c, platform);
    if (found instanceof Response) return found;
    if (!roster.mayTeach(found.viewer.person, found.course.id)) return deny(c);
    await enterStudentView(c, platform, found.viewer.real, found.course.id);
    return c.redirect(`/courses/${String(found.course.id)}`, 303);
  });

  routes.post('/act_as', async (c) => {
    const viewer = c.get('viewer');
    const whom = roster.person(Number(new URLSearchParams(await c.req.text()).get('person')));
    if (viewer?.real.admin !== true || whom === undefined) return deny(c);
    await actAs(c, platform, viewer.real, whom);
    return c.redirect('/courses', 303);
  });

  routes.post('/act_as/stop', async (c) => {
    const viewer = c.get('viewer');
    if (viewer !== null) await actAs(c, platform, viewer.real, null);
    const course = viewer?.studentViewOf ?? null;
    return c.redirect(course === null ? '/courses' : `/courses/${String(course)}`, 303);
  });
  return routes;
}

function countStudents(platform: Platform, course: Course): number {
  const students = platform.roster
    .enrollmentsIn(course.id)
    .filter((one) => one.type === 'StudentEnrollment' && one.state === 'active');
  return new Set(students.map((one) => one.personId)).size;
}

function isStudent(enrollments: readonly Enrollment[]): boolean {
  return enrollments.length > 0 && enrollments.every((one) => one.type === 'StudentEnrollment');
}

function peoplePage(c: Context<PageEnv>, platform: Platform, course: Course, viewer: Viewer): Html {
  const { roster } = platform;
  const t = c.get('t');
  const teaches = mayManage(platform, viewer, course);
  const collator = new Intl.Collator(c.get('lang'));
  const people = [...new Set(roster.enrollmentsIn(course.id).map((one) => one.personId))]
    .flatMap((id) => roster.person(id) ?? [])
    .sort((a, b) => collator.compare(a.sortableName, b.sortableName));
  const sections = roster.sectionsOf(course.id);
  return renderPage(c, {
    title: t.coursePeople,
    course,
    current: 'people',
    nav: 'courses',
    action: studentViewButton(c, platform, course),
    content: html`<h1>${t.coursePeople}</h1>
      ${
        teaches
          ? html`<form class="card add-person" method="post" action="/courses/${String(course.id)}/users">
              <h2>${t.peopleAdd}</h2>
              <label
                >${t.peopleGiven}<input name="given" required maxlength="100" autocomplete="off"
              /></label>
              <label>${t.peopleFamily}<input name="family" maxlength="100" autocomplete="off" /></label>
              <label
                >${t.peopleSection}<select name="section">
                  ${sections.map((one) => html`<option value="${String(one.id)}">${one.name}</option>`)}
                </select></label
              >
              <button class="button button-primary">${t.peopleAddButton}</button>
            </form>`
          : ''
      }
      <div class="table-scroll" tabindex="0" role="region" aria-label="${t.coursePeople}">
        <table>
          <thead>
            <tr>
              <th scope="col">${t.peopleName}</th>
              <th scope="col">${t.peopleSection}</th>
              <th scope="col">${t.peopleRole}</th>
              <th scope="col">${t.peopleState}</th>
              ${teaches ? html`<td></td>` : ''}
            </tr>
          </thead>
          <tbody>
            ${people.slice(0, shownPeople).map((person) => {
              const here = roster.enrollmentsOf(person.id, course.id);
              return html`<tr>
                <th scope="row"><bdi>${person.sortableName}</bdi></th>
                <td>
                  ${[...new Set(here.map((one) => roster.section(one.sectionId)?.name ?? ''))].join(', ')}
                </td>
                <td>${[...new Set(here.map((one) => roleName(t, one)))].join(', ')}</td>
                <td>${[...new Set(here.map((one) => t[`state_${one.state}`]))].join(', ')}</td>
                ${
                  teaches
                    ? html`<td class="row-actions">
                        ${
                          viewer.real.admin && person.id !== viewer.real.id
                            ? html`<form method="post" action="/act_as">
                                <input type="hidden" name="person" value="${String(person.id)}" />
                                <button class="link" aria-label="${t.peopleActAsNamed(person.name)}">
                                  ${t.peopleActAs}
                                </button>
                              </form>`
                            : ''
                        }
                        ${
                          isStudent(here)
                            ? html`<form
                                method="post"
                                action="/courses/${String(course.id)}/users/${String(person.id)}/remove"
                              >
                                <button class="link" aria-label="${t.peopleRemoveNamed(person.name)}">
                                  ${t.peopleRemove}
                                </button>
                              </form>`
                            : ''
                        }
                      </td>`
                    : ''
                }
              </tr>`;
            })}
          </tbody>
        </table>
      </div>
      ${people.length > shownPeople ? html`<p class="quiet">${t.peopleMore(shownPeople, people.length)}</p>` : ''}`,
  });
}

function roleName(t: Texts, enrollment: Enrollment): string {
  return t[`role${enrollment.type}`];
}

function gradesPage(c: Context<PageEnv>, platform: Platform, course: Course, viewer: Viewer): Html {
  const { roster } = platform;
  const { lineItems, results } = platform.file.state;
  const t = c.get('t');
  const teaches = mayManage(platform, viewer, course);
  const items = lineItems.filter((one) => one.courseId === course.id);
  const collator = new Intl.Collator(c.get('lang'));
  const number = new Intl.NumberFormat(c.get('lang'), { maximumFractionDigits: 2 });
  const students = [...new Set(roster.enrollmentsIn(course.id).map((one) => one.personId))]
    .filter((id) => roster.enrollmentsOf(id, course.id).some((one) => one.type === 'StudentEnrollment'))
    .filter((id) => teaches || id === viewer.person.id)
    .flatMap((id) => roster.person(id) ?? [])
    .sort((a, b) => collator.compare(a.sortableName, b.sortableName))
    .slice(0, shownPeople);
  const cell = (itemId: number, personId: number): string => {
    const score =
      results.find((one) => one.lineItemId === itemId && one.personId === personId)?.score ?? null;
    return score === null ? '–' : number.format(score);
  };
  return renderPage(c, {
    title: t.courseGrades,
    course,
    current: 'grades',
    nav: 'courses',
    action: studentViewButton(c, platform, course),
    content: html`<h1>${t.courseGrades}</h1>
      ${
        items.length === 0
          ? html`<p class="card">${t.gradesEmpty}</p>`
          : html`<div class="table-scroll" tabindex="0" role="region" aria-label="${t.courseGrades}">
              <table>
                <thead>
                  <tr>
                    <th scope="col">${t.gradesStudent}</th>
                    ${items.map(
                      (item) =>
                        html`<th scope="col" class="number">
                          ${item.label}<br /><span class="quiet">/ ${number.format(item.scoreMaximum)}</span>
                          ${
                            teaches
                              ? html`<form
                                  method="post"
                                  action="/courses/${String(course.id)}/grades/${String(item.id)}/delete"
                                >
                                  <button class="link" aria-label="${t.gradesDeleteNamed(item.label)}">
                                    ${t.gradesDelete}
                                  </button>
                                </form>`
                              : ''
                          }
                        </th>`,
                    )}
                  </tr>
                </thead>
                <tbody>
                  ${students.map(
                    (person) =>
                      html`<tr>
                        <th scope="row"><bdi>${person.sortableName}</bdi></th>
                        ${items.map((item) => html`<td class="number">${cell(item.id, person.id)}</td>`)}
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }`,
  });
}
