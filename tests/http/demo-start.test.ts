import { readdir, readFile, writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { identityOf } from '../../demo/identity.ts';
import { known } from '../../demo/people.ts';
import type { RunningDemo } from '../../demo/server.ts';
import { startDemo } from '../../demo/server.ts';
import { StartFault } from '../../demo/state.ts';
import {
  askAs,
  control,
  DemoBrowser,
  installTool,
  readForm,
  registrationOf,
} from '../support/demo-browser.ts';

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

  test('keeps what registered itself, where it is installed, and which courses are public', async () => {
    const options = { toolUrl: 'http://localhost:9', dataDir: folder, control: true };
    const first = await startDemo({ ...options, port: 0 });
    const installed = await installTool(first, registrationOf('https://tool.example'));
    await control(first, 'courses/101/public', { public: true });
    await first.close();
    const second = await startDemo({ ...options, port: first.port });
    running.push(second);
    const place = `/courses/101/external_tools/${String(installed.id)}`;
    const { fields } = readForm(await (await new DemoBrowser(second.url).get(place)).text());
    expect(fields).toMatchObject({
      client_id: installed.clientId,
      deployment_id: installed.deploymentId,
    });
  });

  test('reads the file of an older demo, and one that holds more than it knows', async () => {
    const first = await start(0, folder);
    await first.close();
    const path = join(folder, 'state.json');
    const state = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    for (const part of ['apps', 'moduleItems', 'publicCourses']) {
      expect(state).toHaveProperty(part, []);
      state[part] = undefined;
    }
    await writeFile(path, JSON.stringify({ ...state, fromTheFuture: 1 }));
    const { url } = await start(0, folder);
    const browser = new DemoBrowser(url);
    await browser.signIn(known.admin);
    expect((await browser.get('/accounts/1/apps')).status).toBe(200);
    expect((await browser.get('/courses/101/modules')).status).toBe(200);
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

describe('behind TLS', () => {
  const publicUrl = 'https://127.0.0.1:4443';
  const host = '127.0.0.1:4443';

  async function startBehind(): Promise<number> {
    const demo = await startDemo({ port: 0, toolUrl: 'https://localhost:9', dataDir: folder, publicUrl });
    running.push(demo);
    expect(demo.url).toBe(publicUrl);
    return demo.port;
  }

  const cookieOf = (answer: { headers: { 'set-cookie'?: string[] | undefined } }): string =>
    answer.headers['set-cookie']?.[0] ?? '';

  test('issuer, endpoints and the login request are the proxy’s', async () => {
    const port = await startBehind();
    const form = { 'content-type': 'application/x-www-form-urlencoded', origin: publicUrl };
    const body = new URLSearchParams({ person: String(known.teacher), return_to: '/courses/101' }).toString();
    const signedIn = await askAs(port, host, '/login', { ...form, body });
    expect(signedIn).toMatchObject({ status: 303, headers: { location: '/courses/101' } });
    const cookie = cookieOf(signedIn);
    for (const attribute of ['Secure', 'HttpOnly', 'SameSite=None']) expect(cookie).toContain(attribute);
    expect(cookie).not.toContain('Partitioned');
    const page = await askAs(port, host, '/courses/101/external_tools/5', {
      cookie: cookie.split(';')[0] ?? '',
    });
    const { action, fields } = readForm(page.body);
    expect(action).toBe('https://localhost:9/lti/login');
    expect(fields.iss).toBe(publicUrl);
    expect(page.headers['content-security-policy']).toContain(
      `frame-src 'self' ${publicUrl} https://localhost:9;`,
    );
    expect(page.headers['content-security-policy']).toContain(
      "frame-ancestors 'self' https://*.localhost:4443",
    );
    const start = await askAs(port, host, '/');
    for (const address of [
      `${publicUrl}/api/lti/authorize_redirect`,
      `${publicUrl}/login/oauth2/token`,
      `${publicUrl}/api/lti/security/jwks`,
    ]) {
      expect(start.body).toContain(address);
    }
    expect(identityOf(publicUrl).jwksUrl).toBe(`${publicUrl}/api/lti/security/jwks`);
  });

  test('forms come from the proxy’s origin, other names lead there, foreign ones nowhere', async () => {
    const port = await startBehind();
    const plain = `http://127.0.0.1:${String(port)}`;
    const form = { 'content-type': 'application/x-www-form-urlencoded', body: '' };
    expect((await askAs(port, host, '/logout', { ...form, origin: plain })).status).toBe(403);
    for (const name of [`127.0.0.1:${String(port)}`, `localhost:${String(port)}`, 'localhost:4443']) {
      expect(await askAs(port, name, '/courses?x=1')).toMatchObject({
        status: 302,
        headers: { location: `${publicUrl}/courses?x=1` },
      });
    }
    expect((await askAs(port, 'rebound.example', '/')).status).toBe(421);
    expect((await askAs(port, 'lea-sommer-1101.localhost:4443', '/phone')).body).toContain('Lea Sommer');
  });

  test.each(['http://127.0.0.1:4443', 'https://lms.example/path', 'lms.example'])(
    'an address that is none is refused at the start: %s',
    async (address) => {
      const starting = startDemo({
        port: 0,
        toolUrl: 'https://x.example',
        dataDir: folder,
        publicUrl: address,
      });
      await expect(starting).rejects.toThrow(/^DEMO_PUBLIC_URL must be an https address without a path\.$/);
    },
  );
});

describe('hosts', () => {
  test('a phone has a host of its own, which shows the phone and nothing else', async () => {
    const { url, port } = await start();
    const page = await (await fetch(`${url}/phone`)).text();
    expect(page).toContain(`http://lea-sommer-1101.localhost:${String(port)}/phone`);
    const phone = await askAs(port, `lea-sommer-1101.localhost:${String(port)}`, '/phone');
    expect(phone).toMatchObject({ status: 200 });
    expect(phone.body).toContain('Phone: Lea Sommer');
    const fresh = /http:\/\/(lea-sommer-1101--[a-z0-9]+\.localhost:\d+)\/phone/.exec(phone.body)?.[1] ?? '';
    expect((await askAs(port, fresh, '/phone')).body).toContain('Phone: Lea Sommer');
    for (const path of ['/courses', '/login', '/api/lti/authorize_redirect']) {
      expect((await askAs(port, `lea-sommer-1101.localhost:${String(port)}`, path)).status).toBe(404);
    }
    expect((await askAs(port, `nobody-1.localhost:${String(port)}`, '/phone')).status).toBe(404);
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
    const { url, port } = await start();
    expect(await askAs(port, `localhost:${String(port)}`, '/courses?x=1')).toMatchObject({
      status: 302,
      headers: { location: `${url}/courses?x=1` },
    });
    expect((await askAs(port, 'rebound.example', '/courses')).status).toBe(421);
  });
});
