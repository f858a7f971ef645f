import type { FrameLocator, Locator, Page } from '@playwright/test';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { expectAccessible } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import type { Lms } from './fixtures.ts';
import { startCheckIn } from './start-check-in.ts';
import { alive } from './tool-frame.ts';
import { words } from './words.ts';

const screens = {
  'a small projector': { width: 1024, height: 768 },
  '4K': { width: 3840, height: 2160 },
} as const;

/** The browser's own lines about a network that the test takes away. */
const lostNetwork = /net::ERR_(FAILED|INTERNET_DISCONNECTED)/;

async function boxOf(what: Locator) {
  const box = await what.boundingBox();
  if (box === null) throw new Error('it is not on the screen');
  return { ...box, right: box.x + box.width, bottom: box.y + box.height };
}

/** Everything is on the screen as a whole, and nothing lies on anything else. */
async function expectLaidOut(wall: Page, parts: readonly Locator[]): Promise<void> {
  const { width, height } = wall.viewportSize() ?? { width: 0, height: 0 };
  const boxes = await Promise.all(parts.map(boxOf));
  for (const [index, box] of boxes.entries()) {
    expect(
      [box.x, box.y].every((edge) => edge >= 0),
      `part ${String(index)} begins on the screen`,
    ).toBe(true);
    expect(box.right, `part ${String(index)} ends within the width`).toBeLessThanOrEqual(width);
    expect(box.bottom, `part ${String(index)} ends within the height`).toBeLessThanOrEqual(height);
    for (const other of boxes.slice(index + 1)) {
      const isApart =
        box.right <= other.x + 1 ||
        other.right <= box.x + 1 ||
        box.bottom <= other.y + 1 ||
        other.bottom <= box.y + 1;
      expect(isApart, `part ${String(index)} lies on another`).toBe(true);
    }
  }
  // What is cut off would have to be scrolled to.
  const cut = await wall.evaluate(() =>
    [...document.querySelectorAll('main, main *')]
      .filter((element) => element.closest('svg, .sr-only') === null)
      .filter((element) => element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
      .filter((element) => getComputedStyle(element).display !== 'inline')
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  expect(cut, 'cut off').toEqual([]);
}

async function register(page: Page, lms: Lms): Promise<FrameLocator> {
  const frame = await lms.openInCourse(page, 'Katharina Lindner');
  await frame
    .getByRole('link', { name: words('home.register') })
    .first()
    .click();
  await alive(frame.getByRole('button', { name: words('register.more-ways') }));
  return frame;
}

/** Closes what is open or planned, so that the next story finds the register as this one did. */
async function endAll(frame: FrameLocator): Promise<void> {
  const ends = frame.getByRole('button', {
    name: words('register.check-in.stop', 'register.check-out.stop', 'register.check-in.withdraw'),
  });
  for (let left = await ends.count(); left > 0; left -= 1) {
    await ends.first().click();
    await expect(ends).toHaveCount(left - 1);
  }
}

test('the wall is read from the last row: on a small projector and in 4K, light and dark', async ({
  page,
  lms,
}) => {
  const { wall } = await startCheckIn(page, lms);
  for (const [what, size] of Object.entries(screens)) {
    await wall.setViewportSize(size);
    for (const scheme of ['light', 'dark'] as const) {
      await wall.emulateMedia({ colorScheme: scheme });
      const qr = await boxOf(wall.getByTestId('qr'));
      expect(Math.min(qr.width, qr.height), `${what}: the side of the QR code`).toBeGreaterThanOrEqual(
        0.55 * size.height,
      );
      await expectLaidOut(wall, [
        wall.getByRole('heading', { level: 1 }),
        wall.getByTestId('qr'),
        wall.getByTestId('address'),
        wall.getByTestId('typed-code'),
        wall.getByTestId('here'),
        wall.getByTestId('newest'),
        wall.getByRole('contentinfo'),
      ]);
      const typed = await boxOf(wall.getByTestId('typed-code'));
      expect(typed.height, `${what}: the typed code`).toBeGreaterThanOrEqual(0.27 * size.height);
      const picture = PNG.sync.read(await wall.screenshot());
      const read = jsQR(new Uint8ClampedArray(picture.data), picture.width, picture.height);
      expect(read?.data, `${what}, ${scheme}: read off the picture`).toMatch(/\/c\/[0-9a-z]{17}$/);
      await expectAccessible(wall, `the wall, ${scheme}`);
    }
  }
  // On a phone one scrolls, but what is scanned stands at the top and as wide as the phone.
  await wall.setViewportSize({ width: 360, height: 740 });
  const qr = await boxOf(wall.getByTestId('qr'));
  expect(qr.width).toBeGreaterThan(320);
  expect(qr.bottom).toBeLessThan(540);
  await wall.getByRole('button', { name: words('wall.names.hide') }).click();
  await expect(wall.getByTestId('newest')).toBeHidden();
});

test('the large code fills the screen, and is spelled letter by letter', async ({ page, lms }) => {
  const { wall } = await startCheckIn(page, lms);
  await (await alive(wall.getByRole('button', { name: words('wall.large') }))).click();
  for (const size of Object.values(screens)) {
    await wall.setViewportSize(size);
    for (const scheme of ['light', 'dark'] as const) {
      await wall.emulateMedia({ colorScheme: scheme });
      await expectLaidOut(wall, [
        wall.getByRole('heading', { level: 1 }),
        wall.getByTestId('address'),
        wall.getByTestId('typed-code'),
        wall.getByRole('contentinfo'),
      ]);
      const typed = await boxOf(wall.getByTestId('typed-code'));
      expect(typed.height).toBeGreaterThanOrEqual(0.6 * size.height);
      await expectAccessible(wall, `the large code, ${scheme}`);
    }
  }
  const spelled = wall.getByTestId('spelled-code');
  await expect(spelled).toHaveText(/: [0-9A-Z]( [0-9A-Z]){3}, [0-9A-Z]( [0-9A-Z]){3}$/);
  // Nobody could type while it is told anew every time that it changes.
  await expect(wall.locator('[aria-live], [role=status], [role=alert]').filter({ has: spelled })).toHaveCount(
    0,
  );
  await wall.getByRole('button', { name: words('wall.large.leave') }).click();
  await expect(wall.getByTestId('qr')).toBeVisible();
});

test('check-in and check-out hang side by side, each on a wall that says which it is', async ({
  page,
  lms,
}) => {
  const { frame, wall } = await startCheckIn(page, lms);
  await expect(wall.getByRole('heading', { level: 1 })).toContainText('Check-in');
  const coming = await wall.getByTestId('qr').getAttribute('data-code-url');
  await wall.getByRole('link', { name: words('wall.other.out') }).click();
  await expect(wall.getByRole('heading', { level: 1 })).toContainText('Check-out');
  await (await alive(wall.getByRole('button', { name: words('wall.closed.start.out') }))).click();
  await expect(wall.getByTestId('qr')).toBeVisible();
  const going = await wall.getByTestId('qr').getAttribute('data-code-url');
  expect(going?.slice(-17, -13)).not.toBe(coming?.slice(-17, -13));
  await wall.setViewportSize(screens['a small projector']);
  await wall.getByRole('link', { name: words('wall.other.in') }).click();
  await expect(wall.getByTestId('qr')).toBeVisible();
  await expect(wall.getByRole('heading', { level: 1 })).toContainText('Check-in');

  await frame
    .getByRole('link', { name: words('home.register') })
    .first()
    .click();
  for (const heading of ['register.check-in.open', 'register.check-out.open'] as const) {
    await expect(frame.getByRole('heading', { name: words(heading) })).toBeVisible();
  }
  await expectAccessible(page, 'a register with both open');
  await endAll(frame);
  // Whoever looks at the wall sees it end, from the last row as well.
  const closed = wall.getByRole('heading', { name: words('wall.closed.title') });
  await expect(closed).toBeVisible();
  for (const [what, size] of Object.entries(screens)) {
    await wall.setViewportSize(size);
    expect((await boxOf(closed)).height, `${what}: that it is closed`).toBeGreaterThanOrEqual(
      0.06 * size.height,
    );
    await expectLaidOut(wall, [closed, wall.getByTestId('here'), wall.getByRole('contentinfo')]);
  }
});

test('it opens by itself, is opened early with one click, or taken back', async ({ page, lms }) => {
  const frame = await register(page, lms);
  await endAll(frame);
  await frame.getByRole('button', { name: words('register.more-ways') }).click();
  const dialog = frame.getByRole('dialog');
  await dialog.getByRole('radio', { name: words('register.more-ways.what.out') }).check({ force: true });
  await dialog.getByRole('radio', { name: words('register.more-ways.when.itself') }).check({ force: true });
  await dialog.getByRole('button', { name: /The code changes|Der Code wechselt/ }).click();
  await frame.getByRole('option', { name: words('register.more-ways.step.static') }).click();
  await expectAccessible(page, 'more ways to open');
  await dialog.getByRole('button', { name: words('register.more-ways.plan') }).click();
  await expect(frame.getByRole('heading', { name: words('register.check-out.planned') })).toBeVisible();
  await expectAccessible(page, 'a register with a planned check-out');

  const [wall] = await Promise.all([
    page.waitForEvent('popup'),
    frame.getByRole('button', { name: words('register.check-in.waiting-wall') }).click(),
  ]);
  await expect(wall.getByRole('heading', { name: words('wall.planned.title.out') })).toBeVisible();
  await expectAccessible(wall, 'a wall that waits');
  await (await alive(wall.getByRole('button', { name: words('wall.planned.now') }))).click();
  await expect(wall.getByTestId('qr')).toBeVisible();
  await expect(wall.getByText(words('wall.static'))).toBeVisible();
  await expect(frame.getByRole('heading', { name: words('register.check-out.open') })).toBeVisible();

  const [sheet] = await Promise.all([
    page.waitForEvent('popup'),
    frame.getByRole('button', { name: words('register.sheet') }).click(),
  ]);
  // What is printed is what hangs on the wall.
  await expect(sheet.getByTestId('typed-code')).toHaveText(
    (await wall.getByTestId('typed-code').textContent()) ?? 'none',
  );
  await expectAccessible(sheet, 'the sheet');
  expect(pagesOf(await sheet.pdf({ format: 'A4' }))).toBe(1);
  await endAll(frame);
  await expect(wall.getByRole('heading', { name: words('wall.closed.title.out') })).toBeVisible();
});

/** How many sheets of paper a print takes. */
const pagesOf = (pdf: Buffer) => pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;

test('the list for the desk has every name, and its head on every page', async ({ page, lms }) => {
  const frame = await register(page, lms);
  const names = await frame.locator('[data-membership]').count();
  const [list] = await Promise.all([
    page.waitForEvent('popup'),
    frame.getByRole('button', { name: words('register.desk') }).click(),
  ]);
  await expect(list.getByRole('rowheader')).toHaveCount(names);
  // On paper that lies there for everybody, nobody's status stands.
  await expect(list.getByText(words('status.present', 'status.absent', 'status.late'))).toHaveCount(0);
  await expectAccessible(list, 'the list for the desk');
  expect(pagesOf(await list.pdf({ format: 'A4' }))).toBeGreaterThanOrEqual(2);
  const meeting = await list.getByRole('heading', { level: 1 }).innerText();
  await list.emulateMedia({ media: 'print' });
  await expect(list.locator('thead')).toContainText(meeting);
  await expect(list.getByRole('heading', { level: 1 })).toBeHidden();
});

test('without a network it goes on for a while, says so, and comes back by itself', async ({
  page,
  lms,
  faults,
}) => {
  const { wall } = await startCheckIn(page, lms);
  await wall.route('**/codes?*', (route) => route.abort());
  const band = wall.getByText(words('wall.offline'));
  await expect(band).toBeVisible({ timeout: 25_000 });
  expect(Number(/(\d+) s/.exec((await band.textContent()) ?? '')?.[1])).toBeGreaterThan(30);
  await expect(wall.getByTestId('qr')).toBeVisible();
  const before = await wall.getByTestId('qr').getAttribute('data-code-url');
  // The next code was in hand already.
  await expect(wall.getByTestId('qr')).not.toHaveAttribute('data-code-url', before ?? '', {
    timeout: 15_000,
  });
  await wall.unroute('**/codes?*');
  await expect(band).toBeHidden();
  faults.splice(0, faults.length, ...faults.filter((fault) => !lostNetwork.test(fault)));
});
