import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '#lib/db/client.ts';
import { sealLogin } from '#lib/logins/login.ts';
import { seedHeldCourse } from '../bench/school.ts';
import { maxFileSize, metricsToken } from './stand.ts';
import type { Stand } from './stand.ts';
import { tryCommand } from './run-command.ts';
import { ask, askByHttp2, open } from './web.ts';
import type { WebAnswer, WebRequest } from './web.ts';

export interface Check {
  name: string;
  /** @returns what was seen, in a few words */
  work(): Promise<string>;
}

/** A class that is held now, with whom its teacher is to the tool. */
export interface HeldClass {
  /** Of its meeting, below /api. */
  path: string;
  headers: Readonly<Record<string, string>>;
  membershipIds: readonly string[];
  /** One of its students, and where their documents go. */
  student: { headers: Readonly<Record<string, string>>; documents: string };
}

export async function seedClass(stand: Stand): Promise<HeldClass> {
  const database = openDatabase(stand.settings.DATABASE_URL ?? '', {
    poolMax: 2,
    onIdleError: () => undefined,
  });
  try {
    const course = await seedHeldCourse(database.db, { students: 40, meetings: 2, now: new Date() });
    const secrets = { current: stand.settings.SESSION_SECRET ?? '' };
    const headersOf = async (personId = '') => {
      const login = await sealLogin(secrets, { personId, language: 'en' }, new Date());
      return { cookie: `__Host-sk_login=${login}`, origin: stand.toolUrl };
    };
    const [student] = course.members;
    return {
      path: `/api/courses/${course.courseId}/meetings/${course.meetingId}`,
      headers: await headersOf(course.teacher.personId),
      membershipIds: course.members.map(({ membershipId }) => membershipId),
      student: {
        headers: await headersOf(student?.personId),
        documents: `/api/courses/${course.courseId}/excuse-files`,
      },
    };
  } finally {
    await database.close();
  }
}

/** What a browser sees of Nginx' site. */
export async function siteChecks(stand: Stand, held: HeldClass): Promise<Check[]> {
  const ca = await readFile(stand.authority.authorityFile, 'utf8');
  const asked = (path: string, options: WebRequest = {}): Promise<WebAnswer> =>
    ask(`${stand.toolUrl}${path}`, { ca, ...options });
  return [
    {
      name: 'health',
      work: async () => {
        const [live, ready] = [await asked('/health'), await asked('/health/ready')];
        assert.equal(live.status, 200);
        assert.equal(ready.status, 200);
        return 'live and ready';
      },
    },
    {
      name: 'metrics',
      work: async () => {
        assert.equal((await asked('/metrics')).status, 404, 'a stranger reads metrics');
        const given = await asked('/metrics', { headers: { authorization: `Bearer ${metricsToken}` } });
        assert.equal(given.status, 200);
        return `closed to strangers; ${String(given.body.split('\n').length)} lines with the token`;
      },
    },
    { name: 'TLS', work: () => checkTls(stand) },
    {
      name: 'plain HTTP',
      work: async () => {
        const answer = await ask(`${stand.plainUrl}/lti/login?a=1`, { method: 'POST' });
        assert.equal(answer.status, 308);
        assert.equal(answer.headers.location, `${stand.toolUrl}/lti/login?a=1`);
        return '308 to https, with path and query';
      },
    },
    {
      name: "the tool's own port",
      work: async () => {
        // An address of this machine that is not the one on which Nginx asks.
        const past = `http://127.0.0.2:${stand.settings.PORT ?? ''}/health`;
        await assert.rejects(ask(past), { code: 'ECONNREFUSED' }, 'the tool is reached past Nginx');
        return 'open to this machine alone';
      },
    },
    {
      name: 'HTTP/2',
      work: async () => {
        assert.equal(await askByHttp2(`${stand.toolUrl}/health`, ca), 200);
        return 'spoken';
      },
    },
    {
      name: 'headers',
      work: async () => {
        const { headers } = await asked('/no-such-page', { headers: { accept: 'text/html' } });
        assert.match(headers['strict-transport-security'] ?? '', /max-age=\d{7,}/);
        assert.match(String(headers['content-security-policy']), /frame-ancestors/);
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.equal(headers.server, 'nginx');
        assert.equal(headers['x-powered-by'], undefined);
        return `HSTS ${headers['strict-transport-security'] ?? ''}; policy with frame-ancestors; no versions`;
      },
    },
    {
      name: 'hashed files',
      work: async () => {
        const path = `/_next/static/${await anyScript(stand.clone)}`;
        const first = await asked(path, { headers: { 'accept-encoding': 'gzip' } });
        assert.equal(first.status, 200);
        assert.equal(first.headers['content-encoding'], 'gzip');
        assert.match(first.headers['cache-control'] ?? '', /max-age=31536000.*immutable/);
        const phone = await asked('/c', { headers: { 'accept-encoding': 'gzip', accept: 'text/html' } });
        assert.equal(phone.headers['content-encoding'], undefined, 'a phone page is compressed');
        return 'compressed, kept for a year; phone pages as they come';
      },
    },
    {
      name: 'body limit',
      work: async () => {
        const path = held.path.replace(/\/meetings\/.*/, `/excuse-files/${crypto.randomUUID()}`);
        const body = Buffer.alloc(maxFileSize + 200_000);
        const program = await asked(path, { method: 'PUT', body, headers: { accept: 'application/json' } });
        assert.equal(program.status, 413);
        assert.deepEqual(JSON.parse(program.body), { kind: 'refused', why: 'too-large' });
        const page = await asked('/lti/launch', { method: 'POST', body, headers: { accept: 'text/html' } });
        assert.equal(page.status, 413);
        assert.match(page.body, /too large.*zu groß/s);
        const almost = await asked(path, { method: 'PUT', body: body.subarray(0, maxFileSize) });
        assert.notEqual(almost.status, 413, 'Nginx refuses what the tool would take');
        return `413 above ${String(maxFileSize)} bytes: JSON for the page's script, a page for people`;
      },
    },
    { name: 'live events', work: () => checkLiveEvents(stand, held, ca) },
    {
      name: 'access log',
      work: async () => {
        const secret = 'only-one-person-may-know-this';
        for (const kind of ['calendar', 'h', 'c', 'mail/unsubscribe', 'lti/register']) {
          await asked(`/${kind}/${secret}`, { headers: { referer: `${stand.toolUrl}/h/${secret}` } });
        }
        await asked(`/lti/login?login_hint=${secret}`);
        await asked(`/health?${secret}`);
        await ask(`${stand.plainUrl}/calendar/${secret}`);
        const lines = await logLines(stand, (line) => line.path === '/calendar/*' && line.status === 308);
        const said =
          JSON.stringify(lines) + (await readFile(join(stand.logDir, 'sk-attendance-error.log'), 'utf8'));
        assert.ok(!said.includes(secret), 'a secret address stands in the log');
        assert.ok(lines.some(({ path }) => path === '/lti/register/*'));
        assert.ok(lines.every(({ path }) => !path.includes('?')));
        return `${String(lines.length)} lines of JSON without secret addresses or queries`;
      },
    },
  ];
}

/** What stands before the tool answers for it while nobody is there. */
export async function awayCheck(stand: Stand, held: HeldClass): Promise<Check> {
  const ca = await readFile(stand.authority.authorityFile, 'utf8');
  const asked = (path: string, options: WebRequest = {}): Promise<WebAnswer> =>
    ask(`${stand.toolUrl}${path}`, { ca, ...options });
  return {
    name: 'no process at all',
    work: async () => {
      await stand.pm2.stop();
      const secret = 'asked-while-nobody-was-there';
      const page = await asked(`/calendar/${secret}`, { headers: { accept: 'text/html' } });
      assert.equal(page.status, 503);
      assert.match(page.body, /One moment.*Einen Moment/s);
      assert.match(page.body, /http-equiv="refresh"/);
      assert.equal(page.headers['retry-after'], '4');
      const sent = await asked('/lti/launch', { method: 'POST', headers: { accept: 'text/html' } });
      assert.doesNotMatch(sent.body, /http-equiv="refresh"/, 'what was sent would be asked for again');
      const program = await asked(`${held.path}/marks`, { headers: { accept: 'application/json' } });
      assert.deepEqual([program.status, JSON.parse(program.body)], [503, { error: 'unavailable' }]);
      const errors = await readFile(join(stand.logDir, 'sk-attendance-error.log'), 'utf8');
      assert.ok(!errors.includes(secret), 'the error log quotes a secret address');
      await stand.pm2.start();
      await stand.pm2.untilOnline(2);
      await until('the tool', async () => (await asked('/health/ready')).status === 200, 60_000);
      return '503 with a word when to come again, for people and for programs; then it is back';
    },
  };
}

async function checkTls(stand: Stand): Promise<string> {
  const port = new URL(stand.toolUrl).port;
  const say = (version: string, more: string[] = []) =>
    tryCommand(
      'openssl',
      [
        ...['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost', `-${version}`, ...more],
        ...['-CAfile', stand.authority.authorityFile, '-verify_return_error', '-alpn', 'h2,http/1.1'],
      ],
      { cwd: '/', env: stand.env },
    );
  for (const version of ['tls1_2', 'tls1_3']) {
    const { output } = await say(version);
    assert.match(output, /Verify return code: 0 \(ok\)/, `${version} is refused`);
    assert.match(output, /ALPN protocol: h2/);
  }
  // The client is made willing, so that it is the server that refuses.
  const old = await say('tls1_1', ['-cipher', 'ALL:@SECLEVEL=0']);
  assert.match(old.output, /alert protocol version/);
  return '1.2 and 1.3 by a certificate that counts; 1.1 refused by the server';
}

async function anyScript(clone: string): Promise<string> {
  const names = await readdir(join(clone, '.next/static'), { recursive: true });
  const script = names.find((name) => name.endsWith('.js') && name.startsWith('chunks/'));
  assert.ok(script !== undefined, 'the build has no scripts');
  return script;
}

/** One screen watches; what another marks is on it, without waiting for a buffer to fill. */
async function checkLiveEvents(stand: Stand, held: HeldClass, ca: string): Promise<string> {
  const stream = await open(`${stand.toolUrl}${held.path}/events`, {
    ca,
    headers: { ...held.headers, accept: 'text/event-stream' },
  });
  assert.equal(stream.statusCode, 200);
  let heard = '';
  stream.setEncoding('utf8').on('data', (text: string) => (heard += text));
  try {
    await until('the first snapshot', () => heard.includes('event: snapshot'));
    const [membershipId = ''] = held.membershipIds;
    const before = heard.length;
    const began = performance.now();
    await mark(stand, held, ca, membershipId);
    await until('the mark on the other screen', () => heard.slice(before).includes(membershipId));
    const ms = Math.round(performance.now() - began);
    assert.ok(ms < 2_000, `the mark took ${String(ms)} ms`);
    return `a mark stood on another screen after ${String(ms)} ms`;
  } finally {
    stream.destroy();
  }
}

/** Marks a member as present; throws unless the tool says that it is kept. */
async function mark(stand: Stand, held: HeldClass, ca: string, membershipId: string): Promise<void> {
  const answer = await ask(`${stand.toolUrl}${held.path}/marks`, {
    ...{ ca, method: 'POST' },
    headers: { ...held.headers, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      marks: [{ membershipId, revision: 0, change: { kind: 'word', status: 'present' } }],
    }),
  });
  assert.equal(answer.status, 200, `a mark is answered with ${String(answer.status)}: ${answer.body}`);
}

interface LogLine {
  path: string;
  status: number;
  method: string;
}

/** Nginx' access log, once it holds such a line. */
async function logLines(stand: Stand, expected: (line: LogLine) => boolean): Promise<LogLine[]> {
  let lines: LogLine[] = [];
  const read = async (): Promise<boolean> => {
    const text = await readFile(join(stand.logDir, 'sk-attendance.log'), 'utf8');
    lines = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogLine);
    return lines.some(expected);
  };
  await until('the line in the access log', read);
  return lines;
}

export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  for (const deadline = Date.now() + withinMs; !(await holds());) {
    assert.ok(Date.now() < deadline, `${what} did not come`);
    await delay(10);
  }
}
