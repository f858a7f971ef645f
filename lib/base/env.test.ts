import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { databaseUrlOf, parseEnv } from './env.ts';
import { editDistance } from './likely-settings.ts';

const secret = 'n0t-known-to-anybody-kqPz81Lm2vR7wTx4';
const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://tool.example' };

type Source = Record<string, string | undefined>;

function accepted(source: Source) {
  const result = parseEnv({ SESSION_SECRET: secret, ...source });
  if (!result.ok) throw new Error(result.problems.join('\n'));
  return result.env;
}

function problems(source: Source): string[] {
  const result = parseEnv({ SESSION_SECRET: secret, ...source });
  return result.ok ? [] : result.problems;
}

describe('settings', () => {
  test('nothing but a secret is needed', () => {
    expect(accepted({})).toMatchObject({ PORT: 3001, PUBLIC_URL: 'http://localhost:3001', DB_POOL_MAX: 20 });
    expect(accepted({}).warnings).toEqual([]);
  });

  test('an empty variable means "not set"', () => {
    const env = accepted({ DATABASE_URL: '', PORT: '' });
    expect([env.PORT, env.DATABASE_URL]).toEqual([3001, undefined]);
  });

  test('what is set is read as what it means', () => {
    const set = {
      ...{ S3_FORCE_PATH_STYLE: '1', DB_CONNECT_TIMEOUT_SECONDS: '0.5', MAX_FILE_SIZE: '1048576' },
      ALLOW_PRIVATE_HOSTS: 'Moodle.intranet:443, 10.0.0.5:80 [fd00::5]:8443',
    };
    expect(accepted(set)).toMatchObject({
      ...{ S3_FORCE_PATH_STYLE: true, DB_CONNECT_TIMEOUT_SECONDS: 0.5, MAX_FILE_SIZE: 1_048_576 },
      ALLOW_PRIVATE_HOSTS: ['moodle.intranet:443', '10.0.0.5:80', '[fd00::5]:8443'],
    });
  });

  test.each<[string, Source, string]>([
    [
      'a path',
      { PUBLIC_URL: 'https://tool.example/attendance' },
      'without a path: set it to https://tool.example',
    ],
    [
      'no protocol',
      { PUBLIC_URL: 'tool.example' },
      'PUBLIC_URL must be a whole address that begins with https://',
    ],
    [
      'http where people work',
      { ...production, PUBLIC_URL: 'http://tool.example' },
      'PUBLIC_URL must begin with https://',
    ],
    ['a short secret', { SESSION_SECRET: 'short' }, 'SESSION_SECRET must have at least 32'],
    ['a sample secret', { SESSION_SECRET: 'change-me-change-me-change-me-change' }, 'sample value'],
    ['a monotonous secret', { SESSION_SECRET: 'a'.repeat(40) }, 'sample value'],
    [
      'a sample for the previous one',
      { SESSION_SECRET_PREVIOUS: 'your-secret-your-secret-your-secret' },
      'SESSION_SECRET_PREVIOUS is a sample',
    ],
    ['a guessable token of metrics', { METRICS_TOKEN: 'password-password' }, 'METRICS_TOKEN is a sample'],
    [
      'half a platform',
      { CANVAS_CLIENT_ID: '10000000000001' },
      'Set also: CANVAS_PLATFORM_URL, CANVAS_DEPLOYMENT_ID.',
    ],
    [
      "a school's own address for the issuer",
      {
        ...{ CANVAS_PLATFORM_URL: 'https://school.instructure.com/', CANVAS_CLIENT_ID: '1' },
        CANVAS_DEPLOYMENT_ID: '1:a',
      },
      'set it to https://canvas.instructure.com. The school',
    ],
    [
      'the beta environment of a school for its issuer',
      {
        ...{ CANVAS_PLATFORM_URL: 'https://school.beta.instructure.com', CANVAS_CLIENT_ID: '1' },
        CANVAS_DEPLOYMENT_ID: '1:a',
      },
      'set it to https://canvas.beta.instructure.com',
    ],
    ['a token for no installation', { CANVAS_API_TOKEN: 'abc' }, 'CANVAS_BASE_URL'],
    [
      'a token that is none',
      { CANVAS_API_TOKEN: 'a b', CANVAS_BASE_URL: 'https://school.example' },
      'no token has',
    ],
    ['half a database', { DB_HOST: 'db.example' }, 'Set also: DB_NAME, DB_USER.'],
    [
      "a database's host with its port",
      { DB_HOST: 'db.example:5433', DB_NAME: 'att', DB_USER: 'me' },
      'DB_HOST must be a host alone',
    ],
    [
      'a whole address for a host',
      { DB_HOST: 'postgres://db.example', DB_NAME: 'att', DB_USER: 'me' },
      'DB_HOST must be a host alone',
    ],
    ['a direct address alone', { DATABASE_DIRECT_URL: 'postgres://a/b' }, 'goes beside DATABASE_URL'],
    ['another database', { DATABASE_URL: 'mysql://me@db.example/att' }, 'must be postgres://'],
    [
      "the tool's own database where the disk goes",
      { ...production, DYNO: 'web.1' },
      'Attendance would be lost',
    ],
    [
      'half of the credentials',
      { S3_BUCKET: 'b', AWS_ACCESS_KEY_ID: 'a' },
      'Set also: AWS_SECRET_ACCESS_KEY.',
    ],
    [
      'a bucket of another kind for backups',
      { BACKUP_TO: 'gs://bucket/nightly' },
      'BACKUP_TO must be a folder',
    ],
    ['a bucket for backups without its name', { BACKUP_TO: 's3:///nightly' }, 'BACKUP_TO must be a folder'],
    ['a mail server without a sender', { SMTP_URL: 'smtp://mail.example' }, 'EMAIL_FROM'],
    [
      'a mail server without a protocol',
      { SMTP_URL: 'mail.example:587', EMAIL_FROM: 'a@b.example' },
      'smtps://',
    ],
    [
      'a password of the mail server that ends too early',
      { SMTP_URL: 'smtp://me:12#34@mail.example', EMAIL_FROM: 'a@b.example' },
      '%23 %2F',
    ],
    ['a sender without an address', { EMAIL_FROM: 'Attendance' }, 'EMAIL_FROM must hold an e-mail address'],
    [
      'a port beyond',
      { PORT: '70000' },
      'PORT must be a whole number from 0 to 65535. It is set to "70000".',
    ],
    ['a size with its unit', { MAX_FILE_SIZE: '5MB' }, 'MAX_FILE_SIZE must be a whole number'],
    ['a zone that is none', { TZ: 'Europe/Berln' }, 'TZ names no time zone; an example is Europe/Berlin'],
    ['an unknown word', { DATABASE_TLS: 'prefer' }, 'must be one of off, require, verify'],
    ['an unknown mode', { NODE_ENV: 'staging' }, 'must be one of development, production, test'],
    ['perhaps', { S3_FORCE_PATH_STYLE: 'perhaps' }, 'must be true or false'],
    ['a host without its port', { ALLOW_PRIVATE_HOSTS: 'moodle.intranet' }, 'such as moodle.intranet:443'],
    ['a page that frames', { FRAME_ANCESTORS: 'https://a.example/path' }, 'origins without a path'],
    ['an address for a host', { REGISTRATION_OPEN_HOSTS: 'https://a.example' }, 'hosts without https://'],
  ])('%s is refused in words', (_name, source, words) => {
    expect(problems(source)).toEqual([expect.stringContaining(words)]);
  });

  test.each([['p#ss'], ['p/ss'], ['12/34@56'], ['p?ss'], ['50%off']])(
    'a password with an unescaped character (%s) is told, and not shown',
    (password) => {
      const [sentence = '', ...more] = problems({
        DATABASE_URL: `postgres://me:${password}@db.example:5432/att`,
      });
      expect(more).toEqual([]);
      expect(sentence).toMatch(/^DATABASE_URL cannot be read.*%23 %2F %3F %25 %40 %3A/);
      expect(sentence).not.toContain(password);
    },
  );

  test.each([
    'postgres://a/b',
    'postgresql://me@db.example/att?sslmode=require',
    'postgres://me:p%23%2F%40ss@db.example:5432/att',
    'postgres:///att?host=/var/run/postgresql',
    'postgres://me:a+b@[::1]:5432/att',
  ])('%s names a database', (url) => {
    expect(databaseUrlOf(accepted({ DATABASE_URL: url }))).toBe(url);
  });

  test.each<[string, Source, string]>([
    ['a trailing slash', { PUBLIC_URL: 'https://tool.example/' }, 'was read as https://tool.example'],
    ['capitals', { PUBLIC_URL: 'https://TOOL.example' }, 'was read as https://tool.example'],
    ['http while it is tried out', { PUBLIC_URL: 'http://tool.example' }, 'PUBLIC_URL is not https'],
    ['no address', { NODE_ENV: 'production' }, 'PUBLIC_URL is not set'],
    ['a secret twice', { SESSION_SECRET_PREVIOUS: secret }, 'is the same as SESSION_SECRET'],
    [
      'an authority that is not asked',
      { DATABASE_CA: 'ca.pem', DATABASE_TLS: 'require' },
      'does nothing with DATABASE_TLS=require',
    ],
    ['no authority to ask', { DATABASE_TLS: 'verify' }, 'set DATABASE_CA'],
    [
      'a database twice',
      { DATABASE_URL: 'postgres://a/b', DB_HOST: 'a', DB_NAME: 'b', DB_USER: 'c' },
      'DATABASE_URL counts',
    ],
    ['another region', { S3_BUCKET: 'b', AWS_REGION: 'eu-central-1' }, 'AWS_REGION says eu-central-1'],
    ['a store without a bucket', { S3_ENDPOINT: 'https://s3.example' }, 'Set S3_BUCKET'],
    ['a sender without a server', { EMAIL_FROM: 'a@b.example' }, 'Set SMTP_URL'],
    [
      'a typing error',
      { S3_BUCKT: 'documents' },
      'S3_BUCKT is no setting of this tool. Did you mean S3_BUCKET?',
    ],
    ['two letters swapped', { SMPT_URL: 'smtp://a' }, 'Did you mean SMTP_URL?'],
    ['a name of elsewhere', { BASE_URL: 'https://a.example' }, 'Did you mean PUBLIC_URL?'],
    ['small letters', { database_url: 'postgres://a/b' }, 'Did you mean DATABASE_URL?'],
  ])('%s is accepted with a warning', (_name, source, words) => {
    expect(accepted(source).warnings).toEqual([expect.stringContaining(words)]);
  });

  test('a name that resembles one that is set is left alone', () => {
    expect(
      accepted({ S3_BUCKET: 'documents', S3_BUCKETS: 'more', PGPORT: '5432', PORT: '1' }).warnings,
    ).toEqual([]);
  });

  test.each<[string, Source, number]>([
    ['Heroku without a bucket', { DYNO: 'web.1' }, 1],
    ['Heroku with a bucket', { DYNO: 'web.1', S3_BUCKET: 'documents' }, 0],
    ['a pod without a bucket', { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, 1],
    ['a pod with a volume', { KUBERNETES_SERVICE_HOST: '10.0.0.1', EPHEMERAL_DISK: 'false' }, 0],
    ['a machine that is thrown away', { EPHEMERAL_DISK: 'true' }, 1],
    ["a machine of one's own", {}, 0],
  ])('%s: is it said that documents would be lost?', (_, source, warnings) => {
    const env = accepted({ ...production, DATABASE_URL: 'postgres://a/b', ...source });
    expect(env.warnings).toEqual(Array(warnings).fill(expect.stringContaining('S3_BUCKET')));
  });

  test.each<[string, Source, number]>([
    ['a folder on Heroku', { DYNO: 'web.1', BACKUP_TO: '/app/backups' }, 1],
    ['a bucket, from Heroku', { DYNO: 'web.1', BACKUP_TO: 's3://backups/nightly' }, 0],
    ["a folder of one's own machine", { BACKUP_TO: '/srv/backups' }, 0],
  ])('%s: is it said that backups would be lost?', (_, source, warnings) => {
    const settings = { ...production, DATABASE_URL: 'postgres://a/b', S3_BUCKET: 'documents', ...source };
    expect(accepted(settings).warnings).toEqual(
      Array(warnings).fill(expect.stringMatching(/^Backups would be lost/)),
    );
  });

  test('all mistakes are listed at once, with what was probably meant', () => {
    const said = problems({ SESSION_SECRET: undefined, SESION_SECRET: secret, PORT: 'x', LOG_LEVEL: 'loud' });
    expect(said).toEqual([
      expect.stringMatching(/^PORT must be/),
      expect.stringMatching(/^SESSION_SECRET is missing\. .*openssl rand -base64 48/),
      expect.stringMatching(/^LOG_LEVEL must be one of/),
      'SESION_SECRET is no setting of this tool. Did you mean SESSION_SECRET?',
    ]);
  });

  test('the database is named by a URL or by parts', () => {
    expect(databaseUrlOf(accepted({}))).toBeUndefined();
    expect(databaseUrlOf(accepted({ DATABASE_URL: 'postgres://a/b' }))).toBe('postgres://a/b');
    expect(
      databaseUrlOf(accepted({ DB_HOST: 'db.example', DB_NAME: 'att', DB_USER: 'me@x', DB_PASSWORD: 'p/w' })),
    ).toBe('postgres://me%40x:p%2Fw@db.example:5432/att');
  });

  test.each([
    ['db_1.example', 'postgres://me@db_1.example:5432/att'],
    ['::1', 'postgres://me@[::1]:5432/att'],
    ['[fd00::2]', 'postgres://me@[fd00::2]:5432/att'],
    ['/run/postgresql', 'postgres://me@localhost:5432/att?host=%2Frun%2Fpostgresql'],
  ])('the host %s is the one that is asked', (host, address) => {
    expect(databaseUrlOf(accepted({ DB_HOST: host, DB_NAME: 'att', DB_USER: 'me' }))).toBe(address);
  });
});

test('how far two names are apart is the same both ways, and nothing only for one name', () => {
  const name = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(name, name, (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance === 0).toBe(a === b);
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});
