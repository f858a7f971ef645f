import { setTimeout as delay } from 'node:timers/promises';
import { errorFacts } from '../base/log.ts';
import type { Log } from '../base/log.ts';
import { onShutdown } from '../base/shutdown.ts';
import { tellableSpan } from './tellable-span.ts';

/** A collector that is away would be waited for longer (10 s) than the whole stop may take. */
const lastSpansWithinMs = 1_000;

/**
 * Sends the spans that Next makes of each request to whoever OTEL_EXPORTER_OTLP_ENDPOINT names, by OTLP over HTTP. Its
 * packages are loaded only then; where an installation has thrown them out, it is said once, and everything else goes on.
 *
 * @param routes the templates of all routes
 */
export async function startTracing(log: Log, routes: readonly string[]): Promise<void> {
  try {
    const [{ context, propagation, trace }, sdk, exporting, hooks, core, resources] = await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/core'),
      import('@opentelemetry/resources'),
    ]);
    const known = new Set(routes);
    const exporter = new exporting.OTLPTraceExporter();
    const provider = new sdk.TracerProvider({
      resource: resources.resourceFromAttributes({ 'service.name': 'sk-attendance' }),
      spanProcessors: [
        new sdk.BatchSpanProcessor({
          exporter: {
            export: (spans, done) => {
              exporter.export(
                spans.map((span) => tellableSpan(span, (text) => known.has(text))),
                done,
              );
            },
            shutdown: () => exporter.shutdown(),
          },
        }),
      ],
    });
    context.setGlobalContextManager(new hooks.AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new core.W3CTraceContextPropagator());
    trace.setGlobalTracerProvider(provider);
    onShutdown(async () => {
      await Promise.race([provider.shutdown(), delay(lastSpansWithinMs)]);
    });
    log.info({}, 'traces are sent');
  } catch (error) {
    log.error(
      errorFacts(error),
      'OTEL_EXPORTER_OTLP_ENDPOINT is set, but no traces are sent: are the packages @opentelemetry/… there?',
    );
  }
}
