import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics } from 'prom-client';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { POST as launch } from '../../app/lti/launch/route.ts';
import { GET as metrics } from '../../app/metrics/route.ts';
import { loadMetrics, watchProcess } from '#lib/http/watch-process.ts';
import { markDirect, mayReadMetrics } from '#lib/watching/ask-directly.ts';
import { countCheckIn, meters } from '#lib/watching/meters.ts';
import { createRouteOf } from '#lib/watching/route-templates.ts';
import { watchRequests } from '#lib/watching/watch-server.ts';
import { createLog } from '#lib/base/log.ts';
import { startQueue, stopQueue } from '#lib/jobs/queue.ts';
import { useTestProcess } from '../support/test-process.ts';

const test = useTestProcess();

beforeAll(() => {
  watchProcess();
  collectDefaultMetrics({ register: meters().registry });
});

/** What a served request looks like to a route handler. */
async function headersOf(given: Record<string, string>): Promise<Headers> {
  const seen = Promise.withResolvers<Headers>();
  const server = createServer((incoming, response) => {
    markDirect(incoming);
    seen.resolve(new Headers(incoming.headers as Record<string, string>));
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  request({ port, host: '127.0.0.1', headers: given }).end();
  const headers = await seen.promise;
  server.closeAllConnections();
  server.close();
  return headers;
}

describe('who may read the metrics', () => {
  const token = 'a-token-of-some-length';

  it.each([
    ['without a token, a program on this machine', {}, undefined, true],
    ['a proxy on this machine', { 'x-forwarded-for': '127.0.0.1' }, undefined, false],
    ['a proxy that says so otherwise', { forwarded: 'for=127.0.0.1' }, undefined, false],
    ['a proxy that says nothing, but what was asked for', { host: 'attendance.example' }, undefined, false],
    [
      'somebody who knows the name of our mark',
      { host: 'a.example', 'x-sk-direct': 'yes' },
      undefined,
      false,
    ],
    ['with a token, whoever brings it', { host: 'a.example', authorization: `Bearer ${token}` }, token, true],
    ['whoever brings another', { authorization: 'Bearer a-token-of-some-lengtH' }, token, false],
    ['then a program on this machine too needs it', {}, token, false],
  ])('%s', async (_, headers, expected, may) => {
    expect(mayReadMetrics(await headersOf(headers as Record<string, string>), expected)).toBe(may);
  });

  it('others find nothing here', async () => {
    expect((await metrics(new Request('https://tool.example/metrics'))).status).toBe(404);
  });
});

describe('what is counted', () => {
  it('requests by route, method and status, with their time; never by address', async () => {
    const watch = watchRequests(createLog('silent'), createRouteOf(['/c/[code]']));
    const server = createServer((incoming, response) => {
      watch(incoming, response);
      response.end('done');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    for (const path of ['/c/7H2KMMPQ', '/c/8ABCDEFG', '/ann@example.org']) {
      await (await fetch(`http://127.0.0.1:${String(port)}${path}`)).text();
    }
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    const text = await loadMetrics();
    expect(text).toMatch(
      /^sk_http_requests_total\{method="GET",route="\/c\/\[code\]",status="200",process="\d+"\} 2$/m,
    );
    expect(text).toMatch(/^sk_http_requests_total\{method="GET",route="other",.*\} 1$/m);
    expect(text).toMatch(/^sk_http_request_seconds_count\{method="GET",route="\/c\/\[code\]",.*\} 2$/m);
    expect(text).not.toMatch(/7H2KMMPQ|ann/);
  });

  it('launches by the code that refused them', async () => {
    const refused = await launch(
      new Request('https://tool.example/lti/launch', { method: 'POST', body: new URLSearchParams() }),
      undefined,
    );
    expect(refused.status).toBe(400);
    expect(await loadMetrics()).toMatch(/^sk_launches_total\{outcome="launch-incomplete",.*\} 1$/m);
  });

  it('check-ins by what came of them', async () => {
    expect(countCheckIn('typed', { kind: 'code-unknown', more: 1 })).toEqual({
      kind: 'code-unknown',
      more: 1,
    });
    expect(await loadMetrics()).toMatch(
      /^sk_check_ins_total\{way="typed",outcome="code-unknown",process="\d+"\} 1$/m,
    );
  });

  it('connections of the pool, checks, and what runs', async () => {
    const text = await loadMetrics();
    expect(text).toMatch(/^sk_pool_connections\{state="open",.*\} [1-9]/m);
    // Whatever an answer has set going in the background comes to its end.
    await vi.waitFor(async () => {
      expect(await loadMetrics()).toMatch(/^sk_pool_waiting\{.*\} 0$/m);
    });
    expect(text).toMatch(/^sk_check_ok\{check="database"\} 1$/m);
  });

  it('background work, where there is a database', async () => {
    const { url } = test.running.database;
    await startQueue({ url }, createLog('silent'));
    try {
      expect(await loadMetrics()).toMatch(/^sk_jobs\{job="sync-roster",state="waiting"\} 0$/m);
    } finally {
      await stopQueue();
    }
    // Without a queue everything else is told.
    const text = await loadMetrics();
    expect(text).not.toMatch(/^sk_jobs\{/m);
    expect(text).toMatch(/^sk_pool_waiting/m);
  });
});

describe('the dashboard and the rules for alerts', () => {
  const ofPrometheus = new Set(['le', 'instance', 'job', 'process', 'up']);
  const words = /[a-z_]+/g;

  async function expressions(): Promise<string[]> {
    const dashboard = JSON.parse(await readFile('docs/grafana/attendance.json', 'utf8')) as {
      panels: { targets: { expr: string }[] }[];
    };
    const rules = parse(await readFile('docs/alerts.yml', 'utf8')) as {
      groups: { rules: { alert: string; expr: string }[] }[];
    };
    return [
      ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
      ...rules.groups.flatMap((group) => group.rules.map(({ expr }) => expr)),
    ];
  }

  it('ask for metrics and labels that exist', async () => {
    const text = await loadMetrics();
    const names = new Set(
      [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    );
    const found = await expressions();
    expect(found.length).toBeGreaterThan(20);
    const labels = new Set(
      ['requests', 'latency', 'checkIns', 'launches', 'build'].flatMap((name) => {
        const metric = meters()[name as 'requests'] as unknown as { labelNames: string[] };
        return metric.labelNames;
      }),
    );
    for (const expr of found) {
      for (const [name] of expr.matchAll(/\b(sk|nodejs|process)_[a-z0-9_]+/g)) {
        expect(names, expr).toContain(name);
      }
      const asked = [
        ...[...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.match(words) ?? []),
        ...[...expr.matchAll(/[{,]([a-z_]+)[=!]/g)].map(([, label = '']) => label),
      ];
      for (const label of asked) {
        expect(labels.has(label) || ofPrometheus.has(label) || ['check', 'state'].includes(label), expr).toBe(
          true,
        );
      }
    }
  });
});
