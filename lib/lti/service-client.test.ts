import { decodeJwt } from 'jose';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../base/errors.ts';
import type { OutsideAnswer, OutsideRequest } from '../base/outside-fetch.ts';
import { addMs } from '../base/time.ts';
import { createServiceClient } from './service-client.ts';
import type { ServiceCaller, ServiceRequest } from './service-client.ts';
import { createToolKey, importToolSigner } from './tool-key.ts';
import type { ToolSigner } from './tool-key.ts';

type Said = Partial<OutsideAnswer> | AppError;

const start = new Date('2026-11-28T08:00:00Z');
const api = 'https://school.example/api/list';
const tokenUrl = 'https://sso.example/token';
const members = 'https://lms.example/scope/members';
const scores = 'https://lms.example/scope/scores';

let signer: ToolSigner;
beforeAll(async () => {
  const key = await createToolKey();
  signer = await importToolSigner(key.kid, key.privateJwk);
});

const callerOf = (id: string, changed: Partial<ServiceCaller> = {}): ServiceCaller => ({
  id,
  tokenUrl,
  tokenAudience: null,
  clientId: `client-${id}`,
  signer: () => Promise.resolve(signer),
  ...changed,
});
const platform = callerOf('a');
const get: ServiceRequest = { url: api, scopes: [members], at: 'members' };
const score: ServiceRequest = {
  ...get,
  method: 'POST',
  at: 'scores',
  content: { type: 'application/vnd.ims.lis.v1.score+json', body: '{}' },
};

const throttled: Said = { status: 403, body: '403 Forbidden (Rate Limit Exceeded)\n' };
const lost = (sent: boolean) => new AppError('platform-unreachable', { reason: 'x', sent });

/** A world in which waiting takes no time and moves the clock; tokens are t1, t2, … */
function createWorld() {
  let clock = start;
  const world = {
    waits: [] as number[],
    asked: [] as { url: string; request: OutsideRequest; at: number }[],
    tokens: 0,
    /** What the service says, in turn; after that, yes. */
    says: [] as Said[],
    tokenSays: [] as Said[],
    random: 0.5,
    pass: (ms: number) => {
      clock = addMs(clock, ms);
    },
    to: (url: string) => world.asked.filter((one) => one.url === url),
    bearers: () => world.to(api).map((one) => one.request.headers?.authorization),
  };
  const client = createServiceClient({
    fetchOutside: (url, request = {}) => {
      world.asked.push({ url, request, at: clock.getTime() - start.getTime() });
      const isToken = url === tokenUrl;
      const said = (isToken ? world.tokenSays : world.says).shift();
      if (said instanceof AppError) return Promise.reject(said);
      if (isToken && said === undefined) world.tokens += 1;
      const body = isToken ? `{"access_token":"t${String(world.tokens)}","expires_in":3600}` : '';
      return Promise.resolve({ status: 200, headers: {}, body, ...said });
    },
    now: () => clock,
    wait: (ms) => {
      world.waits.push(ms);
      world.pass(ms);
      return Promise.resolve();
    },
    random: () => world.random,
  });
  return { world, client };
}

let world: ReturnType<typeof createWorld>['world'];
let client: ReturnType<typeof createWorld>['client'];
beforeEach(() => {
  ({ world, client } = createWorld());
});

describe('tokens', () => {
  test('are asked for once, however many wait and however the scopes are ordered', async () => {
    await Promise.all([
      client.call(platform, { ...get, scopes: [members, scores] }),
      client.call(platform, { ...get, scopes: [scores, members] }),
      client.call(platform, { ...get, scopes: [scores, members, members] }),
    ]);
    await client.call(platform, { ...get, scopes: [members, scores] });
    expect(world.bearers()).toEqual(Array(4).fill('Bearer t1'));
    expect(world.to(tokenUrl)).toHaveLength(1);
  });

  test('are never shared between platforms or scopes', async () => {
    await client.call(platform, get);
    await client.call(callerOf('b'), get);
    await client.call(platform, { ...get, scopes: [scores] });
    expect(world.bearers()).toEqual(['Bearer t1', 'Bearer t2', 'Bearer t3']);
    const assertions = world.to(tokenUrl).map(({ request }) => {
      const form = new URLSearchParams(request.body);
      return [decodeJwt(form.get('client_assertion') ?? '').iss, form.get('scope')];
    });
    expect(assertions).toEqual([
      ['client-a', members],
      ['client-b', members],
      ['client-a', scores],
    ]);
  });

  test('are replaced before they end', async () => {
    await client.call(platform, get);
    world.pass(58 * 60_000);
    await client.call(platform, get);
    world.pass(60_000);
    await client.call(platform, get);
    expect(world.bearers()).toEqual(['Bearer t1', 'Bearer t1', 'Bearer t2']);
  });

  test('that are no longer taken are replaced once, by all who hold them', async () => {
    await client.call(platform, get);
    world.says = [{ status: 401 }, { status: 401 }];
    await Promise.all([client.call(platform, get), client.call(platform, score)]);
    expect(world.bearers()).toEqual(['t1', 't1', 't1', 't2', 't2'].map((token) => `Bearer ${token}`));
  });

  test('refused a second time end the call', async () => {
    world.says = [{ status: 401 }, { status: 401 }];
    await expect(client.call(platform, get)).rejects.toMatchObject({
      code: 'platform-answer',
      facts: { at: 'members', host: 'school.example', status: 401 },
    });
    expect(world.bearers()).toEqual(['Bearer t1', 'Bearer t2']);
  });

  test('without the scope are not used and not kept', async () => {
    world.tokenSays = [{ body: `{"access_token":"x","scope":"${scores}"}` }];
    await expect(client.call(platform, get)).rejects.toMatchObject({
      code: 'platform-answer',
      facts: { at: 'token', scope: members },
    });
    expect(world.to(api)).toEqual([]);
    await client.call(platform, get);
    expect(world.bearers()).toEqual(['Bearer t1']);
  });

  test('are asked for again, each time with a new assertion, where the platform is busy', async () => {
    world.tokenSays = [{ status: 503 }, lost(true), { status: 429 }];
    await client.call(platform, get);
    const assertions = world.to(tokenUrl).map(({ request }) => request.body);
    expect(new Set(assertions).size).toBe(4);
    expect(world.bearers()).toEqual(['Bearer t1']);
  });

  test('are signed for only when they are needed', async () => {
    let signed = 0;
    const caller = callerOf('a', {
      signer: () => {
        signed += 1;
        return Promise.resolve(signer);
      },
    });
    await client.call(caller, get);
    await client.call(caller, get);
    expect(signed).toBe(1);
  });
});

describe('a call', () => {
  test('carries what it was given, and the answer comes back whole', async () => {
    world.says = [{ status: 201, headers: { location: '/x' }, body: '{"id":1}' }];
    const answer = await client.call(platform, { ...score, accept: 'application/x', maxBytes: 10 });
    expect(answer).toEqual({ status: 201, headers: { location: '/x' }, body: '{"id":1}' });
    expect(world.to(api)[0]?.request).toEqual({
      method: 'POST',
      headers: {
        accept: 'application/x',
        authorization: 'Bearer t1',
        'content-type': 'application/vnd.ims.lis.v1.score+json',
      },
      body: '{}',
      timeoutMs: 15_000,
      maxBytes: 10,
    });
  });

  test.each([302, 400, 403, 404, 409, 422, 501])(
    'that is answered by %i fails at once, unless expected',
    async (status) => {
      world.says = [{ status }, { status }];
      await expect(client.call(platform, get)).rejects.toMatchObject({ facts: { status, at: 'members' } });
      await expect(client.call(platform, { ...get, expected: [status] })).resolves.toMatchObject({ status });
      expect(world.waits).toEqual([]);
    },
  );

  test('that fails tells neither of people nor of tokens', async () => {
    world.says = [{ status: 400, body: 'Ada Lovelace' }];
    const failed = client.call(platform, { ...get, url: `${api}?user=ada` });
    await expect(failed).rejects.toHaveProperty('facts', {
      at: 'members',
      host: 'school.example',
      status: 400,
    });
    await expect(failed).rejects.not.toHaveProperty('cause');
  });

  test('to an address that is refused fails at once', async () => {
    world.says = [new AppError('address-refused', { reason: 'private address' })];
    await expect(client.call(platform, get)).rejects.toMatchObject({ code: 'address-refused' });
    expect(world.to(api)).toHaveLength(1);
  });

  test('is repeated with growing pauses', async () => {
    world.says = [throttled, { status: 502 }, lost(true), { status: 500 }, { status: 429 }];
    await client.call(platform, get);
    expect(world.waits).toEqual([500, 1_000, 2_000, 4_000, 8_000]);
  });

  test('gives up after six attempts, with the last answer', async () => {
    world.says = Array<Said>(6).fill({ status: 503 });
    await expect(client.call(platform, get)).rejects.toMatchObject({ facts: { status: 503 } });
    expect(world.to(api)).toHaveLength(6);
  });

  test('gives up after six attempts, with the last failure', async () => {
    world.says = Array<Said>(6).fill(lost(true));
    await expect(client.call(platform, get)).rejects.toMatchObject({ code: 'platform-unreachable' });
    expect(world.to(api)).toHaveLength(6);
  });

  test('waits for as long as it is told', async () => {
    world.says = [{ status: 503, headers: { 'retry-after': '30' } }];
    await client.call(platform, get);
    expect(world.to(api).map((one) => one.at)).toEqual([0, 30_500]);
  });

  test('that would have to wait too long gives up at once', async () => {
    world.says = [{ status: 429, headers: { 'retry-after': '3600' } }];
    await expect(client.call(platform, get)).rejects.toMatchObject({ facts: { status: 429 } });
    expect(world.waits).toEqual([]);
  });

  test.each([
    ['429', { status: 429 }],
    ['throttled', throttled],
    ['a 503 that says when', { status: 503, headers: { 'retry-after': '1' } }],
    ['no connection', lost(false)],
  ])('that changes something is repeated after %s', async (_what, said) => {
    world.says = [said];
    await client.call(platform, score);
    expect(world.to(api)).toHaveLength(2);
  });

  test.each([
    ['500', { status: 500 }],
    ['502', { status: 502 }],
    ['a 503 that does not say when', { status: 503 }],
    ['an answer that was lost', lost(true)],
  ])('that changes something is not repeated after %s', async (_what, said) => {
    world.says = [said];
    await expect(client.call(platform, score)).rejects.toThrow();
    expect(world.to(api)).toHaveLength(1);
  });
});

describe('a platform that wants to be left alone', () => {
  test('is, by everybody; others on its host and its other hosts are called', async () => {
    world.says = [{ status: 429, headers: { 'retry-after': '3600' } }];
    await expect(client.call(platform, get)).rejects.toThrow();
    await client.call(callerOf('b'), get);
    await client.call(platform, { ...get, url: 'https://other.example/' });
    expect(world.waits).toEqual([]);
    // Not for an hour: nobody can shut everybody out for that long.
    await client.call(platform, get);
    expect(world.waits).toEqual([60_000]);
  });

  test('is called more slowly before it refuses', async () => {
    world.says = [{ headers: { 'x-rate-limit-remaining': '40.5' } }];
    await client.call(platform, get);
    await client.call(platform, get);
    expect(world.to(api).map((one) => one.at)).toEqual([0, 5_950]);
  });
});

describe('calls under way', () => {
  /** A service that answers when the test says so; waiting ends when the test says so. */
  function createHeld() {
    const held: { url: string; answer: (said: Said) => void }[] = [];
    const waiting: { ms: number; end: () => void }[] = [];
    const held4 = createServiceClient({
      fetchOutside: (url) =>
        url === tokenUrl
          ? Promise.resolve({ status: 200, headers: {}, body: '{"access_token":"t"}' })
          : new Promise((resolve, reject) => {
              const answer = (said: Said) => {
                if (said instanceof AppError) reject(said);
                else resolve({ status: 200, headers: {}, body: '', ...said });
              };
              held.push({ url, answer });
            }),
      now: () => start,
      wait: (ms) =>
        new Promise<void>((end) => {
          waiting.push({ ms, end });
        }),
      random: () => 0.5,
    });
    const call = (n: number, host = 'school.example') =>
      held4.call(platform, { ...get, url: `https://${host}/${String(n)}` });
    const paths = () => held.map((one) => new URL(one.url).pathname);
    return { held, waiting, call, paths };
  }

  test('are four a host, the rest in the order in which they came', async () => {
    const { held, call, paths } = createHeld();
    const calls = [1, 2, 3, 4, 5, 6].map((n) => call(n));
    const elsewhere = call(7, 'other.example');
    await expect.poll(paths).toEqual(['/1', '/2', '/3', '/4', '/7']);
    held[2]?.answer({});
    await calls[2];
    await expect.poll(paths).toEqual(['/1', '/2', '/3', '/4', '/7', '/5']);
    for (const one of held) one.answer({});
    await expect.poll(paths).toHaveLength(7);
    held[6]?.answer({});
    await Promise.all([...calls, elsewhere]);
  });

  test('do not count while they wait to be repeated', async () => {
    const { held, waiting, call, paths } = createHeld();
    const calls = [1, 2, 3, 4, 5].map((n) => call(n));
    await expect.poll(paths).toHaveLength(4);
    held[0]?.answer({ status: 502 });
    await expect.poll(paths).toEqual(['/1', '/2', '/3', '/4', '/5']);
    for (const one of held) one.answer({});
    await Promise.all(calls.slice(1));
    waiting.find((one) => one.ms === 500)?.end();
    await expect.poll(paths).toHaveLength(6);
    held[5]?.answer({});
    await calls[0];
  });

  test('are waited for, but not for ever', async () => {
    const { held, waiting, call, paths } = createHeld();
    const calls = [1, 2, 3, 4].map((n) => call(n));
    await expect.poll(paths).toHaveLength(4);
    const fifth = call(5);
    await expect.poll(() => waiting.map((one) => one.ms)).toEqual([120_000]);
    waiting[0]?.end();
    await expect(fifth).rejects.toMatchObject({
      code: 'platform-unreachable',
      facts: { at: 'members', host: 'school.example' },
    });
    for (const one of held) one.answer({});
    await Promise.all(calls);
  });
});

describe('a list', () => {
  const page = (next: string) => ({ headers: { link: `<${next}>; rel="next"` } });
  const read = async () => {
    let pages = 0;
    for await (const _page of client.readPages(platform, get)) pages += 1;
    return pages;
  };

  test('is read to the last page, by addresses as they stand', async () => {
    const second = 'https://school.example/api/list?page=bookmark:WzUw%2B';
    world.says = [page(second), page('https://school.example/api/list?page=3')];
    expect(await read()).toBe(3);
    expect(world.asked.slice(1).map((one) => one.url)).toEqual([
      api,
      second,
      'https://school.example/api/list?page=3',
    ]);
  });

  test.each([
    ['leads elsewhere', [page('https://evil.example/')], 1, 'next page elsewhere'],
    ['leads to itself', [page(api)], 1, 'pages in a circle'],
    [
      'leads back',
      [page(`${api}?page=2`), page(`${api}?page=3`), page(`${api}?page=2`)],
      3,
      'pages in a circle',
    ],
  ])('that %s ends with an error', async (_what, says, pages, reason) => {
    world.says = says;
    await expect(read()).rejects.toMatchObject({
      code: 'platform-answer',
      facts: { at: 'members', host: 'school.example', reason },
    });
    expect(world.asked).toHaveLength(1 + pages);
  });

  test('that takes too long ends with an error', async () => {
    world.says = [1, 2, 3, 4].map((n) => page(`${api}?page=${String(n)}`));
    let pages = 0;
    const slow = async () => {
      for await (const _page of client.readPages(platform, get)) {
        pages += 1;
        world.pass(4 * 60_000);
      }
    };
    await expect(slow()).rejects.toMatchObject({ code: 'platform-answer', facts: { reason: 'too slow' } });
    expect(pages).toBe(3);
  });
});
