import { readFile } from 'node:fs/promises';
import type { BrowserContext, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

// public/lti/browser-key.js against platforms that answer rightly, wrongly, late or not at all (LTI Client Side
// postMessages and Platform Storage). All pages are the test's own; what is tested is the script that we serve.

const tool = 'https://tool.example';
const lms = 'https://school.lms.example';
const sso = 'https://sso.lms.example';

/** What a window of the platform does with a message. Runs in the page, so it knows nothing but its argument. */
type Answering = 'right' | 'silent' | 'wrong id' | 'wrong subject' | 'refusing';

interface PlatformPage {
  /** The page that frames the tool; it always tells its capabilities, if it tells anything. */
  page: Answering;
  /** The frame for the storage, which has the origin of the authorisation endpoint. */
  frame?: { name: string; answering: Answering; origin?: string };
  /** The frame that the capabilities name. */
  named?: string;
}

const answerScript = (answering: Answering, named?: string) => `
  window.heard = [];
  addEventListener('message', (event) => {
    const { subject, message_id, key, value } = event.data ?? {};
    if (!String(subject).startsWith('lti.')) return;
    window.heard.push({ subject, key, value, from: event.origin });
    const mode = ${JSON.stringify(answering)};
    const answer = (more) => event.source.postMessage({
      subject: mode === 'wrong subject' ? 'lti.other.response' : subject + '.response',
      message_id: mode === 'wrong id' ? 'another' : message_id,
      ...more,
    }, event.origin);
    if (subject === 'lti.capabilities') {
      const named = ${JSON.stringify(named ?? null)};
      if (named !== null) answer({ supported_messages: [{ subject: 'lti.put_data', frame: named }] });
    } else if (mode === 'refusing') answer({ error: { code: 'storage_exhaustion', message: 'full' } });
    else if (mode !== 'silent') answer({ key, value });
  });`;

async function servePlatform(context: BrowserContext, platform: PlatformPage, offered: string | undefined) {
  const script = await readFile('public/lti/browser-key.js', 'utf8');
  const html = (body: string) => ({ contentType: 'text/html', body: `<!doctype html>${body}` });
  const { frame } = platform;
  const frameOrigin = frame?.origin ?? sso;
  await context.route(`${tool}/lti/browser-key.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: script }),
  );
  await context.route(`${tool}/keep`, (route) =>
    route.fulfill(
      html(`<div data-browser-key="keep" data-key-name="lti_state_1" data-key-value="the-key"
        data-continue-to="${tool}/went-on" data-probe-name="sk_probe" data-probe-attributes="Domain=elsewhere.example"
        ${offered === undefined ? '' : `data-storage-target="${offered}"`}
        data-platform-origin="${sso}" data-page-origins="${sso} https://*.lms.example">
        <script>
          // Whatever this browser allows: the frame has no storage of its own.
          for (const name of ['sessionStorage', 'localStorage'])
            Object.defineProperty(window, name, { get() { throw new Error('blocked'); } });
        </script>
        <p data-waiting>waiting</p><p data-in-new-tab hidden>in a new tab</p><p data-nothing-kept hidden>nothing</p>
      </div><script type="module" src="/lti/browser-key.js"></script>`),
    ),
  );
  await context.route(`${tool}/went-on`, (route) => route.fulfill(html('<p>went on</p>')));
  await context.route(`${frameOrigin}/store`, (route) =>
    route.fulfill(html(`<script>${answerScript(frame?.answering ?? 'silent')}</script>`)),
  );
  await context.route(`${lms}/`, (route) =>
    route.fulfill(
      html(`<script>${answerScript(platform.page, platform.named)}</script>
        ${frame === undefined ? '' : `<iframe name="${frame.name}" src="${frameOrigin}/store"></iframe>`}
        <script>addEventListener('load', () => {
          const tool = document.createElement('iframe');
          Object.assign(tool, { name: 'tool', src: '${tool}/keep' });
          document.body.append(tool);
        });</script>`),
    ),
  );
}

/** Every key that a window of the platform has been told. */
async function keysHeard(page: Page): Promise<string[]> {
  const heard = await Promise.all(
    page
      .frames()
      .map((frame) =>
        frame.evaluate(
          () => (window as { heard?: { value?: string }[] }).heard?.map(({ value }) => value) ?? [],
        ),
      ),
  );
  return heard.flat().filter((value) => value !== undefined);
}

const store = (answering: Answering, origin?: string) => ({ name: 'store', answering, origin });

interface Case {
  name: string;
  platform: PlatformPage;
  offered?: string;
  outcome: 'went on' | 'in a new tab';
  /** How many windows were told the key. */
  told: number;
}

const cases: Case[] = [
  {
    name: 'the frame that was offered keeps it',
    platform: { page: 'silent', frame: store('right') },
    offered: 'store',
    outcome: 'went on',
    told: 1,
  },
  {
    name: 'the frame is the page itself (_parent), of another origin than sign-in: asked as a page of the platform',
    platform: { page: 'right' },
    offered: '_parent',
    outcome: 'went on',
    told: 1,
  },
  {
    name: 'the frame that was offered is missing, the page names another',
    platform: { page: 'silent', named: 'store', frame: store('right') },
    offered: 'missing',
    outcome: 'went on',
    told: 1,
  },
  {
    name: 'the frame that was offered is missing, the page itself keeps it',
    platform: { page: 'right' },
    offered: 'missing',
    outcome: 'went on',
    told: 1,
  },
  {
    name: 'the frame does not answer, the page itself keeps it',
    platform: { page: 'right', frame: store('silent') },
    offered: 'store',
    outcome: 'went on',
    told: 2,
  },
  {
    name: 'the frame’s storage is full, and so is the page’s',
    platform: { page: 'refusing', frame: store('refusing') },
    offered: 'store',
    outcome: 'in a new tab',
    told: 2,
  },
  {
    name: 'nobody answers',
    platform: { page: 'silent', frame: store('silent') },
    offered: 'store',
    outcome: 'in a new tab',
    told: 2,
  },
  {
    name: 'an answer to another message is none',
    platform: { page: 'wrong id', frame: store('wrong id') },
    offered: 'store',
    outcome: 'in a new tab',
    told: 2,
  },
  {
    name: 'an answer of another kind is none',
    platform: { page: 'wrong subject', frame: store('wrong subject') },
    offered: 'store',
    outcome: 'in a new tab',
    told: 2,
  },
  {
    name: 'a frame of another origin is not even told the key',
    platform: { page: 'silent', named: 'store', frame: store('right', 'https://evil.example') },
    offered: 'store',
    outcome: 'in a new tab',
    told: 1,
  },
  {
    name: 'no storage was offered',
    platform: { page: 'right', frame: store('right') },
    outcome: 'in a new tab',
    told: 0,
  },
];

for (const { name, platform, offered, outcome, told } of cases) {
  test(`${name}: ${outcome}`, async ({ page, context }) => {
    await servePlatform(context, platform, offered);
    await page.goto(`${lms}/`);
    await expect(page.frameLocator('iframe[name="tool"]').getByText(outcome)).toBeVisible();
    expect(await keysHeard(page)).toEqual(Array<string>(told).fill('the-key'));
  });
}

test('a stranger’s page that frames us is told nothing', async ({ page, context }) => {
  await servePlatform(context, { page: 'right' }, 'missing');
  await context.route('https://evil.example/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<script>${answerScript('right', 'tool')}</script><iframe name="tool" src="${tool}/keep"></iframe>`,
    }),
  );
  await page.goto('https://evil.example/');
  await expect(page.frameLocator('iframe[name="tool"]').getByText('in a new tab')).toBeVisible();
  expect(await keysHeard(page)).toEqual([]);
});
