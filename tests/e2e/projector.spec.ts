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

test('an upright screen, a small window and a browser that is zoomed to 200 % show all of it, too', async ({
  page,
  lms,
}) => {
  const { wall } = await startCheckIn(page, lms);
  const qr = wall.getByTestId('qr');
  for (const [what, size] of Object.entries({
    'an upright screen': { width: 1080, height: 1920 },
    'a tablet': { width: 768, height: 1024 },
    'a small window': { width: 900, height: 600 },
  })) {
    await wall.setViewportSize(size);
    await expectLaidOut(wall, [
      wall.getByRole('heading', { level: 1 }),
      qr,
      wall.getByTestId('address'),
      wall.getByTestId('typed-code'),
      wall.getByTestId('here'),
      wall.getByTestId('newest'),
      wall.getByRole('contentinfo'),
    ]);
    const board = await boxOf(qr);
    expect(Math.min(board.width, board.height), what).toBeGreaterThanOrEqual(
      0.45 * Math.min(size.width, size.height),
    );
    const name = wall.getByRole('heading', { level: 1 }).locator('> span').last();
    expect((await boxOf(name)).width, `${what}: the meeting's name`).toBeGreaterThan(0.25 * size.width);
  }
  for (const size of [
    { width: 512, height: 384 },
    { width: 960, height: 540 },
  ]) {
    await wall.setViewportSize(size);
    expect((await boxOf(qr)).bottom, 'to be scanned it must be on the screen whole').toBeLessThan(
      size.height,
    );
    expect(
      await wall.evaluate(() => document.documentElement.scrollWidth - innerWidth),
      'nobody scrolls sideways',
    ).toBeLessThanOrEqual(0);
  }
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

test('a meeting that is called off while its code hangs there offers no start any more', async ({
  page,
  lms,
}) => {
  const { frame, wall } = await startCheckIn(page, lms);
  await frame
    .getByRole('link', { name: words('home.register') })
    .first()
    .click();
  await frame.getByRole('link', { name: words('register.edit') }).click();
  await (await alive(frame.getByRole('button', { name: words('form.call-off') }))).click();
  // One of a series asks how many are meant.
  const alone = frame.getByRole('menuitem').first();
  const undo = frame.getByRole('button', { name: words('form.undo') });
  await expect(alone.or(undo)).toBeVisible();
  if (await alone.isVisible()) await alone.click();
  await expect(wall.getByRole('heading', { name: words('register.cancelled.title') })).toBeVisible();
  await expect(wall.getByRole('status')).toHaveText(words('register.cancelled.title'));
  await expect(
    wall.getByRole('button', { name: words('wall.closed.again', 'wall.prolong', 'wall.end') }),
  ).toHaveCount(0);
  await expectAccessible(wall, 'a wall whose meeting is called off');
  await undo.click();
  await expect(
    wall.getByRole('button', { name: words('wall.closed.again', 'wall.closed.start.out') }),
  ).toBeVisible();
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

test('names that are hidden are never seen, not even while the page loads', async ({ page, lms }) => {
  const { wall } = await startCheckIn(page, lms);
  await (await alive(wall.getByRole('button', { name: words('wall.names.hide') }))).click();
  await expect(wall.getByTestId('newest')).toHaveCount(0);
  const served = await (await wall.request.get(wall.url())).text();
  expect(served).toContain('data-testid="here"');
  expect(served).not.toContain('data-testid="newest"');
  await wall.reload();
  await alive(wall.getByRole('button', { name: words('wall.names.show') }));
  await expect(wall.getByTestId('newest')).toHaveCount(0);
});

/** What the page has asked the browser for: lines to the server, and the screen kept awake. */
interface Asked {
  streams: EventSource[];
  locks: WakeLockSentinel[];
}

/** From now on pages of this browser note what they ask for, and their clock is ours. */
async function watchBrowser(page: Page, time: Date): Promise<void> {
  await page.context().clock.install({ time });
  await page.context().addInitScript(() => {
    const asked: Asked = { streams: [], locks: [] };
    Object.assign(window, { asked });
    window.EventSource = class extends EventSource {
      constructor(...given: ConstructorParameters<typeof EventSource>) {
        super(...given);
        asked.streams.push(this);
      }
    };
    if (!('wakeLock' in navigator)) return;
    const ask = navigator.wakeLock.request.bind(navigator.wakeLock);
    navigator.wakeLock.request = async (type) => {
      const lock = await ask(type);
      asked.locks.push(lock);
      return lock;
    };
  });
}

const askedOf = (wall: Page) =>
  wall.evaluate(() => {
    const { streams, locks } = (window as unknown as { asked: Asked }).asked;
    return {
      lines: streams.length,
      openLines: streams.filter(({ readyState }) => readyState === EventSource.OPEN).length,
      heldLocks: locks.filter(({ released }) => !released).length,
      locks: locks.length,
    };
  });

/** The window is covered by another, or seen again. */
const show = (wall: Page, state: 'hidden' | 'visible') =>
  wall.evaluate((now) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, value: now });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

test('a laptop whose clock is a day wrong, that sleeps for an hour, shows the code of this second', async ({
  page,
  lms,
}) => {
  await watchBrowser(page, new Date(Date.now() + 24 * 3_600_000));
  const { wall } = await startCheckIn(page, lms);
  const qr = wall.getByTestId('qr');
  const isOfNow = async () => {
    const answer = await wall.request.get(
      wall
        .url()
        .replace('/courses/', '/api/courses/')
        .replace(/projector$/, 'codes'),
    );
    const { codes } = (await answer.json()) as { codes: { code: string }[] };
    const shown = (await qr.getAttribute('data-code-url')) ?? '';
    // The wall may be a moment behind the answer, or the answer behind the wall.
    return codes.slice(0, 2).some(({ code }) => shown.endsWith(code));
  };
  await expect.poll(isOfNow).toBe(true);
  // Nothing ran meanwhile: no timer, no answer, and the line may be dead.
  await wall.clock.setSystemTime(new Date(Date.now() + 25 * 3_600_000));
  await expect(qr).toBeVisible({ timeout: 5_000 });
  await expect.poll(isOfNow, { timeout: 5_000 }).toBe(true);
});

test('a line that died without a word is noticed; a window that nobody sees holds none', async ({
  page,
  lms,
}) => {
  await watchBrowser(page, new Date());
  const { wall } = await startCheckIn(page, lms);
  await alive(wall.getByRole('button', { name: words('wall.end') }));
  await expect.poll(() => askedOf(wall)).toMatchObject({ openLines: 1 });
  // Nothing is heard for as long as that.
  const { lines } = await askedOf(wall);
  await wall.clock.fastForward(45_000);
  await expect.poll(async () => (await askedOf(wall)).lines).toBe(lines + 1);
  await expect.poll(() => askedOf(wall)).toMatchObject({ openLines: 1 });

  await show(wall, 'hidden');
  await wall.clock.fastForward(61_000);
  await expect.poll(() => askedOf(wall)).toMatchObject({ openLines: 0 });
  const { locks } = await askedOf(wall);
  await show(wall, 'visible');
  await expect.poll(() => askedOf(wall)).toMatchObject({ openLines: 1 });
  // The browser has taken the lock back meanwhile: it is asked for again.
  await expect.poll(async () => (await askedOf(wall)).locks).toBe(locks + 1);
});

test('the screen is kept awake while a code hangs there, and no longer', async ({ page, lms }) => {
  await watchBrowser(page, new Date());
  const { wall } = await startCheckIn(page, lms);
  await expect.poll(async () => (await askedOf(wall)).heldLocks).toBeGreaterThan(0);
  await (await alive(wall.getByRole('button', { name: words('wall.end') }))).click();
  await expect(wall.getByRole('heading', { name: words('wall.closed.title') })).toBeVisible();
  await expect.poll(async () => (await askedOf(wall)).heldLocks).toBe(0);
});

test('it says what has become of it, once and politely, and comes back by itself', async ({
  page,
  lms,
  faults,
}) => {
  await watchBrowser(page, new Date());
  const { wall } = await startCheckIn(page, lms);
  const said = wall.getByRole('status');
  await expect(said).toHaveText(/^Check-in: /);
  const answerCodes = async (answer: { status: number } | 'nothing') => {
    await wall.unroute('**/codes?*');
    await wall.route('**/codes?*', (route) => (answer === 'nothing' ? route.abort() : route.fulfill(answer)));
    await show(wall, 'visible');
  };
  await answerCodes('nothing');
  await expect(said).toHaveText(words('wall.offline.none'));
  // The seconds that count down are not read out.
  await expect(
    wall.locator('[aria-live], [role=status], [role=alert]').filter({ hasText: /\d+ s/ }),
  ).toHaveCount(0);
  for (const [status, title] of [
    [401, 'wall.refused.title'],
    [403, 'wall.refused.title'],
    [404, 'wall.gone.title'],
  ] as const) {
    await answerCodes({ status });
    await expect(wall.getByRole('heading', { name: words(title) })).toBeVisible();
    await expect(wall.getByTestId('qr')).toHaveCount(0);
    await expectAccessible(wall, `the wall, ${String(status)}`);
  }
  await wall.unroute('**/codes?*');
  // Nobody does anything: it asks again.
  await wall.clock.fastForward(20_000);
  await expect(wall.getByTestId('qr')).toBeVisible();
  await expect(said).toHaveText(/^Check-in: /);
  faults.splice(0, faults.length, ...faults.filter((fault) => !lostNetwork.test(fault)));
});
