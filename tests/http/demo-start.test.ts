import { request } from 'node:http';
import { readdir, readFile, writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { known } from '../../demo/people.ts';
import type { RunningDemo } from '../../demo/server.ts';
import { startDemo } from '../../demo/server.ts';
import { StartFault } from '../../demo/state.ts';
import { DemoBrowser } from '../support/demo-browser.ts';

let folder: string;
let running: RunningDemo[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-lms-'));
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((demo) => demo.close()));
  await rm(folder, { recursive: true, force: true });
});

async function start(port = 0, dataDir = join(folder, 'not', 'there', 'yet')): Promise<RunningDemo> {
  const demo = await startDemo({ port, toolUrl: 'http://localhost:9', dataDir });
  running.push(demo);
  return demo;
}

/** A request that says another host than it goes to: what a browser does with a name of its own. */
function askAs(
  url: string,
  host: string,
  path: string,
): Promise<{ status: number; body: string; location: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const asked = request({ hostname, port, path, headers: { host, 'accept-language': 'en' } }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => (body += part));
      answer.on('end', () => {
        resolve({ status: answer.statusCode ?? 0, body, location: answer.headers.location ?? '' });
      });
    });
    asked.on('error', reject).end();
  });
}

describe('starting', () => {
  test('makes its folder, and keeps keys and added people over a restart', async () => {
    const keysOf = async (url: string): Promise<unknown> =>
      (await fetch(`${url}/api/lti/security/jwks`)).json();
    const first = await start();
    const browser = new DemoBrowser(first.url);
    await browser.signIn(known.teacher);
    await browser.post('/courses/101/users', { given: 'Nele', family: 'Neuling', section: '2101' });
    const keys = await keysOf(first.url);
    await first.close();
    expect(await readdir(join(folder, 'not', 'there', 'yet'))).toEqual(['state.json']);

    const second = await start(Number(new URL(first.url).port));
    expect(await keysOf(second.url)).toEqual(keys);
    // The same browser is still signed in.
    expect(await (await browser.get('/courses/101/users')).text()).toContain('Neuling, Nele');
  });

  test('says in one sentence that its port is taken', async () => {
    const demo = await start();
    const again = start(Number(new URL(demo.url).port), join(folder, 'second'));
    await expect(again).rejects.toThrow(StartFault);
    await expect(again).rejects.toThrow(/^Port \d+ is in use: .*DEMO_PORT\.$/);
  });

  test('says in one sentence that its folder or its file is of no use', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    await expect(start(0, file)).rejects.toThrow(/DEMO_DATA_DIR/);
    await writeFile(join(folder, 'state.json'), '{"version":1,"secret":');
    await expect(start(0, folder)).rejects.toThrow(/state\.json. Delete this file/);
    expect(await readFile(join(folder, 'state.json'), 'utf8')).toBe('{"version":1,"secret":');
  });
});

describe('hosts', () => {
  test('a phone has a host of its own, which shows the phone and nothing else', async () => {
    const { url } = await start();
    const { port } = new URL(url);
    const page = await (await fetch(`${url}/phone`)).text();
    expect(page).toContain(`http://lea-sommer-1101.localhost:${port}/phone`);
    const phone = await askAs(url, `lea-sommer-1101.localhost:${port}`, '/phone');
    expect(phone).toMatchObject({ status: 200 });
    expect(phone.body).toContain('Phone: Lea Sommer');
    const fresh = /http:\/\/(lea-sommer-1101--[a-z0-9]+\.localhost:\d+)\/phone/.exec(phone.body)?.[1] ?? '';
    expect((await askAs(url, fresh, '/phone')).body).toContain('Phone: Lea Sommer');
    for (const path of ['/courses', '/login', '/api/lti/authorize_redirect']) {
      expect((await askAs(url, `lea-sommer-1101.localhost:${port}`, path)).status).toBe(404);
    }
    expect((await askAs(url, `nobody-1.localhost:${port}`, '/phone')).status).toBe(404);
  });

  test('the phone’s home screen tells the sign-in page beside it whose phone it is', async () => {
    const { url } = await start();
    const browser = new DemoBrowser(url);
    const home = await browser.get(`/phone/home?person=${String(known.firstStudent)}`);
    const cookie = home.headers.getSetCookie().join();
    for (const attribute of ['Secure', 'HttpOnly', 'SameSite=None', 'Partitioned'])
      expect(cookie).toContain(attribute);
    const signIn = await (await browser.get('/login', { 'accept-language': 'en' })).text();
    expect(signIn).toContain('Sign in as Lea Sommer');
  });

  test('other names of this machine lead to the one, other names lead nowhere', async () => {
    const { url } = await start();
    const { port } = new URL(url);
    expect(await askAs(url, `localhost:${port}`, '/courses?x=1')).toMatchObject({
      status: 302,
      location: `${url}/courses?x=1`,
    });
    expect((await askAs(url, 'rebound.example', '/courses')).status).toBe(421);
  });
});
