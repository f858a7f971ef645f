import { describe, expect, test } from 'vitest';
import { databaseUrlOf, parseEnv } from './env.ts';

const secret = 'n0t-known-to-anybody-kqPz81Lm2vR7wTx4';

function accepted(source: Record<string, string | undefined>) {
  const result = parseEnv({ SESSION_SECRET: secret, ...source });
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.env;
}

function problems(source: Record<string, string | undefined>): string[] {
  const result = parseEnv({ SESSION_SECRET: secret, ...source });
  return result.ok ? [] : result.problems;
}

describe('settings', () => {
  test('nothing but a secret is needed', () => {
    expect(accepted({})).toMatchObject({ PORT: 3001, PUBLIC_URL: 'http://localhost:3001', DB_POOL_MAX: 20 });
  });

  test('an empty variable means "not set"', () => {
    const env = accepted({ DATABASE_URL: '', PORT: '' });
    expect([env.PORT, env.DATABASE_URL]).toEqual([3001, undefined]);
  });

  test.each([
    ['https://tool.example/', 'https://tool.example'],
    ['https://TOOL.example', 'https://tool.example'],
  ])('PUBLIC_URL %s is read as %s, with a warning', (given, read) => {
    const env = accepted({ PUBLIC_URL: given });
    expect(env.PUBLIC_URL).toBe(read);
    expect(env.warnings).toEqual([expect.stringContaining(read)]);
  });

  test.each([
    ['Heroku without a bucket', { DYNO: 'web.1' }, 1],
    ['Heroku with a bucket', { DYNO: 'web.1', S3_BUCKET: 'documents' }, 0],
    ["a machine of one's own", {}, 0],
  ])('%s: is it said that documents would be lost?', (_, source, warnings) => {
    const env = accepted({ NODE_ENV: 'production', PUBLIC_URL: 'https://tool.example', ...source });
    expect(env.warnings).toEqual(Array(warnings).fill(expect.stringContaining('S3_BUCKET')));
  });

  test.each([
    ['a path', { PUBLIC_URL: 'https://tool.example/attendance' }, 'without a path'],
    ['a short secret', { SESSION_SECRET: 'short' }, 'at least 32'],
    ['a sample secret', { SESSION_SECRET: 'change-me-change-me-change-me-change' }, 'sample value'],
    ['a monotonous secret', { SESSION_SECRET: 'a'.repeat(40) }, 'sample value'],
    ['half a platform', { CANVAS_CLIENT_ID: '10000000000001' }, 'CANVAS_PLATFORM_URL'],
    ['a token for no installation', { CANVAS_API_TOKEN: 'abc' }, 'CANVAS_BASE_URL'],
    [
      'a token that is none',
      { CANVAS_API_TOKEN: 'a b', CANVAS_BASE_URL: 'https://school.example' },
      'no token has',
    ],
    ['half a database', { DB_HOST: 'db.example' }, 'DB_NAME'],
    ['a port beyond', { PORT: '70000' }, 'PORT'],
  ])('%s is refused in words', (_name, source, words) => {
    expect(problems(source).join('\n')).toContain(words);
  });

  test('all mistakes are listed at once', () => {
    expect(problems({ SESSION_SECRET: undefined, PORT: 'x', LOG_LEVEL: 'loud' })).toHaveLength(3);
    expect(problems({ SESSION_SECRET: undefined })).toEqual(['SESSION_SECRET is missing.']);
  });

  test('the database is named by a URL or by parts', () => {
    expect(databaseUrlOf(accepted({}))).toBeUndefined();
    expect(databaseUrlOf(accepted({ DATABASE_URL: 'postgres://a/b' }))).toBe('postgres://a/b');
    expect(
      databaseUrlOf(accepted({ DB_HOST: 'db.example', DB_NAME: 'att', DB_USER: 'me@x', DB_PASSWORD: 'p/w' })),
    ).toBe('postgres://me%40x:p%2Fw@db.example:5432/att');
  });
});
