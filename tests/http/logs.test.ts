import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { errorFacts } from '#lib/base/log.ts';
import type { Log } from '#lib/base/log.ts';
import { tellRequestError } from '#lib/http/tell-request-error.ts';
import { quietConsole } from '#lib/watching/quiet-console.ts';
import { createRouteOf } from '#lib/watching/route-templates.ts';
import { watchRequests } from '#lib/watching/watch-server.ts';
import { searchLog } from '../support/search-log.ts';
import type { PersonalText } from '../support/search-log.ts';

interface Line {
  level: string;
  facts: Record<string, unknown>;
  message: string;
}

function recordingLog(): { log: Log; lines: Line[] } {
  const lines: Line[] = [];
  const write = (level: string) => (facts: object, message: string) => {
    lines.push({ level, facts: { ...facts }, message });
  };
  const log: Log = {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: () => log,
  };
  return { log, lines };
}

/** As PostgreSQL's driver tells of a row that is there already. */
function telltaleError(): Error {
  return Object.assign(new Error('Key (email)=(ann@example.org) exists\n at Ann Example'), {
    code: '23505',
    detail: 'Key (email)=(ann@example.org) already exists.',
  });
}

describe('the line of a request', () => {
  async function ask(path: string, headers: Record<string, string> = {}, status = 200): Promise<Line[]> {
    const { log, lines } = recordingLog();
    const watch = watchRequests(log, createRouteOf(['/c/[code]', '/health']));
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      watch(request, response);
      seen.push(request.headers['x-request-id'] as string);
      response.statusCode = status;
      response.end('done');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    await (await fetch(`http://127.0.0.1:${String(port)}${path}`, { headers })).text();
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    expect(lines.map(({ facts }) => facts.requestId)).toEqual(seen);
    return lines;
  }

  it('says route, status and time, and nothing of what came in', async () => {
    const [line] = await ask('/c/7H2KMMPQ?name=Ann', { 'user-agent': 'Ann', cookie: 'sk_login=Ann' }, 404);
    expect(line?.facts).toEqual({
      requestId: expect.stringMatching(/^[\w-]{12}$/) as string,
      method: 'GET',
      route: '/c/[code]',
      status: 404,
      ms: expect.any(Number) as number,
    });
    expect(line?.level).toBe('info');
  });

  it.each([
    ['keeps the id that a balancer gave', 'balancer-0123456789', 'balancer-0123456789'],
    ['takes no id that is something else', 'ann@example.org', undefined],
  ])('%s', async (_, given, kept) => {
    const [line] = await ask('/nowhere', { 'x-request-id': given });
    expect(line?.facts.route).toBe('other');
    expect(line?.facts.requestId === given).toBe(kept !== undefined);
  });

  it.each([
    ['/health', 200, 'debug'],
    ['/_next/static/chunks/a.js', 200, 'debug'],
    ['/health', 503, 'info'],
  ])('%s with %i is told at level %s', async (path, status, level) => {
    expect((await ask(path, {}, status))[0]?.level).toBe(level);
  });
});

describe('what packages and errors say', () => {
  const before = { ...globalThis.console };
  afterEach(() => {
    Object.assign(globalThis.console, before);
    vi.unstubAllEnvs();
  });

  it('is told by name, code and place', () => {
    const facts = errorFacts(new Error('Ann', { cause: telltaleError() }));
    expect(JSON.stringify(facts)).not.toMatch(/ann/i);
    expect(facts).toMatchObject({
      error: 'Error',
      cause: { code: '23505', place: expect.any(Array) as string[] },
    });
  });

  it('loses its words on the console, not its place', () => {
    const { log, lines } = recordingLog();
    quietConsole(log);
    globalThis.console.error('Ann Example', telltaleError());
    globalThis.console.warn('Ann Example');
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toMatch(/ann|example\.org/i);
    expect(lines[0]).toMatchObject({ level: 'error', facts: { code: '23505' } });
    expect(JSON.stringify(lines[1]?.facts.printedAt)).toContain('logs.test.ts');
  });

  it('is told once, with its request', () => {
    vi.stubEnv('SESSION_SECRET', 'n0t-known-to-anybody-kqPz81Lm2vR7wTx4');
    vi.stubEnv('LOG_LEVEL', 'silent');
    const { log, lines } = recordingLog();
    quietConsole(log);
    const error = telltaleError();
    tellRequestError(error, { headers: {} }, { routePath: '/c/[code]', routeType: 'route' });
    globalThis.console.error(error);
    expect(lines).toEqual([]);
  });
});

describe('the search for personal texts', () => {
  const texts: PersonalText[] = [
    { kind: 'a name', text: 'Will Li', where: 'anywhere' },
    { kind: 'a part of a name', text: 'Will', where: 'word' },
    { kind: 'a part of a name', text: 'Li', where: 'word' },
    { kind: 'an e-mail address', text: 'will.li@example.org', where: 'anywhere' },
    { kind: 'a code', text: 'k7m2', where: 'code' },
    { kind: 'the text of an excuse', text: 'I was ill, with a fever.', where: 'anywhere' },
  ];
  const inLog = (facts: object) => searchLog(`\n${JSON.stringify({ level: 30, ...facts })}\n`, texts);

  it.each([
    ['a name in a message', { msg: 'Will Li was checked in' }, 'a name'],
    ['a name in an address', { path: '/members?q=will%20li' }, 'a name'],
    ['a short name alone', { who: 'Li' }, 'a part of a name'],
    ['a short name in quotes, deep inside', { facts: [{ detail: 'Key ("Li")' }] }, 'a part of a name'],
    ['an address in capitals', { to: 'WILL.LI@EXAMPLE.ORG' }, 'an e-mail address'],
    ['an address in an address', { url: 'mailto=will.li%40example.org' }, 'an e-mail address'],
    ['a text within another', { msg: 'said: I was ill, with a fever. And more' }, 'the text of an excuse'],
    ['a scanned code', { path: '/c/k7m2a9b8c7d6e5f4g' }, 'a code'],
    ['a typed code as it is shown', { facts: { typed: 'K7M2-A9B8' } }, 'a code'],
    ['a key', { cookie: 'sk_login=Fe26.2*1*d3b07384d113edec49eaa6238ad5ff00' }, 'something like a token'],
    ['a key in the place of a code', { code: 'd3b07384d113edec49eaa6' }, 'something like a token'],
    ['a ticket', { at: 'scan:abcdefghijKlmnopqrs_tuvw' }, 'something like a token'],
  ])('finds %s', (_, facts, kind) => {
    expect(inLog(facts)).toContainEqual({ line: 2, kind });
  });

  it('finds a line that packages have printed', () => {
    expect(searchLog('{"msg":"fine"}\nError: Key\n', texts)).toEqual([
      { line: 2, kind: 'a line that is not JSON' },
    ]);
  });

  it.each([
    ['small words and longer ones', { msg: 'absences will be told', error: 'LinkError', route: '/live' }],
    ['ids', { courseId: '01a217a3-593d-70ab-bb53-7ecb7fe4edc9', requestId: 'UV9wTt8-wI5J' }],
    [
      'an installation, as its platform calls it',
      { deploymentId: '70002:f61d890c2db95ffcbfcd170e970a73fc09625542' },
    ],
    ['the code of a refusal', { code: 'registration-incomplete' }],
    ['the name of an error', { error: 'JWSSignatureVerificationFailed', code: 'ERR_STREAM_PREMATURE_CLOSE' }],
    [
      'a word in a random id or a name of the program',
      { requestId: 'Li-wTt8wI5JA', place: ['at Li (/a.js:1:2)'] },
    ],
    ['what only begins like a code', { word: 'k7m2', ms: 'k7m2abc' }],
    [
      'our own seals and places',
      { mac: 'ixGiy9NRI4nIj5jtaLG3wG0gCRGc3SlKsZHFmcIE_sE', place: ['at x_y_z_0123456789_abcdef'] },
    ],
  ])('lets pass %s', (_, facts) => {
    expect(inLog(facts)).toEqual([]);
  });

  it('finds any e-mail address wherever it stands', () => {
    fc.assert(
      fc.property(fc.emailAddress(), fc.string(), fc.string(), (text, before, after) => {
        const log = JSON.stringify({ facts: { at: `${before} ${text} ${after}` } });
        expect(searchLog(log, [{ kind: 'an e-mail address', text, where: 'anywhere' }])).toContainEqual({
          line: 1,
          kind: 'an e-mail address',
        });
      }),
    );
  });
});
