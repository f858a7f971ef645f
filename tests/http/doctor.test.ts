import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { insertAuditEvents } from '#lib/audit/queries.ts';
import { openBackups, putText } from '#lib/backups/open-backups.ts';
import { parseEnv } from '#lib/base/env.ts';
import type { Env } from '#lib/base/env.ts';
import { newId } from '#lib/base/ids.ts';
import { createLog } from '#lib/base/log.ts';
import { runCommand } from '#lib/cli/run-command.ts';
import { deployments, courses, toolKeys } from '#lib/db/schema.ts';
import { migrateDatabase } from '#lib/db/migrate.ts';
import { checkIds } from '#lib/doctor/rules.ts';
import type { Finding } from '#lib/doctor/rules.ts';
import { addJobRegularly, startQueue, stopQueue } from '#lib/jobs/queue.ts';
import { keepToolKey } from '#lib/platforms/keep-tool-key.ts';
import { loadPublicKeys } from '#lib/platforms/load-tool-keys.ts';
import { registerPlatformOfSettings } from '#lib/platforms/register-platform-of-settings.ts';
import { sealAudit } from '#lib/audit/seal-audit.ts';
import { startDemo } from '../../demo/server.ts';
import type { RunningDemo } from '../../demo/server.ts';
import { toolEnvironment } from '../../demo/identity.ts';
import { makeDatedCertificate } from '../support/dated-certificate.ts';
import { startFaultyFront } from '../support/faulty-front.ts';
import { freePort } from '../support/free-port.ts';
import { startMailServer } from '../support/mail-server.ts';
import type { MailServer } from '../support/mail-server.ts';
import { startS3Server } from '../support/s3-server.ts';
import { seedCourse } from '../support/seed-course.ts';
import { testSecrets, useTestContext } from '../support/test-context.ts';
import { databaseUrl, withClient } from '../support/test-server.ts';
import { createSigningKey, json, startRecordingServer } from '../support/test-platform.ts';
import type { RecordingServer } from '../support/test-platform.ts';

const tool = useTestContext();
let folder: string;
let address: RecordingServer;
let lms: RunningDemo;
let mail: MailServer;
let store: Awaited<ReturnType<typeof startS3Server>>;
/** The settings of an installation in which everything is in order. */
let settings: Record<string, string>;

/** What the tool's address shows for its keys. */
const show = (shown: unknown, status = 200) => {
  address.on('/lti/jwks', json(shown, status));
};
const ctxNow = () => tool.at(new Date());

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  address = await startRecordingServer(await freePort());
  lms = await startDemo({ port: 0, toolUrl: address.url, dataDir: join(folder, 'lms'), control: true });
  mail = await startMailServer();
  store = await startS3Server(join(folder, 'bucket'));
  const { bucket } = store;
  settings = {
    ...{ DATABASE_URL: tool.database.url, DATABASE_TLS: 'off', SESSION_SECRET: testSecrets.current },
    ...{ PUBLIC_URL: address.url, TZ: 'Europe/Berlin', SK_DATA_DIR: folder },
    ...toolEnvironment(lms.port),
    ALLOW_PRIVATE_HOSTS: new URL(lms.url).host,
    ...{ S3_BUCKET: bucket.bucket, S3_ENDPOINT: bucket.endpoint ?? '', S3_FORCE_PATH_STYLE: 'true' },
    ...{ S3_SERVER_SIDE_ENCRYPTION: 'none', S3_PREFIX: bucket.prefix },
    ...{ SMTP_URL: mail.url, EMAIL_FROM: 'Attendance <attendance@school.example>' },
  };
  const ctx = ctxNow();
  await keepToolKey(ctx);
  await registerPlatformOfSettings(ctx, read(settings));
  await seedCanvasCourse();
  show(await loadPublicKeys(ctx));
  await startQueue(tool.database.url, createLog('silent'));
  for (const name of [
    ...(['plan-roster-night', 'seal-audit', 'clean-documents'] as const),
    ...(['sweep-file-store', 'apply-retention'] as const),
  ]) {
    await addJobRegularly(name, { cron: '0 1 * * *', timeZone: 'UTC' });
  }
  await stopQueue();
  await keepBackup(new Date());
});
afterAll(async () => {
  await Promise.all([address.close(), lms.close(), mail.close(), store.close()]);
  await rm(folder, { recursive: true, force: true });
});

/** A course that stands in the LMS, in the installation that the settings name. */
async function seedCanvasCourse() {
  const { db } = tool.ctx;
  const [deployment] = await db.select().from(deployments);
  const seeded = await seedCourse(db, { platformId: deployment?.platformId ?? '' });
  await db
    .update(courses)
    .set({ canvasCourseId: '101', deploymentId: deployment?.id ?? '' })
    .where(eq(courses.id, seeded.courseId));
  return seeded.courseId;
}

async function keepBackup(startedAt: Date, { owner, to }: { owner?: string; to?: string } = {}) {
  const backups = openBackups(read(settings), to);
  const text = startedAt.toISOString();
  const name = `${text.slice(0, 19).replace(/[-:]/g, '').toLowerCase()}z-0a1b2c`;
  const file = { bytes: 0, sha256: '0'.repeat(64) };
  await putText(backups, {
    ...{ name, part: 'manifest', path: join(folder, 'manifest.json') },
    value: {
      ...{ format: 1, tool: owner ?? address.url, startedAt: text, endedAt: text, heads: null },
      database: { ...file, serverMajor: 18, dumpMajor: 18, rows: {} },
      documents: { areIncluded: true, files: [], missing: [] },
      ...{ secrets: ['0'.repeat(16)], erasedPeople: [] },
    },
  });
}

function read(source: Record<string, string>): Env {
  const parsed = parseEnv(source);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.env;
}

interface Report {
  code: number;
  healthy: boolean;
  findings: Finding[];
}

/** `npm run cli -- doctor --json` of this installation with other settings, within this process. */
async function examine(other: Record<string, string> = {}, ...words: string[]): Promise<Report> {
  const env = read({ ...settings, ...other });
  const unused = () => Promise.reject(new Error('doctor opens the database by itself'));
  const { code, out = '' } = await runCommand(['doctor', '--json', ...words], unused, () => env);
  return { code, ...(JSON.parse(out) as Omit<Report, 'code'>) };
}

/** What these tell of is the machine on which the tests run, and whether somebody has built the tool there. */
const ofThisMachine = ['memory', 'disk', 'program'];
/** What is not in order, as `state check`. */
const wrong = ({ findings }: Report) =>
  findings
    .filter(({ state, check }) => ['failed', 'warning'].includes(state) && !ofThisMachine.includes(check))
    .map(({ state, check }) => `${state} ${check}`);
const sentencesOf = ({ findings }: Report, check: Finding['check']) =>
  findings.filter((one) => one.check === check).map(({ sentence, cure }) => `${sentence} ${cure ?? ''}`);

/** The tests' database is on this machine, and quick rather than careful. */
const warnedInTests = new Map([
  ['database', 'for the server and for this role'],
  ['database-tls', 'DATABASE_TLS'],
]);

describe('doctor', () => {
  test('an installation in which everything is in order', async () => {
    const report = await examine();
    // The machine that the tests run on, and whether a build is there, is not the installation's doing.
    const findings = report.findings.filter(({ check }) => !ofThisMachine.includes(check));
    expect(findings.map(({ check, state, cure }) => [check, state, cure])).toEqual(
      [
        ...['settings', 'database', 'database-rights', 'migrations', 'connections', 'statement-timeout'],
        ...['pooler', 'database-tls', 'clock', 'time-zone', 'keys', 'public-url', 'certificate', 'platforms'],
        ...[
          'platform-keys',
          'platform-token',
          'canvas-api',
          'files',
          'mail',
          'queue',
          'log-of-changes',
          'backups',
        ],
      ].map((check) => {
        const warned = warnedInTests.get(check);
        return warned === undefined
          ? [check, check === 'certificate' ? 'not-checked' : 'ok', undefined]
          : [check, 'warning', expect.stringContaining(warned) as unknown];
      }),
    );
    expect([report.healthy, report.code]).toEqual([true, 0]);
  });

  test('nothing secret or personal is told', async () => {
    const { findings } = await examine({ SMTP_URL: 'smtp://me:hidden-word@127.0.0.1:9' });
    const told = JSON.stringify(findings);
    for (const secret of [testSecrets.current, settings.CANVAS_API_TOKEN ?? '', 'hidden-word', 'S3RVER']) {
      expect(told).not.toContain(secret);
    }
  });

  test.each<[string, () => Promise<Record<string, string>> | Record<string, string>, string[], RegExp]>([
    [
      'another secret',
      () => ({ SESSION_SECRET: 'f0rgotten-by-everybody-kqPz81Lm2vR7wTx4' }),
      ['failed keys', 'failed platform-token'],
      /does not open with SESSION_SECRET.*keys renew/,
    ],
    [
      'a mail server that stands still',
      async () => ({ SMTP_URL: `smtp://127.0.0.1:${String(await freePort())}` }),
      ['failed mail'],
      /does not take mails of ours.*firewall/,
    ],
    [
      'a bucket that is not there',
      () => ({ S3_BUCKET: 'elsewhere' }),
      ['failed files'],
      /there is no bucket "elsewhere".*documents are refused/,
    ],
    [
      'a token that was withdrawn',
      () => ({ CANVAS_API_TOKEN: 'withdrawn' }),
      ['failed canvas-api', 'failed canvas-api'],
      /Canvas does not take CANVAS_API_TOKEN.*make a new one/,
    ],
    [
      'an LMS that may not be asked',
      () => ({ ALLOW_PRIVATE_HOSTS: '' }),
      ['failed platform-keys', 'failed platform-token', 'failed canvas-api', 'failed canvas-api'],
      /is not asked \(not https\).*ALLOW_PRIVATE_HOSTS/,
    ],
    [
      'a name that nobody knows',
      () => ({ PUBLIC_URL: 'http://attendance.localhost:9' }),
      ['failed public-url', 'warning backups'],
      /could not be asked from here/,
    ],
  ])('%s has its sentence', async (_what, other, checks, words) => {
    const report = await examine(await other());
    expect(wrong(report)).toEqual(expectedWith(checks));
    expect(sentencesOf(report, (checks[0] ?? '').split(' ')[1] as Finding['check'])[0]).toMatch(words);
    expect([report.healthy, report.code]).toEqual([false, 1]);
  });

  test('a store that refuses', async () => {
    const front = await startFaultyFront(store.bucket.endpoint ?? '');
    front.begin({ kind: 'refuses', status: 403, code: 'AccessDenied' });
    const report = await examine({ S3_ENDPOINT: front.endpoint });
    await front.close();
    expect(sentencesOf(report, 'files')).toEqual([
      expect.stringMatching(/may not put, get, delete and list/),
    ]);
  });

  test('another installation at PUBLIC_URL: the platform does not know us either', async () => {
    const { publicJwk } = await createSigningKey();
    show({ keys: [publicJwk] });
    const report = await examine();
    show(await loadPublicKeys(ctxNow()));
    expect(wrong(report)).toEqual(expectedWith(['failed public-url', 'failed platform-token']));
    expect(sentencesOf(report, 'public-url')).toEqual([
      expect.stringMatching(/^Another installation answers at .*none of its keys is ours/),
    ]);
    expect(sentencesOf(report, 'platform-token')).toEqual([
      expect.stringMatching(/does not know us \(invalid_request\).*PUBLIC_URL\/lti\/jwks/),
    ]);
  });

  test.each<[string, unknown, number, RegExp]>([
    ['a proxy without the tool', {}, 502, /answers with status 502.*does not reach the tool/],
    ['another program', { hello: 'world' }, 200, /shows no keys: something else/],
  ])('%s at PUBLIC_URL', async (_what, shown, status, words) => {
    show(shown, status);
    const report = await examine();
    show(await loadPublicKeys(ctxNow()));
    expect(sentencesOf(report, 'public-url')).toEqual([expect.stringMatching(words)]);
  });

  test('a redirect from PUBLIC_URL is told with where it leads', async () => {
    address.on('/lti/jwks', (_request, response) => {
      response.writeHead(301, { location: 'https://www.tool.example/lti/jwks' }).end();
    });
    const report = await examine();
    show(await loadPublicKeys(ctxNow()));
    expect(sentencesOf(report, 'public-url')).toEqual([
      expect.stringMatching(/sends everybody on to https:\/\/www\.tool\.example\./),
    ]);
  });

  test.each<[string, number, number, RegExp]>([
    ['that has expired', -40, -3, /expired [34] days ago.*Renew it/],
    ['by nobody who is known', -1, 90, /is not trusted here \(DEPTH_ZERO_SELF_SIGNED_CERT\).*whole chain/],
  ])('a certificate %s', async (_what, from, to, words) => {
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000);
    const certificate = await makeDatedCertificate(join(folder, `tls${String(to)}`), {
      ...{ from: day(from), to: day(to) },
    });
    const server = createSecureServer(certificate, (_request, response) => response.end());
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    const report = await examine({ PUBLIC_URL: `https://localhost:${String(port)}` });
    server.close();
    server.closeAllConnections();
    expect(sentencesOf(report, 'certificate')).toEqual([expect.stringMatching(words)]);
    expect(sentencesOf(report, 'public-url')).toEqual([expect.stringMatching(/See the check "certificate"/)]);
  });

  test('a database that is behind: what needs it waits, the rest is looked at', async () => {
    const bare = databaseUrl(tool.database.url, `${new URL(tool.database.url).pathname.slice(1)}_bare`);
    const name = new URL(bare).pathname.slice(1);
    await withClient(tool.database.url, (client) => client.query(`create database "${name}"`));
    const report = await examine({ DATABASE_URL: bare });
    expect(sentencesOf(report, 'migrations')).toEqual([
      expect.stringMatching(
        /^The database is behind this release; to be run: 0000_first,.*cli -- db migrate/,
      ),
    ]);
    expect(report.findings.find(({ check }) => check === 'keys')).toMatchObject({
      ...{ state: 'not-checked', sentence: 'The database is behind: see "migrations".' },
    });
    expect(report.findings.find(({ check }) => check === 'files')).toMatchObject({ state: 'ok' });
  });

  test('tables that another role has set up: which, and how they become ours', async () => {
    const url = new URL(tool.database.url);
    const [earlier, role] = ['earlier', 'later'].map((when) => `${when}_${url.pathname.slice(1)}`) as [
      string,
      string,
    ];
    const asAdministrator = (statements: string) =>
      withClient(tool.database.url, (client) => client.query(statements));
    await asAdministrator(
      `create role ${earlier}; alter schema drizzle owner to ${earlier}; create role ${role} login password 'later'`,
    );
    onTestFinished(async () => {
      await asAdministrator(`alter schema drizzle owner to current_user; drop role ${earlier}, ${role}`);
    });
    Object.assign(url, { username: role, password: 'later' });
    const report = await examine({ DATABASE_URL: url.href });
    expect(sentencesOf(report, 'database-rights')).toEqual([
      expect.stringMatching(new RegExp(`has set them up\\..*reassign owned by .+ to ${role};`)),
    ]);
    const notRead = report.findings.filter(({ sentence }) => sentence.includes('"database-rights"'));
    expect(notRead.map(({ check, state }) => `${state} ${check}`)).toEqual(
      [
        ...['migrations', 'clock', 'keys', 'public-url', 'platforms', 'platform-keys', 'platform-token'],
        ...['canvas-api', 'queue', 'log-of-changes'],
      ].map((check) => `not-checked ${check}`),
    );
    await expect(migrateDatabase(url.href)).rejects.toThrow(
      /were set up by the role .+, and .+reassign owned/,
    );
  });

  test.each<[string, () => Promise<string>, RegExp]>([
    [
      'is away',
      async () => `postgres://me@127.0.0.1:${String(await freePort())}/attendance`,
      /Nobody listens where the database should be/,
    ],
    [
      'is called otherwise',
      () => Promise.resolve(databaseUrl(tool.database.url, 'nowhere')),
      /no such database on this server/,
    ],
  ])('a database that %s hides nothing else', async (_what, url, words) => {
    const report = await examine({ DATABASE_URL: await url() });
    expect(sentencesOf(report, 'database')).toEqual([expect.stringMatching(words)]);
    expect(report.findings.find(({ check }) => check === 'keys')).toMatchObject({
      ...{ state: 'not-checked', sentence: 'Needs the database.' },
    });
    expect(report.findings.filter(({ check }) => ['files', 'mail'].includes(check))).toEqual([
      expect.objectContaining({ state: 'ok' }),
      expect.objectContaining({ state: 'ok' }),
    ]);
  });

  test('changes that nobody seals, and a key of long ago', async () => {
    const ctx = ctxNow();
    const [course] = await ctx.db.select().from(courses);
    const longAgo = new Date(Date.now() - 3_600_000);
    await insertAuditEvents({ ...ctx, now: longAgo }, [
      ...[
        {
          courseId: course?.id ?? '',
          subjectId: newId(),
          action: 'meeting.created',
          before: null,
          after: {},
        },
      ],
    ]);
    await ctx.db.update(toolKeys).set({ createdAt: new Date('2020-01-01T00:00:00Z') });
    const report = await examine();
    expect(sentencesOf(report, 'log-of-changes')).toEqual([
      expect.stringMatching(/^1 changes? .*not sealed.*audit verify/),
    ]);
    expect(sentencesOf(report, 'keys')).toEqual([expect.stringMatching(/days old.*keys rotate/)]);
    await sealAudit(ctx, { headsFile: join(folder, 'heads.jsonl') });
    await ctx.db.update(toolKeys).set({ createdAt: new Date() });
  });

  test('an installation that waits for approval', async () => {
    const ctx = ctxNow();
    const [deployment] = await ctx.db.select().from(deployments);
    const id = newId();
    await ctx.db
      .insert(deployments)
      .values({ id, platformId: deployment?.platformId ?? '', deploymentId: '99:new' });
    const report = await examine();
    await ctx.db.delete(deployments).where(eq(deployments.id, id));
    expect(sentencesOf(report, 'platforms')).toEqual([
      expect.stringMatching(/wait for approval: 1\..*deployments list --pending/),
    ]);
    expect([report.healthy, report.code]).toEqual([true, 0]);
  });

  test("another installation's backup in the same place does not hide that there is none of ours", async () => {
    const BACKUP_TO = join(folder, 'backups-of-others');
    await keepBackup(new Date(), { owner: 'https://other.example', to: BACKUP_TO });
    const report = await examine({ BACKUP_TO });
    expect(wrong(report)).toContain('warning backups');
    expect(sentencesOf(report, 'backups')).toEqual([
      expect.stringMatching(/no backup of this installation/) as unknown,
    ]);
  });

  test('--offline asks nobody else', async () => {
    const before = address.received.length;
    const report = await examine({ SMTP_URL: 'smtp://127.0.0.1:9' }, '--offline');
    expect(address.received).toHaveLength(before);
    expect(
      report.findings.filter(({ sentence }) => sentence.includes('--offline')).map(({ check }) => check),
    ).toEqual([
      ...['public-url', 'certificate', 'platform-keys', 'platform-token', 'canvas-api'],
      ...['files', 'mail', 'backups'],
    ]);
    expect(report.code).toBe(0);
  });

  test('a word too many is a mistake, not a finding', async () => {
    const unused = () => Promise.reject(new Error('nothing is opened'));
    const { code, said } = await runCommand(['doctor', 'everything'], unused, () => read(settings));
    expect(code).toBe(2);
    expect(said).toMatch(/^Too much: everything/);
  });

  test('the program prints its table on stdout, and its exit code tells', { timeout: 60_000 }, async () => {
    const env = { ...process.env, ...settings, SESSION_SECRET: 'f0rgotten-by-everybody-kqPz81Lm2vR7wTx4' };
    const words = ['lib/cli/main.ts', 'doctor', '--offline'];
    const { code, out, said } = await new Promise<{ code: unknown; out: string; said: string }>((done) => {
      execFile(process.execPath, words, { env }, (error, out, said) => {
        done({ code: error?.code ?? 0, out, said });
      });
    });
    expect(code).toBe(1);
    expect(out).toMatch(
      /^ok {6} +settings +All settings[^]*FAILED +keys +What lies sealed[^]*-> Set the right one/,
    );
    expect(out).toMatch(/1 failed, \d+ to look at, \d+ in order, \d+ not checked\./);
    expect(said).toBe('');
  });
});

/** With what is always worth a look here. */
function expectedWith(checks: string[]): string[] {
  const all = [...checks, ...[...warnedInTests.keys()].map((check) => `warning ${check}`)];
  const place = (one: string) => checkIds.indexOf(one.split(' ')[1] as Finding['check']);
  return all.sort((a, b) => place(a) - place(b));
}
