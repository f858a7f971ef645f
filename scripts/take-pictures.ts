// `npm run pictures`: takes the README's pictures anew from the running program (after `npm run build`).
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { findBrowser } from './find-browser.ts';
import { startStack } from './stack.ts';

const [port, demoPort] = [3901, 3902];
const lms = `http://127.0.0.1:${String(demoPort)}`;
const folder = resolve('docs/pictures');
const dataDir = resolve('.data/pictures');

async function signIn(page: Page, name: string, path: string): Promise<void> {
  const query = new URLSearchParams({ q: name, return_to: path });
  await page.goto(`${lms}/login?${query.toString()}`);
  await page.locator(`button.person[data-name=${JSON.stringify(name)}]`).click();
}

async function takePictures(browser: Browser): Promise<void> {
  const laptop = await browser.newContext({ viewport: { width: 1180, height: 860 }, locale: 'en-GB' });
  const page = await laptop.newPage();
  await page.goto(lms);
  // The launch's language is the one chosen by hand in the LMS.
  await page.request.post(`${lms}/language`, {
    form: { lang: 'en', return_to: '/' },
    headers: { origin: lms },
  });
  await signIn(page, 'Katharina Lindner', '/courses/101/external_tools/5');
  const frame = page.frameLocator('#tool_content');
  const opened = page.waitForEvent('popup');
  await frame.locator('form[action$="/check-in"] button').first().click();
  const wall = await opened;
  await wall.setViewportSize({ width: 1180, height: 860 });
  const qr = wall.getByTestId('qr');
  await qr.waitFor();

  const phones = await Promise.all(
    ['Lea Sommer', 'Ole Petersen', 'Fatima el-Amrani'].map(async (name) => {
      const context = await browser.newContext({
        viewport: { width: 390, height: 780 },
        deviceScaleFactor: 2,
        isMobile: true,
        locale: 'en-GB',
      });
      const phone = await context.newPage();
      await phone.goto(lms);
      await phone.request.post(`${lms}/language`, {
        form: { lang: 'en', return_to: '/' },
        headers: { origin: lms },
      });
      await phone.goto((await qr.getAttribute('data-code-url')) ?? '');
      await phone.locator('a.button').first().click();
      await phone.locator('input[name="q"]').fill(name);
      await phone.locator('input[name="q"]').press('Enter');
      await phone.locator(`button.person[data-name=${JSON.stringify(name)}]`).click();
      await phone.waitForURL(/\/c\/result\//);
      return phone;
    }),
  );
  await wall.getByTestId('here').getByText('3').first().waitFor();
  await wall.screenshot({ path: `${folder}/wall.png` });
  await phones[0]?.screenshot({ path: `${folder}/phone.png` });
  // Opened anew: the check-in has begun since.
  await page.bringToFront();
  await page.reload();
  const meeting = new URL(wall.url()).pathname.replace(/\/projector$/, '');
  await frame.locator(`a[href="${meeting}"]`).first().click();
  await frame.getByRole('row', { name: /Sommer, Lea/ }).waitFor();
  await page.screenshot({ path: `${folder}/frame.png` });
}

/** The question that an administrator answers when the tool registers itself. */
async function takeInstallPicture(browser: Browser, toolEnv: NodeJS.ProcessEnv): Promise<void> {
  const made = spawnSync(process.execPath, ['lib/cli/main.ts', 'platforms', 'invite', '--json'], {
    env: toolEnv,
    encoding: 'utf8',
  });
  const { link } = JSON.parse(made.stdout) as { link: string };
  const laptop = await browser.newContext({ viewport: { width: 1180, height: 860 }, locale: 'en-GB' });
  const page = await laptop.newPage();
  await signIn(page, 'Renate Vogelsang', '/accounts/1/apps');
  await page.goto(`${lms}/accounts/1/apps?lang=en`);
  await page.locator('#registration_url').fill(link);
  await page.locator('.register-app button').click();
  await page.frameLocator('#registration').locator('form button').waitFor();
  await page.screenshot({ path: `${folder}/install.png` });
}

mkdirSync(folder, { recursive: true });
rmSync(dataDir, { recursive: true, force: true });
const stack = await startStack({ dataDir, logDir: `${dataDir}/logs`, port, demoPort, durable: false });
try {
  spawnSync(process.execPath, ['scripts/fill-demo-course.ts', String(demoPort)], {
    env: stack.toolEnv,
    stdio: 'inherit',
  });
  const browser = await chromium.launch({ executablePath: findBrowser(), args: ['--disable-gpu'] });
  try {
    await takePictures(browser);
    await takeInstallPicture(browser, stack.toolEnv);
  } finally {
    await browser.close();
  }
} finally {
  await stack.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
