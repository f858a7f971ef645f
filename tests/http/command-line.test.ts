import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { testSecrets } from '../support/test-context.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Runs `npm run cli -- …` as an operator does: a process of its own. */
function cli(...words: string[]): Promise<{ code: number; out: string; said: string }> {
  const env = { PATH: process.env.PATH, DATABASE_URL: database.url, SESSION_SECRET: testSecrets.current };
  return new Promise((done) => {
    execFile(
      process.execPath,
      ['lib/cli/main.ts', ...words],
      { env: { ...process.env, ...env } },
      (error, out, said) => {
        done({ code: typeof error?.code === 'number' ? error.code : 0, out, said });
      },
    );
  });
}

const school = ['--issuer', 'https://canvas.instructure.com', '--client-id', '10000000000007'];

describe('npm run cli', () => {
  test('registers hosted Canvas by its issuer alone, shows it, switches it off and on', async () => {
    const added = await cli(
      'platforms',
      'add',
      ...school,
      '--deployment',
      '5:a',
      '--deployment',
      '6:b',
      '--json',
    );
    expect(JSON.parse(added.out)).toMatchObject({
      authorizeUrl: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
      jwksUrl: 'https://sso.canvaslms.com/api/lti/security/jwks',
    });
    await cli('platforms', 'disable', ...school);
    const list = async () => JSON.parse((await cli('platforms', 'list', '--json')).out) as unknown;
    expect(await list()).toMatchObject([{ disabled: true, deploymentIds: ['5:a', '6:b'] }]);
    await cli('platforms', 'enable', ...school);
    expect(await list()).toMatchObject([{ disabled: false }]);
  });

  test.each<[string, string[], number, RegExp]>([
    ['nothing', [], 0, /platforms add/],
    ['half a command', ['platforms'], 0, /platforms list/],
    ['an unknown command', ['plattforms', 'add'], 2, /platforms add/],
    [
      'a missing option',
      ['platforms', 'add', '--issuer', 'https://x.example'],
      2,
      /--client-id, --deployment/,
    ],
    ['an unknown option', ['platforms', 'list', '--wide'], 2, /--wide/],
    [
      'a platform that is not there',
      ['platforms', 'disable', '--issuer', 'https://x.example', '--client-id', '1'],
      1,
      /not registered \(platform-unknown\)/,
    ],
    ['help', ['platforms', 'add', '--help'], 0, /may be given several times/],
  ])('%s is answered in words', async (_what, words, code, answer) => {
    const result = await cli(...words);
    expect(result.out + result.said).toMatch(answer);
    expect(result.code).toBe(code);
  });

  test('settings that need mending are listed, all at once', async () => {
    const env = { ...process.env, SESSION_SECRET: 'short', DATABASE_URL: database.url, PORT: 'x' };
    const said = await new Promise<string>((done) => {
      execFile(
        process.execPath,
        ['lib/cli/main.ts', 'platforms', 'list'],
        { env },
        (_error, _out, stderr) => {
          done(stderr);
        },
      );
    });
    expect(said).toMatch(/SESSION_SECRET: must have at least 32/);
    expect(said).toMatch(/PORT/);
  });
});
