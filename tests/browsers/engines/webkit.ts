import { mkdir } from 'node:fs/promises';
import { z } from 'zod';
import { freePort } from '../../support/free-port.ts';
import { until } from '../until.ts';
import { browserEnvironment } from './browser-environment.ts';
import type { Driver, DriverOptions, Place } from './driver.ts';
import { startProgram } from './program.ts';

/** How WebDriver marks a reference to an element (W3C WebDriver § 12.2). */
const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

const nothing = z.unknown();
const session = z.object({ sessionId: z.string(), capabilities: z.object({ browserVersion: z.string() }) });
const status = z.object({ ready: z.literal(true) });
const handles = z.array(z.string());
const element = z.object({ [elementKey]: z.string() });
const refusal = z.object({ error: z.string(), message: z.string() });
const called = z.union([z.object({ failed: z.string() }), z.object({ json: z.string().nullish() })]);

/**
 * WebKitGTK's MiniBrowser over classic WebDriver. It has no mode without a screen, so it gets one of its own;
 * its automation mode keeps everything in memory, so that each start is a fresh profile.
 */
export async function startWebkit({ folder, certificateFile }: DriverOptions): Promise<Driver> {
  await mkdir(folder, { recursive: true });
  const screen = startProgram(
    'Xvfb',
    ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'],
    browserEnvironment(folder),
  );
  const port = await freePort();
  const display = await screen.says(/^(\d+)$/);
  const program = startProgram(
    'WebKitWebDriver',
    [`--port=${String(port)}`],
    // GTK asks a session bus for accessibility and portals; there is none here, and none is needed.
    browserEnvironment(folder, {
      DISPLAY: `:${display}`,
      DBUS_SESSION_BUS_ADDRESS: 'disabled:',
      NO_AT_BRIDGE: '1',
    }),
  );
  const stop = async (): Promise<void> => {
    await program.stop();
    await screen.stop();
  };

  async function send<Shape extends z.ZodType>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    shape: Shape,
    body?: unknown,
  ): Promise<z.output<Shape>> {
    const answer = await fetch(`http://127.0.0.1:${String(port)}${path}`, {
      method,
      body: body === undefined ? null : JSON.stringify(body),
    });
    const { value } = z.object({ value: z.unknown() }).parse(await answer.json());
    if (!answer.ok) {
      const { error, message } = refusal.parse(value);
      throw new Error(`${error}: ${message}`);
    }
    return shape.parse(value);
  }

  try {
    await until('WebKitWebDriver', () => send('GET', '/status', status));
    // WebKit trusts what the system trusts, and has no database of its own. It may be told to trust this one
    // certificate for a host, which leaves its judgement of all others as it is.
    const certificates = ['localhost', '127.0.0.1'].map((host) => ({ host, certificateFile }));
    const wanted = { 'webkitgtk:browserOptions': { certificates } };
    const { sessionId, capabilities } = await send('POST', '/session', session, {
      capabilities: { alwaysMatch: wanted },
    });
    const path = `/session/${sessionId}`;

    const find = async (selector: string): Promise<z.output<typeof element>> =>
      send('POST', `${path}/element`, element, { using: 'css selector', value: selector });
    // The session stands in one window and one frame at a time: one errand after another.
    let last: Promise<unknown> = Promise.resolve();
    const inTurn = <T>(errand: () => Promise<T>): Promise<T> => {
      const mine = last.then(errand, errand);
      last = mine;
      return mine;
    };
    const at = <T>({ window, frame }: Place, errand: () => Promise<T>): Promise<T> =>
      inTurn(async () => {
        await send('POST', `${path}/window`, nothing, { handle: window });
        await send('POST', `${path}/frame`, nothing, { id: null });
        if (frame !== undefined) await send('POST', `${path}/frame`, nothing, { id: await find(frame) });
        return errand();
      });
    return {
      version: `WebKitGTK ${capabilities.browserVersion}`,
      windows: () => inTurn(() => send('GET', `${path}/window/handles`, handles)),
      goTo: (window, url) =>
        at({ window }, async () => {
          await send('POST', `${path}/url`, nothing, { url });
        }),
      call: (place, source, args) =>
        at(place, async () => {
          const script = `const answer = arguments[arguments.length - 1];
            (async () => (${source})(...${JSON.stringify(args)}))().then(
              (value) => answer({ json: JSON.stringify(value) }),
              (error) => answer({ failed: String(error) }),
            );`;
          const answer = await send('POST', `${path}/execute/async`, called, { script, args: [] });
          if ('failed' in answer) throw new Error(answer.failed);
          return typeof answer.json === 'string' ? (JSON.parse(answer.json) as unknown) : undefined;
        }),
      click: (place, selector) =>
        at(place, async () => {
          const { [elementKey]: id } = await find(selector);
          await send('POST', `${path}/element/${id}/click`, nothing, {});
        }),
      close: async () => {
        await inTurn(() => send('DELETE', path, nothing)).finally(stop);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
