import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { trustAuthority } from '../test-authority.ts';
import { connectBidi } from './bidi-connection.ts';
import { browserEnvironment } from './browser-environment.ts';
import type { Driver, DriverOptions, Place } from './driver.ts';
import { startProgram } from './program.ts';

/** WebDriver BiDi without the older protocol beside it; and no pages of welcome. */
const preferences = {
  'remote.active-protocols': 1,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'intl.accept_languages': 'en-GB',
};

const nothing = z.unknown();
const session = z.object({ capabilities: z.object({ browserVersion: z.string() }) });
const tree = z.object({ contexts: z.array(z.object({ context: z.string() })) });
const nodes = z.object({ nodes: z.array(z.object({ sharedId: z.string() })) });
const called = z.union([
  z.object({ type: z.literal('success'), result: z.object({ value: z.unknown().optional() }) }),
  z.object({ type: z.literal('exception'), exceptionDetails: z.object({ text: z.string() }) }),
]);
const contentWindow = z.object({ context: z.string() });

/** Firefox over WebDriver BiDi, which it speaks by itself (no geckodriver, which Debian does not have). */
export async function startFirefox({ folder, authorityFile }: DriverOptions): Promise<Driver> {
  const profile = join(folder, 'profile');
  await mkdir(profile, { recursive: true });
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  );
  await writeFile(join(profile, 'user.js'), lines.join(''));
  await trustAuthority(profile, authorityFile);
  const program = startProgram(
    'firefox-esr',
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'],
    browserEnvironment(folder),
  );
  try {
    const address = await program.says(/WebDriver BiDi listening on (ws:\S+)/);
    const { send } = await connectBidi(`${address}/session`);
    const { capabilities } = await send('session.new', { capabilities: {} }, session);

    const call = async (context: string, source: string): Promise<unknown> => {
      const params = {
        functionDeclaration: source,
        target: { context },
        awaitPromise: true,
      };
      const answer = await send('script.callFunction', params, called);
      if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
      return answer.result.value;
    };
    const find = async (context: string, selector: string): Promise<{ sharedId: string }> => {
      const params = { context, locator: { type: 'css', value: selector }, maxNodeCount: 1 };
      const [node] = (await send('browsingContext.locateNodes', params, nodes)).nodes;
      if (node === undefined) throw new Error(`no ${selector}`);
      return node;
    };
    const contextOf = async ({ window, frame }: Place): Promise<string> => {
      if (frame === undefined) return window;
      const params = {
        functionDeclaration: '(element) => element.contentWindow',
        arguments: [await find(window, frame)],
        target: { context: window },
        awaitPromise: false,
      };
      const answer = await send('script.callFunction', params, called);
      if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
      return contentWindow.parse(answer.result.value).context;
    };
    return {
      version: `Firefox ${capabilities.browserVersion}`,
      windows: async () =>
        (await send('browsingContext.getTree', { maxDepth: 0 }, tree)).contexts.map(({ context }) => context),
      goTo: async (window, url) => {
        await send('browsingContext.navigate', { context: window, url, wait: 'complete' }, nothing);
      },
      call: async (place, source, args) => {
        const asJson = `async () => JSON.stringify(await (${source})(...${JSON.stringify(args)}))`;
        const text = await call(await contextOf(place), asJson);
        return typeof text === 'string' ? (JSON.parse(text) as unknown) : undefined;
      },
      click: async (place, selector) => {
        const context = await contextOf(place);
        await call(
          context,
          `() => document.querySelector(${JSON.stringify(selector)})?.scrollIntoView({ block: 'center' })`,
        );
        const element = await find(context, selector);
        const pointer = [
          { type: 'pointerMove', x: 0, y: 0, origin: { type: 'element', element } },
          { type: 'pointerDown', button: 0 },
          { type: 'pointerUp', button: 0 },
        ];
        const actions = [{ type: 'pointer', id: 'mouse', actions: pointer }];
        await send('input.performActions', { context, actions }, nothing);
      },
      close: () => program.stop(),
    };
  } catch (error) {
    await program.stop();
    throw error;
  }
}
