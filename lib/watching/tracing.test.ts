import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Log } from '../base/log.ts';
import { shutDown } from '../base/shutdown.ts';
import { startTracing } from './start-tracing.ts';
import { tellableSpan } from './tellable-span.ts';

const span: ReadableSpan = {
  name: 'GET /c/7H2KMMPQ',
  kind: SpanKind.SERVER,
  spanContext: () => ({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }),
  startTime: [1, 0],
  endTime: [2, 0],
  status: { code: SpanStatusCode.ERROR, message: 'no row for ann@example.org' },
  attributes: {
    'http.method': 'GET',
    'http.target': '/c/7H2KMMPQ?name=ann@example.org',
    'http.url': 'https://lms.example/ann@example.org',
    'http.route': '/c/[code]',
    'next.span_name': 'GET /c/7H2KMMPQ',
    'next.span_type': 'BaseServer.handleRequest',
  },
  links: [],
  events: [{ name: 'exception', time: [1, 0], attributes: { 'exception.message': 'ann@example.org' } }],
  duration: [1, 0],
  ended: true,
  resource: emptyResource(),
  instrumentationScope: { name: 'next.js' },
  droppedAttributesCount: 0,
  droppedEventsCount: 0,
  droppedLinksCount: 0,
};
const isRoute = (text: string) => text === '/c/[code]';

function logTo(error: Log['error']): Log {
  const silent = () => undefined;
  const log: Log = { debug: silent, info: silent, warn: silent, error, child: () => log };
  return log;
}

describe('a span that leaves the house', () => {
  it('is named by method and route, and holds no address, no message and no event', () => {
    const told = tellableSpan(span, isRoute);
    expect(told.name).toBe('GET /c/[code]');
    expect(told.attributes).toEqual({
      'http.method': 'GET',
      'http.route': '/c/[code]',
      'next.span_type': 'BaseServer.handleRequest',
    });
    expect(told.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(told.events).toEqual([]);
    expect(JSON.stringify(told)).not.toMatch(/7H2KMMPQ|ann@/);
  });

  it.each([
    ['by its kind, inside of a request', { 'next.span_type': 'AppRender.fetch' }, 'AppRender.fetch'],
    ['without a route that is an address', { 'http.method': 'GET', 'http.route': '/c/7H2KMMPQ' }, 'work'],
    ['somehow, when nothing is known of it', {}, 'work'],
  ])('is named %s', (_, attributes, name) => {
    expect(tellableSpan({ ...span, attributes }, isRoute).name).toBe(name);
  });
});

describe('a collector that takes spans and never answers', () => {
  const asked = vi.fn();
  const collector = createServer(asked);

  afterEach(() => {
    vi.unstubAllEnvs();
    trace.disable();
    propagation.disable();
    context.disable();
    collector.closeAllConnections();
    collector.close();
  });

  it('does not keep the process from stopping in time', async () => {
    await new Promise<void>((done) => collector.listen(0, '127.0.0.1', done));
    const { port } = collector.address() as AddressInfo;
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://127.0.0.1:${String(port)}`);
    const error = vi.fn();
    await startTracing(logTo(error), []);
    trace.getTracer('test').startSpan('work').end();
    const began = performance.now();
    await shutDown(error);
    // By itself the exporter would wait for ten seconds.
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(asked).toHaveBeenCalledOnce();
    expect(error).not.toHaveBeenCalled();
  });
});

describe('without the packages', () => {
  afterEach(() => {
    vi.doUnmock('@opentelemetry/sdk-trace');
  });

  it('one line says so, and what to do', async () => {
    vi.doMock('@opentelemetry/sdk-trace', () => {
      throw Object.assign(new Error('Cannot find package'), { code: 'ERR_MODULE_NOT_FOUND' });
    });
    const error = vi.fn();
    await startTracing(logTo(error), []);
    expect(error).toHaveBeenCalledExactlyOnceWith(
      expect.anything(),
      expect.stringContaining('are the packages @opentelemetry/… there?'),
    );
  });
});
