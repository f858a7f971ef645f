import type { AddressInfo } from 'node:net';
import { Agent, createServer, request as ask } from 'node:http';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { ownStage } from '../support/e2e-stages.ts';
import { startTool } from '../support/start-tool.ts';
import type { RunningTool } from '../support/start-tool.ts';

// No browser takes part: the built tool is watched as Prometheus, a balancer and a collector of traces do.

const folder = resolve(`.data/test/watching-${String(process.pid)}`);
test.afterAll(() => rm(folder, { recursive: true, force: true }));

const settings = (name: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({
  ...ownStage().toolEnv,
  SK_DATA_DIR: join(folder, name),
  ...more,
});

/** On a connection of its own, so that the next request may reach the other process. */
async function read(url: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url, { headers: { connection: 'close' } });
  return { status: answer.status, text: await answer.text() };
}

async function withTool(
  env: NodeJS.ProcessEnv,
  options: Parameters<typeof startTool>[1],
  work: (tool: RunningTool) => Promise<void>,
): Promise<void> {
  const tool = await startTool(env, options);
  try {
    await work(tool);
  } finally {
    await tool.stop();
  }
}

test('two processes on one port: whichever is asked tells the figures of both', async () => {
  const env = settings('two');
  await withTool(env, { program: 'tests/support/two-processes.ts' }, async ({ url }) => {
    const requests = (text: string) =>
      [
        ...text.matchAll(
          /^sk_http_requests_total\{method="GET",route="\/c\/\[code\]",.*process="(\d+)"\} (\d+)$/gm,
        ),
      ].map(([, pid, count]) => ({ pid, count: Number(count) }));
    const processes = (text: string) =>
      new Set([...text.matchAll(/^sk_build_info\{.*process="(\d+)"\} 1$/gm)].map(([, pid]) => pid));
    await expect.poll(async () => processes((await read(`${url}/metrics`)).text).size).toBe(2);
    for (let number = 0; number < 20; number += 1) await read(`${url}/c/7H2KMMPQ`);
    await expect
      .poll(
        async () => {
          const counted = requests((await read(`${url}/metrics`)).text);
          return { processes: counted.length, requests: counted.reduce((sum, { count }) => sum + count, 0) };
        },
        { timeout: 20_000 },
      )
      .toEqual({ processes: 2, requests: 20 });
    const { text } = await read(`${url}/metrics`);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds\{process="\d+"\}/m);
    expect(text).toMatch(/^process_start_time_seconds\{process="\d+"\}/m);
    // What both have in common stands there once.
    expect(text.match(/^sk_jobs\{job="send-messages",state="waiting"\} \d+$/gm)).toHaveLength(1);
  });
  // Whoever has ended in order leaves nothing behind.
  const [shared = ''] = await readdir(join(folder, 'two/metrics'));
  expect(await readdir(join(folder, 'two/metrics', shared))).toEqual([]);
});

test('a balancer hears that a process stops before it is gone', async () => {
  // It holds a connection, as balancers do.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const probe = (url: string) =>
    new Promise<number>((done, fail) => {
      ask(`${url}/health/ready`, { agent, headers: { 'x-forwarded-for': '203.0.113.7' } }, (answer) => {
        answer.resume().once('end', () => {
          done(answer.statusCode ?? 0);
        });
      })
        .once('error', fail)
        .end();
    });
  const isOpen = (url: string) =>
    read(`${url}/health`).then(
      () => true,
      () => false,
    );
  const tool = await startTool(settings('stopping'));
  expect(await probe(tool.url)).toBe(200);
  const stopped = tool.stop();
  await expect.poll(() => isOpen(tool.url), { intervals: [20] }).toBe(false);
  // New connections are refused: only on the one that it holds can it be told anything.
  expect(await probe(tool.url)).toBe(503);
  await stopped;
  agent.destroy();
});

test('traces name routes, never what stands in an address', async () => {
  const bodies: string[] = [];
  const collector = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      bodies.push(`${request.url ?? ''} ${Buffer.concat(parts).toString()}`);
      response.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((done) => collector.listen(0, '127.0.0.1', done));
  const { port } = collector.address() as AddressInfo;
  const env = settings('traces', { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${String(port)}` });
  await withTool(env, {}, async ({ url }) => {
    await read(`${url}/c/7H2KMMPQ?name=ann@example.org`);
    await read(`${url}/courses/not-a-course?name=ann@example.org`);
  });
  collector.closeAllConnections();
  collector.close();
  const all = bodies.join('\n');
  expect(bodies.every((body) => body.startsWith('/v1/traces '))).toBe(true);
  expect(all).toContain('GET /c/[code]');
  expect(all).toContain('GET /courses/[courseId]');
  expect(all).not.toMatch(/7H2KMMPQ|ann@example|not-a-course|http\.target|url\.full/);
});
