import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** What a span may say. Next's own names and attributes hold addresses, and with them codes and tokens. */
const tellable = new Set([
  'http.method',
  'http.status_code',
  'http.route',
  'next.route',
  'next.page',
  'next.span_type',
  'next.rsc',
  'error.type',
]);
const routeAttributes = new Set(['http.route', 'next.route', 'next.page']);

/**
 * A span as it may leave the house: named by its kind and its route; without events and messages, which quote errors.
 *
 * @param isRoute whether a text is the template of a route of ours
 */
export function tellableSpan(span: ReadableSpan, isRoute: (text: string) => boolean): ReadableSpan {
  const attributes = Object.fromEntries(
    Object.entries(span.attributes).filter(
      ([key, value]) =>
        tellable.has(key) && (!routeAttributes.has(key) || (typeof value === 'string' && isRoute(value))),
    ),
  );
  const kind = textOf(attributes['next.span_type']);
  const route = textOf(attributes['http.route'] ?? attributes['next.route'] ?? attributes['next.page']);
  const first = kind === 'BaseServer.handleRequest' ? textOf(attributes['http.method']) : kind;
  return {
    name: [first ?? 'work', route].filter((part) => part !== undefined).join(' '),
    attributes,
    events: [],
    links: [],
    status: { code: span.status.code },
    kind: span.kind,
    spanContext: () => span.spanContext(),
    ...(span.parentSpanContext === undefined ? {} : { parentSpanContext: span.parentSpanContext }),
    startTime: span.startTime,
    endTime: span.endTime,
    duration: span.duration,
    ended: span.ended,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
