import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { insertAuditEvents } from '#lib/audit/queries.ts';
import { sealAudit } from '#lib/audit/seal-audit.ts';
import { parseEnv } from '#lib/base/env.ts';
import { newId } from '#lib/base/ids.ts';
import { createLog } from '#lib/base/log.ts';
import { openCommandLine, openWithoutLimits } from '#lib/cli/open-command-line.ts';
import { runCommand } from '#lib/cli/run-command.ts';
import type { Ended } from '#lib/cli/run-command.ts';
import { openDatabase } from '#lib/db/client.ts';
import type { OpenDatabase } from '#lib/db/client.ts';
import { auditEvents, auditSeals, courses, toolKeys } from '#lib/db/schema.ts';
import { admitDeployment } from '#lib/platforms/admit-deployment.ts';
import { keepToolKey } from '#lib/platforms/keep-tool-key.ts';
import { registerPlatform } from '#lib/platforms/register-platform.ts';
import { runCli } from '../support/run-cli.ts';
import { seedCourse } from '../support/seed-course.ts';
import { createTestDatabase } from '../support/test-database.ts';
import type { TestDatabase } from '../support/test-database.ts';
import { testSecrets } from '../support/test-context.ts';

let testDatabase: TestDatabase;
let database: OpenDatabase;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase(testDatabase.url, { poolMax: 2, onIdleError: () => undefined });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const environment = () => ({
  DATABASE_URL: testDatabase.url,
  SESSION_SECRET: testSecrets.current,
  PUBLIC_URL: 'https://tool.example',
});

/** A command with these settings, up to what it prints; within this process, which is ten times as fast. */
function cliWith(settings: Record<string, string>, words: readonly string[]): Promise<Required<Ended>> {
  return runCli({ ...environment(), ...settings }, words);
}

/** `npm run cli -- …` as an operator runs it: a process of its own. */
function programWith(settings: Record<string, string>, words: readonly string[]): Promise<Required<Ended>> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      ['lib/cli/main.ts', ...words],
      { env: { ...process.env, ...environment(), ...settings } },
      (error, out, said) => {
        done({ code: typeof error?.code === 'number' ? error.code : 0, out, said });
      },
    );
  });
}

const cli = (...words: string[]) => cliWith({}, words);
const json = async (...words: string[]) => JSON.parse((await cli(...words, '--json')).out) as unknown;

function background(secrets = testSecrets) {
  return { db: database.db, now: new Date(), viewer: undefined, log: createLog('silent'), secrets };
}

describe('npm run cli', () => {
  test.each<[string, string[], number, RegExp]>([
    ['nothing', [], 0, /platforms add[^]*deployments move OLD NEW[^]*keys rotate/],
    ['half a command', ['platforms'], 0, /platforms list/],
    ['an unknown command', ['plattforms', 'add'], 2, /platforms add/],
    ['an option before its command', ['--json', 'backup'], 2, /^--json goes behind a command/],
    ['a missing option', ['platforms', 'add', '--preset', 'canvas'], 2, /Missing: --client-id/],
    ['an unknown option', ['platforms', 'list', '--wide'], 2, /--wide/],
    ['a missing argument', ['deployments', 'move', '1:a'], 2, /Missing: NEW/],
    ['an argument too many', ['deployments', 'approve', '1:a', '2:b'], 2, /Too much: 2:b/],
    ['an argument where none is', ['keys', 'list', 'all'], 2, /Too much: all/],
    ['help', ['platforms', 'add', '--help'], 0, /may be given several times/],
    ['help with arguments', ['deployments', 'move', '--help'], 0, /deployments move OLD NEW[^]*--dry-run/],
    [
      'a platform that is not there',
      ['platforms', 'disable', '--issuer', 'https://x.example', '--client-id', '1'],
      1,
      /not registered \(platform-unknown\)/,
    ],
    ['an unknown deployment', ['deployments', 'approve', '1:a'], 1, /No deployment is called 1:a/],
    ['a link that is not there', ['platforms', 'uninvite', '7'], 1, /no registration link 7/],
    [
      'days that are none',
      ['platforms', 'invite', '--days', '0'],
      2,
      /--days is a whole number from 1 to 90/,
    ],
    ['haste', ['keys', 'rotate', '--signs-in', '5'], 2, /--signs-in is a whole number from 10 to/],
    ['haste and more haste', ['keys', 'rotate', '--now', '--signs-in', '30'], 2, /not both/],
  ])('%s is answered in words', async (_what, words, code, answer) => {
    const result = await cli(...words);
    expect(result.out + result.said).toMatch(answer);
    expect(result.code).toBe(code);
  });

  test.each<[string, string[], number, 'out' | 'said', RegExp]>([
    ['what was asked for on stdout', ['deployments', 'list', '--json'], 0, 'out', /^\[\]\n$/],
    ['a refusal on stderr', ['platforms', 'uninvite', '7'], 1, 'said', /^There is no registration link 7/],
    ['a mistake on stderr', ['keys', 'rotate', '--wide'], 2, 'said', /^Unknown option '--wide'/],
  ])('the program says %s', async (_what, words, code, where, answer) => {
    const ended = await programWith({}, words);
    expect(ended[where]).toMatch(answer);
    expect(ended[where === 'out' ? 'said' : 'out']).toBe('');
    expect(ended.code).toBe(code);
  });

  test('a statement that fails is told without its values', async () => {
    const rename = (from: string, to: string) => database.pool.query(`alter table ${from} rename to ${to}`);
    await rename('people', 'people_away');
    try {
      const { said, code } = await cli('privacy', 'find', '--name', 'Anna Beispiel');
      expect(said).toMatch(/^relation "people" does not exist/);
      expect(said).not.toContain('Anna');
      expect(code).toBe(1);
    } finally {
      await rename('people_away', 'people');
    }
  });

  test('where each address of a database fails, every reason is told', async () => {
    const reasons = [new Error('connect ECONNREFUSED ::1:1'), new Error('connect ECONNREFUSED 127.0.0.1:1')];
    const open = () => Promise.reject(new AggregateError(reasons));
    const ended = await runCommand(['platforms', 'list'], open);
    expect(ended).toEqual({
      code: 1,
      said: 'connect ECONNREFUSED ::1:1; connect ECONNREFUSED 127.0.0.1:1\n',
    });
  });

  test('a limit that the database brings for pages does not end the work of a command', async () => {
    const { pathname } = new URL(testDatabase.url);
    await database.pool.query(`alter database "${pathname.slice(1)}" set statement_timeout = '7s'`);
    const own = openWithoutLimits(testDatabase.url);
    try {
      const { rows } = await own.pool.query('show statement_timeout');
      expect(rows).toEqual([{ statement_timeout: '0' }]);
    } finally {
      await own.close();
      await database.pool.query(`alter database "${pathname.slice(1)}" reset statement_timeout`);
    }
  });

  test('a command that cannot begin leaves no database server running', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sk-own-'));
    const parsed = parseEnv({ ...environment(), DATABASE_URL: undefined, SK_DATA_DIR: folder });
    if (!parsed.ok) throw new Error(parsed.problems.join());
    // Its own server is started; what migrations need is not there.
    const settings = { ...parsed.env, DATABASE_DIRECT_URL: 'postgres://me@127.0.0.1:1/a' };
    try {
      await expect(openCommandLine(true, settings)).rejects.toThrow(/ECONNREFUSED/);
      const cluster = join(folder, 'postgres', 'cluster');
      expect(existsSync(join(cluster, 'PG_VERSION'))).toBe(true);
      expect(existsSync(join(cluster, 'postmaster.pid'))).toBe(false);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('settings that need mending are listed, all at once', async () => {
    const { said, code } = await programWith({ SESSION_SECRET: 'short', PORT: 'x' }, ['platforms', 'list']);
    expect(said).toMatch(/SESSION_SECRET must have at least 32/);
    expect(said).toMatch(/PORT/);
    expect(code).toBe(1);
  });
});

describe('platforms add', () => {
  const moodle = {
    issuer: 'https://moodle.example/campus',
    authorizeUrl: 'https://moodle.example/campus/mod/lti/auth.php',
    tokenUrl: 'https://moodle.example/campus/mod/lti/token.php',
    jwksUrl: 'https://moodle.example/campus/mod/lti/certs.php',
    warnings: [],
  };
  const ownCanvas = {
    authorizeUrl: 'https://canvas.example/api/lti/authorize_redirect',
    tokenUrl: 'https://canvas.example/login/oauth2/token',
    jwksUrl: 'https://canvas.example/api/lti/security/jwks',
  };
  const free = ['--authorize-url', 'https://lms.example/a', '--token-url', 'https://lms.example/t'];
  const freeWithKeys = [...free, '--jwks-url', 'https://lms.example/k'];

  test.each<[string, string[], Record<string, unknown>]>([
    [
      'hosted Canvas',
      ['--preset', 'canvas'],
      {
        issuer: 'https://canvas.instructure.com',
        authorizeUrl: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
        tokenUrl: 'https://sso.canvaslms.com/login/oauth2/token',
        jwksUrl: 'https://sso.canvaslms.com/api/lti/security/jwks',
      },
    ],
    [
      'hosted Canvas, by its issuer',
      ['--issuer', 'https://canvas.instructure.com'],
      { jwksUrl: 'https://sso.canvaslms.com/api/lti/security/jwks' },
    ],
    [
      'its beta',
      ['--preset', 'canvas-beta'],
      {
        issuer: 'https://canvas.beta.instructure.com',
        jwksUrl: 'https://sso.beta.canvaslms.com/api/lti/security/jwks',
      },
    ],
    ['its test', ['--preset', 'canvas-test'], { issuer: 'https://canvas.test.instructure.com' }],
    [
      'a Canvas of one’s own',
      ['--preset', 'canvas-self-hosted', '--url', 'https://canvas.example'],
      { issuer: 'https://canvas.example', ...ownCanvas },
    ],
    [
      'one whose lti_iss was forgotten',
      [
        '--preset',
        'canvas-self-hosted',
        '--url',
        'https://canvas.example',
        '--issuer',
        'https://canvas.instructure.com',
      ],
      { issuer: 'https://canvas.instructure.com', ...ownCanvas },
    ],
    ['Moodle', ['--preset', 'moodle', '--url', 'https://moodle.example/campus'], moodle],
    [
      'Moodle, copied with a slash',
      ['--preset', 'moodle', '--url', 'https://moodle.example/campus/'],
      moodle,
    ],
    [
      'a preset with one address of its own',
      ['--preset', 'canvas', '--token-url', 'https://school.example/login/oauth2/token'],
      { tokenUrl: 'https://school.example/login/oauth2/token', issuer: 'https://canvas.instructure.com' },
    ],
    [
      'free values',
      ['--issuer', 'https://lms.example', ...freeWithKeys],
      { issuer: 'https://lms.example', authorizeUrl: 'https://lms.example/a', warnings: [] },
    ],
    [
      'an issuer with a slash: kept so, with a warning',
      ['--issuer', 'https://lms.example/', ...freeWithKeys],
      { issuer: 'https://lms.example/', warnings: [expect.stringMatching(/ends with a slash/)] },
    ],
    [
      'a school’s address as issuer: kept so, with a warning',
      ['--issuer', 'https://school.instructure.com', ...freeWithKeys],
      { warnings: [expect.stringMatching(/The issuer of Canvas .* is https:\/\/canvas\.instructure\.com/)] },
    ],
  ])('knows %s', async (_what, words, registered) => {
    const answer = await json('platforms', 'add', ...words, '--client-id', '10000000000003');
    expect(answer).toMatchObject({ clientId: '10000000000003', deploymentIds: [], ...registered });
  });

  test.each<[string, string[], RegExp]>([
    ['nothing', [], /Which platform\?[^]*--preset canvas [^]*--preset moodle/],
    [
      'an issuer that could be anything',
      ['--issuer', 'https://lms.example'],
      /What kind of platform is https:\/\/lms\.example\?[^]*--preset canvas-self-hosted[^]*--jwks-url/,
    ],
    [
      'a school’s address alone',
      ['--issuer', 'https://school.instructure.com'],
      /for every school: use --preset canvas/,
    ],
    ['half of the addresses', ['--issuer', 'https://lms.example', ...free], /What kind of platform/],
    ['a preset that is none', ['--preset', 'ilias'], /no preset ilias, only canvas, canvas-beta/],
    ['Moodle without its address', ['--preset', 'moodle'], /needs --url/],
    ['Canvas with an address', ['--preset', 'canvas', '--url', 'https://x.example'], /leave --url out/],
    [
      'Canvas with another issuer',
      ['--preset', 'canvas', '--issuer', 'https://x.example'],
      /The issuer of canvas is https:\/\/canvas\.instructure\.com/,
    ],
    ['an address that is none', ['--preset', 'moodle', '--url', 'moodle.example'], /--url is an address/],
  ])('asks back at %s', async (_what, words, answer) => {
    const { said, code } = await cli('platforms', 'add', ...words, '--client-id', '1');
    expect(said).toMatch(answer);
    expect(code).toBe(2);
  });

  test('says what comes next when no deployment is named, by the setting', async () => {
    const add = ['platforms', 'add', '--preset', 'canvas-test', '--client-id', '10000000000004'];
    expect((await cli(...add)).out).toMatch(/approved by it/);
    expect((await cliWith({ APPROVE_DEPLOYMENTS: 'never' }, add)).out).toMatch(/then waits/);
  });

  test('is shown with its deployments, switched off and on', async () => {
    const school = ['--issuer', 'https://canvas.instructure.com', '--client-id', '10000000000007'];
    await cli('platforms', 'add', ...school, '--deployment', '5:a', '--deployment', '6:b');
    await cli('platforms', 'disable', ...school);
    const shown = async () =>
      ((await json('platforms', 'list')) as { clientId: string }[]).filter(
        ({ clientId }) => clientId === '10000000000007',
      );
    expect(await shown()).toMatchObject([{ disabled: true, deploymentIds: ['5:a', '6:b'] }]);
    await cli('platforms', 'enable', ...school);
    expect(await shown()).toMatchObject([{ disabled: false }]);
  });
});

describe('platforms invite', () => {
  test('makes a link, shows that it is open, and withdraws it; of the token nothing is kept', async () => {
    const { out } = await cli('platforms', 'invite', '--note', 'Berufsschule Süd');
    expect(out).toMatch(/^https:\/\/tool\.example\/lti\/register\/[\w-]{43}\n/);
    const [open] = (await json('platforms', 'invites')) as { id: string }[];
    expect(open).toMatchObject({ note: 'Berufsschule Süd' });
    const token = /register\/([\w-]{43})/.exec(out)?.[1] ?? '';
    expect(JSON.stringify(await json('platforms', 'invites'))).not.toContain(token);
    expect((await cli('platforms', 'uninvite', open?.id ?? '')).out).toMatch(/withdrawn/);
    expect((await cli('platforms', 'invites')).out).toBe('No registration link is open.\n');
  });

  test('holds for as many days as are said', async () => {
    const invite = (await json('platforms', 'invite', '--days', '2')) as { expiresAt: string };
    const hours = (new Date(invite.expiresAt).getTime() - Date.now()) / 3_600_000;
    expect(hours).toBeCloseTo(48, 1);
  });
});

describe('deployments', () => {
  const platform = (clientId: string) =>
    registerPlatform(background(), {
      issuer: 'https://canvas.example',
      clientId,
      name: 'Canvas',
      authorizeUrl: 'https://canvas.example/authorize',
      tokenUrl: 'https://canvas.example/token',
      jwksUrl: 'https://canvas.example/jwks',
      deploymentIds: [],
    });
  const wait = (platformId: string, deploymentId: string) =>
    expect(
      admitDeployment(background(), { platformId, deploymentId, approval: 'never' }),
    ).rejects.toMatchObject({ code: 'deployment-pending' });

  test('that wait are shown, approved, and refused', async () => {
    const { id } = await platform('waiting');
    expect((await cli('deployments', 'list', '--pending')).out).toBe('No deployment waits for approval.\n');
    await wait(id, '31:new');
    await wait(id, '32:unwanted');
    const shown = (await cli('deployments', 'list', '--pending')).out;
    expect(shown).toMatch(/waits since .* UTC {2}0 courses {2}31:new/);
    expect((await cli('platforms', 'list')).out).toMatch(/deployment 31:new {2}\(waits for approval\)/);
    const [first] = (await json('deployments', 'list', '--pending')) as { id: string }[];
    expect(await json('deployments', 'approve', first?.id ?? '')).toMatchObject({ deploymentId: '31:new' });
    expect((await cli('deployments', 'refuse', '32:unwanted')).out).toBe('refused: 32:unwanted\n');
    expect(await json('deployments', 'list', '--pending')).toEqual([]);
    const refused = await cli('deployments', 'refuse', '31:new');
    expect(refused).toMatchObject({
      code: 1,
      said: expect.stringMatching(/is approved, or holds courses/) as string,
    });
  });

  test('of the same name are told apart', async () => {
    await wait((await platform('twin-1')).id, '41:twin');
    await wait((await platform('twin-2')).id, '41:twin');
    const { said, code } = await cli('deployments', 'approve', '41:twin');
    expect(said).toMatch(/Several platforms .* by its own id: [\w-]{36}, [\w-]{36}/);
    expect(code).toBe(1);
  });

  test('move: rehearsed, then done, with everything that has to be done beside it', async () => {
    const course = await seedCourse(database.db);
    await course.addMeeting();
    await wait(course.platformId, '51:new');
    const list = (await json('deployments', 'list')) as { deploymentId: string; courses: number }[];
    const old = list.find(({ courses }) => courses === 1)?.deploymentId ?? '';
    const move = ['deployments', 'move', old, '51:new'];
    expect((await cli(...move, '--dry-run')).out).toMatch(
      /Would move 1 course[^]*Meisterkurs Elektrotechnik, 1 meeting\n[^]*Nothing was changed/,
    );
    const settings = {
      CANVAS_PLATFORM_URL: 'https://canvas.example',
      CANVAS_CLIENT_ID: '1',
      CANVAS_DEPLOYMENT_ID: old,
    };
    const { out } = await cliWith(settings, move);
    expect(out).toMatch(/Moved 1 course[^]*not admitted any more[^]*Set CANVAS_DEPLOYMENT_ID to 51:new/);
    const again = await cli(...move, '--json');
    expect(JSON.parse(again.out)).toEqual({ kind: 'nothing-there', dryRun: false });
    expect(again.code).toBe(1);
  });

  test('say how their courses count unless those say otherwise', async () => {
    const { courseId } = await seedCourse(database.db);
    const list = (await json('deployments', 'list')) as { id: string; courses: number }[];
    const [row] = await database.db.select().from(courses).where(eq(courses.id, courseId));
    const id = list.find((deployment) => deployment.id === row?.deploymentId)?.id ?? '';
    const policy = (...words: string[]) => cli('deployments', 'policy', id, ...words);
    expect((await policy()).out).toMatch(/^graceMinutes +5\n[^]*absentAfterMinutes +never\n/);
    const set = await policy('--set', 'graceMinutes=10', '--set', 'absentAfterMinutes=30');
    expect(set.out).toMatch(/^graceMinutes +10 +\(the tool's own: 5\)\n[^]*Changed: graceMinutes, absent/);
    expect(await json('deployments', 'policy', id, '--reset', 'graceMinutes')).toMatchObject({
      id,
      fields: ['graceMinutes'],
      policy: { graceMinutes: 5, absentAfterMinutes: 30 },
    });
    const evidence = await policy(
      ...['--set', 'checkOutRequired=true', '--set', 'allowedNetworks=192.0.2.0/24 2001:db8::/32'],
      ...['--set', 'roomPosition=52.52003, 13.40495', '--set', 'roomRadiusMeters=100'],
    );
    expect(evidence.out).toMatch(
      /^allowedNetworks +192\.0\.2\.0\/24 2001:db8::\/32 +\(the tool's own: any\)$/m,
    );
    expect(evidence.out).toMatch(/^roomPosition +52\.52003, 13\.40495 +\(the tool's own: never\)$/m);
    expect((await policy('--set', 'allowedNetworks=campus')).said).toMatch(
      /^Nothing was changed:\n {2}allowedNetworks: “campus” is no network/,
    );
    expect(
      await json('deployments', 'policy', id, '--set', 'allowedNetworks=any', '--set', 'roomPosition=never'),
    ).toMatchObject({ policy: { allowedNetworks: '', roomPosition: null, checkOutRequired: true } });
    const refused = await policy('--set', 'graceMinutes=45');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.said).toMatch(/^Nothing was changed:\n {2}absentAfterMinutes: This must be more/);
    for (const [words, said] of [
      [['--set', 'grace=1'], /There is no field "grace". There are: graceMinutes,/],
      [['--set', 'graceMinutes'], /for example graceMinutes=10/],
      [['--reset', 'checkIn'], /There is no field "checkIn"/],
    ] as const) {
      expect(await policy(...words)).toMatchObject({ code: 2, said: expect.stringMatching(said) as string });
    }
  });
});

describe('keys', () => {
  const newSecret = 'an0ther-that-nobody-knows-Rw83kLq1ZtVb6Yx';

  test('rotate once, are shown with what they are good for, and not twice at a time', async () => {
    await database.db.delete(toolKeys);
    expect((await cli('keys', 'list')).out).toMatch(/no key yet/);
    await keepToolKey(background());
    expect((await cli('keys', 'rotate', '--signs-in', '30')).out).toMatch(
      /published now and signs from .* UTC[^]*stays published until .* UTC/,
    );
    expect((await cli('keys', 'list')).out).toMatch(/waiting .*\n.*signing .*shown until/);
    const again = await cli('keys', 'rotate');
    expect(again).toMatchObject({ code: 1, said: expect.stringMatching(/under way/) as string });
    expect((await cli('keys', 'rotate', '--now')).out).toMatch(
      /signs from now on[^]*Withdrawn at once: .*, /,
    );
    expect(await json('keys', 'list')).toMatchObject([
      { state: 'signing', opens: true },
      { state: 'withdrawn' },
      { state: 'withdrawn' },
    ]);
  });

  test('move over to a new secret', async () => {
    const both = { SESSION_SECRET: newSecret, SESSION_SECRET_PREVIOUS: testSecrets.current };
    await database.db.delete(toolKeys);
    await keepToolKey(background());
    expect((await cliWith(both, ['keys', 'reseal'])).out).toMatch(
      /Sealed anew: 1 tool key, 0 audit keys, 0 check-in secrets, 0 calendar links, 0 personal codes/,
    );
    expect((await cliWith({ SESSION_SECRET: newSecret }, ['keys', 'reseal'])).out).toMatch(/already/);
    expect((await cli('keys', 'list')).out).toMatch(/does not open with this SESSION_SECRET/);
  });

  test.each([['reseal'], ['rotate'], ['rotate', '--now']])(
    'whose secret is lost: keys %s %s says the ways out',
    async (...words) => {
      await database.db.delete(toolKeys);
      await keepToolKey(background());
      const { said, code } = await cliWith({ SESSION_SECRET: newSecret }, ['keys', ...words]);
      expect(said).toMatch(/another SESSION_SECRET[^]*SESSION_SECRET_PREVIOUS[^]*keys reseal[^]*keys renew/);
      expect(said).not.toMatch(/ at /);
      expect(code).toBe(1);
    },
  );

  test('are renewed when it is lost for good', async () => {
    await database.db.delete(toolKeys);
    await keepToolKey(background());
    const lost = { SESSION_SECRET: newSecret };
    expect((await cliWith(lost, ['keys', 'renew'])).out).toMatch(
      /Withdrawn, [^]*New key, [^]*What remains to be done:[^]*\/lti\/jwks[^]*from their course again/,
    );
    expect((await cliWith(lost, ['keys', 'renew'])).out).toMatch(/no key was changed/);
    expect((await cliWith(lost, ['keys', 'reseal'])).out).toMatch(/1 secret of long ago could not be opened/);
  });
});

describe('audit', () => {
  let folder: string;
  let headsFile: string;
  let seeded: Awaited<ReturnType<typeof seedCourse>>;
  let annaId: string;
  const ask = (...words: string[]) => cliWith({ SK_DATA_DIR: folder }, words);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'audit-'));
    headsFile = join(folder, 'audit-heads.jsonl');
    await database.db.delete(auditEvents);
    await database.db.delete(auditSeals);
    seeded = await seedCourse(database.db);
    const anna = await seeded.addMember('Anna Beispiel');
    annaId = anna.personId;
    await insertAuditEvents(
      background(),
      [anna.membershipId, newId(), newId()].map((subjectId) => ({
        ...{ courseId: seeded.courseId, action: 'membership.ended', subjectId, before: { a: 1 } },
      })),
    );
    await sealAudit(background(), { headsFile, batch: 2 });
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('verify says in words that all is as it was sealed', async () => {
    const { code, out } = await ask('audit', 'verify');
    expect(out).toBe(
      `Nothing was found: 3 changes of 1 course under 2 seals are as they were sealed.\nCompared with 2 heads of ${headsFile}.\n`,
    );
    expect(code).toBe(0);
    const found = await ask('audit', 'verify', '--course', seeded.courseId, '--heads', headsFile, '--json');
    expect(JSON.parse(found.out)).toMatchObject({ proven: true, seals: 2, problems: [], headsFile });
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'an edited row',
      () => database.db.update(auditEvents).set({ before: { a: 2 } }),
      /^3 problems in 3 changes of 1 course under 2 seals:\n- course \S+, seal 1: the change \S+ is not as it was sealed\./,
    ],
    [
      'a seal of another key',
      () => database.db.update(auditSeals).set({ mac: 'x' }).where(eq(auditSeals.number, 2)),
      /seal 2: the seal does not fit[^]*seal 2 is another one than was kept outside/,
    ],
    [
      'a removed row',
      () => database.db.delete(auditEvents).where(eq(auditEvents.sealPosition, 1)),
      /seal 1: 1 change removed\./,
    ],
    [
      'a cut tail',
      async () => {
        const [last] = await database.db.select().from(auditSeals).where(eq(auditSeals.number, 2));
        await database.db.delete(auditEvents).where(eq(auditEvents.sealId, last?.id ?? ''));
        await database.db.delete(auditSeals).where(eq(auditSeals.number, 2));
      },
      /seal 2 is known outside, but the database has none: the end was cut off\./,
    ],
    [
      'that nothing outside vouches for it',
      () => rm(headsFile),
      /^Nothing was found[^]*There is no \S+audit-heads\.jsonl: nobody can tell/,
    ],
  ])('verify finds %s, and ends with 1', async (_what, act, answer) => {
    await act();
    const { code, out, said } = await ask('audit', 'verify');
    expect(said).toMatch(answer);
    expect([code, out]).toEqual([1, '']);
  });

  test('erase says how much went, and all still verifies', async () => {
    const erased = await ask('audit', 'erase', '--person', annaId);
    expect(erased.out).toBe("Erased 1 change in 1 course; each course's log says how many.\n");
    expect(await ask('audit', 'erase', '--person', annaId)).toMatchObject({
      ...{ code: 0, out: `The log tells nothing of ${annaId}, or no more.\n` },
    });
    expect((await ask('audit', 'verify')).out).toMatch(
      /^Nothing was found: 4 changes[^]*The content of 1 change was erased/,
    );
  });

  test.each<[string, string[], RegExp]>([
    [
      'a file that is not there',
      ['verify', '--heads', '/nowhere/heads'],
      /There is no file \/nowhere\/heads/,
    ],
    ['a course that is no id', ['verify', '--course', 'Meisterkurs'], /--course is an id/],
    ['a person that is no id', ['erase', '--person', 'Anna'], /--person is an id/],
    ['nobody', ['erase'], /Missing: --person/],
  ])('%s is a mistake', async (_what, words, answer) => {
    const { code, said } = await ask('audit', ...words);
    expect(said).toMatch(answer);
    expect(code).toBe(2);
  });
});
