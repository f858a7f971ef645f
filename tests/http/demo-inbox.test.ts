import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseEnv } from '#lib/base/env.ts';
import { mailCommands } from '#lib/cli/mail-commands.ts';
import type { CommandLine } from '#lib/cli/open-command-line.ts';
import { messageKinds } from '#lib/notices/queries.ts';
import { startDemo } from '../../demo/server.ts';
import type { RunningDemo } from '../../demo/server.ts';
import { testSecrets } from '../support/test-context.ts';

let folder: string;
let demo: RunningDemo;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-lms-'));
  demo = await startDemo({ port: 0, smtpPort: 0, toolUrl: 'http://localhost:9', dataDir: folder });
});
afterEach(async () => {
  await demo.close();
  await rm(folder, { recursive: true, force: true });
});

/** `mails sample`, as the operator runs it with this mail server. */
async function sendSamples(SMTP_URL: string | undefined) {
  const parsed = parseEnv({
    ...{ SESSION_SECRET: testSecrets.current, PUBLIC_URL: 'https://tool.example' },
    ...(SMTP_URL === undefined ? {} : { SMTP_URL, EMAIL_FROM: 'Attendance <attendance@school.example>' }),
  });
  if (!parsed.ok) throw new Error(parsed.problems.join());
  const line = {
    settings: parsed.env,
    clock: { now: () => new Date() },
  } as Partial<CommandLine> as CommandLine;
  const command = mailCommands.find(({ words }) => words === 'mails sample');
  return command?.run(line, { ADDRESS: 'me@school.example' });
}

const page = async (path: string) => {
  const answer = await fetch(demo.url + path);
  return { answer, text: await answer.text() };
};

test('a sample of each kind and language arrives, is listed, and is shown as text and as harmless HTML', async () => {
  const sent = await sendSamples(demo.smtpUrl);
  expect(sent).toMatchObject({ refused: false });
  for (const kind of messageKinds) expect(sent?.text).toContain(kind);

  const list = await page('/inbox');
  expect(list.text.match(/href="\/inbox\/\d+"/g)).toHaveLength(8);
  expect(list.text.indexOf('/inbox/8"')).toBeLessThan(list.text.indexOf('/inbox/1"'));

  const one = await page('/inbox/1');
  expect(one.text).toContain('Beispielkurs: Über deine Entschuldigung ist entschieden');
  expect(one.text).toContain('me@school.example');
  expect(one.text).toMatch(/<iframe[^>]*\ssandbox\s[^>]*src="\/inbox\/1\/html"/);

  const body = await page('/inbox/1/html');
  expect(body.text).toContain('<li>');
  expect(body.answer.headers.get('content-security-policy')).toContain("sandbox; default-src 'none'");
  expect((await page('/inbox/99')).answer.status).toBe(404);
});

test('the operator is told when no mail server is set up, and when it is not there', async () => {
  expect(await sendSamples(undefined)).toMatchObject({ refused: true });
  const gone = demo.smtpUrl;
  await demo.close();
  const told = await sendSamples(gone);
  expect(told).toMatchObject({ refused: true });
  expect(told?.text).toContain('look at SMTP_URL');
  demo = await startDemo({ port: 0, toolUrl: 'http://localhost:9', dataDir: folder });
  expect((await page('/inbox')).text).toContain('DEMO_SMTP_PORT');
});
