import type { Frame } from '@playwright/test';
import { known } from '../../demo/people.ts';
import { expect, test } from './fixtures.ts';
import { courseOf, toolFrame } from './tool-frame.ts';
import { words } from './words.ts';

interface Door {
  path: string;
  method?: 'POST';
  accept?: string;
}

/** What a browser that is signed in as this person is answered, door by door. */
async function statuses(frame: Frame, doors: readonly Door[]): Promise<Record<string, number>> {
  return frame.evaluate(async (list) => {
    const answers: Record<string, number> = {};
    for (const { path, method = 'GET', accept = 'text/html' } of list) {
      const abort = new AbortController();
      const answer = await fetch(path, {
        method,
        redirect: 'manual',
        headers: { accept },
        signal: abort.signal,
      });
      answers[`${method} ${path.replaceAll(/[0-9a-f-]{36}/g, '…')}`] = answer.status;
      abort.abort();
    }
    return answers;
  }, doors as Door[]);
}

function teachersDoors(courseId: string, meetingId: string): Door[] {
  const course = `/courses/${courseId}`;
  const meeting = `${course}/meetings/${meetingId}`;
  return [
    { path: `${course}/meetings/new` },
    { path: meeting },
    { path: `${meeting}/edit` },
    { path: `${meeting}/projector` },
    { path: `${meeting}/review` },
    { path: `/api${meeting}/events`, accept: 'text/event-stream' },
    { path: `/api${meeting}/codes`, accept: 'application/json' },
  ];
}

const all = (doors: readonly Door[], status: number) =>
  Object.fromEntries(
    doors.map(({ path, method = 'GET' }) => [`${method} ${path.replaceAll(/[0-9a-f-]{36}/g, '…')}`, status]),
  );

test('a teacher’s doors open for the course’s own staff and for nobody else', async ({
  page,
  lms,
  toolUrl,
  openBrowser,
}) => {
  const frame = await toolFrame(page, lms, toolUrl, 'Katharina Lindner');
  const courseId = courseOf(frame);
  const link = frame.locator(`a[href^="/courses/${courseId}/meetings/"][href$="/edit"]`).first();
  if ((await link.count()) === 0) {
    const opened = page.waitForEvent('popup');
    await frame.locator(`form[action="/courses/${courseId}/check-in"] button`).first().click();
    await (await opened).waitForURL(/projector$/);
    await (await opened).close();
    await page.reload();
  }
  const again = await toolFrame(page, lms, toolUrl, 'Katharina Lindner');
  const href = await again
    .locator(`a[href^="/courses/${courseId}/meetings/"][href$="/edit"]`)
    .first()
    .getAttribute('href');
  const meetingId = /meetings\/([0-9a-f-]+)\//.exec(href ?? '')?.[1] ?? '';
  const doors = teachersDoors(courseId, meetingId);
  expect(await statuses(again, doors)).toEqual(all(doors, 200));

  const others: [who: string, name: string, course: number][] = [
    ['a student of the course', 'Lea Sommer', known.course],
    ['a teacher elsewhere who is a learner here', 'Emily Hartwell', known.course],
    ['a teacher of another course', 'Emily Hartwell', known.otherCourse],
    ['a student of another course', 'Grace Okafor', known.otherCourse],
    ['an observer', 'Ingrid Sommer', known.course],
  ];
  for (const [who, name, course] of others) {
    const theirs = await toolFrame(await (await openBrowser()).newPage(), lms, toolUrl, name, course);
    expect(await statuses(theirs, doors), who).toEqual(all(doors, 403));
  }

  // The course's own home is another matter for its students, but not for strangers.
  const home = [{ path: `/courses/${courseId}` }];
  const stranger = await toolFrame(
    await (await openBrowser()).newPage(),
    lms,
    toolUrl,
    'Grace Okafor',
    known.otherCourse,
  );
  expect(await statuses(stranger, home)).toEqual(all(home, 403));

  // Nobody at all, and a meeting that belongs to another course.
  const signedOut = await (await openBrowser()).newPage();
  await signedOut.goto(toolUrl);
  expect(await statuses(signedOut.mainFrame(), doors)).toEqual(all(doors, 401));
  const ownCourse = await toolFrame(
    await (await openBrowser()).newPage(),
    lms,
    toolUrl,
    'Emily Hartwell',
    known.otherCourse,
  );
  const foreign = teachersDoors(courseOf(ownCourse), meetingId).filter((door) => !door.path.endsWith('/new'));
  expect(await statuses(ownCourse, foreign)).toEqual(all(foreign, 404));
});

test('a student sees their own meetings and nobody else’s name', async ({ page, lms, toolUrl }) => {
  const frame = await toolFrame(page, lms, toolUrl, 'Olivia Whitfield');
  await expect(frame.getByRole('heading', { level: 1 })).toBeVisible();
  const html = await frame.content();
  for (const name of ['Sommer', 'Öztürk', 'Petersen']) expect(html).not.toContain(name);
});

test('two courses in two tabs do not disturb one another', async ({ page, context, lms, toolUrl }) => {
  const first = await toolFrame(page, lms, toolUrl, 'Emily Hartwell', known.course);
  const tab = await context.newPage();
  const second = await toolFrame(tab, lms, toolUrl, 'Emily Hartwell', known.otherCourse);
  expect(courseOf(first)).not.toBe(courseOf(second));
  const own = (frame: Frame): Door[] => [{ path: `/courses/${courseOf(frame)}` }];
  expect(await statuses(first, own(first))).toEqual(all(own(first), 200));
  expect(await statuses(second, own(second))).toEqual(all(own(second), 200));
});

test('an attacker hands their own ticket to somebody else’s browser: it signs nobody in', async ({
  page,
  lms,
  toolUrl,
  openBrowser,
}) => {
  const theirs = await toolFrame(await (await openBrowser()).newPage(), lms, toolUrl, 'Emily Hartwell');
  const ticket = await theirs.evaluate(async () => {
    const answer = await fetch('/api/handover', { method: 'POST', headers: { accept: 'application/json' } });
    return ((await answer.json()) as { ticket: string }).ticket;
  });
  const frame = await toolFrame(page, lms, toolUrl, 'Olivia Whitfield');
  const own = { path: `/courses/${courseOf(frame)}` };
  const homeOf = async () => {
    await frame.goto(`${toolUrl}${own.path}`);
    return frame.getByRole('heading', { level: 1 }).textContent();
  };
  const before = await homeOf();

  // A page of another site sends the form that our own pages send.
  const opened = page.waitForEvent('popup');
  await page.evaluate(
    ({ action, fields }) => {
      const form = document.createElement('form');
      Object.assign(form, { method: 'post', action, target: '_blank' });
      for (const [name, value] of Object.entries(fields)) {
        form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
      }
      document.body.append(form);
      HTMLFormElement.prototype.submit.call(form);
    },
    { action: `${toolUrl}/handover`, fields: { ticket, to: own.path } },
  );
  const tab = await opened;
  await expect(tab.getByRole('heading', { name: words('errors.wrong-origin.title') })).toBeVisible();
  await tab.goto(`${toolUrl}${own.path}`);
  await expect(tab.getByRole('heading', { name: words('errors.not-signed-in.title') })).toBeVisible();
  expect(await homeOf()).toBe(before);
});
