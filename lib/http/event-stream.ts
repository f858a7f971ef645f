import { errorFacts } from '../base/log.ts';
import type { Log } from '../base/log.ts';
import { isStopping } from '../base/shutdown.ts';
import { minuteMs } from '../base/time.ts';
import type { Heard, Listener } from '../live/hub.ts';
import { meters } from '../watching/meters.ts';

/**
 * Often enough that no proxy takes the line for dead. An event, not a comment: a page hears no comments, and could not
 * tell a quiet hall from a line that has died (use-live-meeting.ts).
 */
const heartbeatMs = 15_000;
/** The browser comes back by itself after this, and its access is checked again. */
const streamMs = 15 * minuteMs;
/** How long a browser waits until it comes back. */
const usualRetryMs = 1_000;
/** When a process ends, all its watchers leave at once; within this time more they come back. Soon
 * enough that no screen speaks of a lost connection (after 3 s). */
const retrySpreadMs = 1_500;
/** A watcher that has left so much unread is let go; it comes back and loads the whole. */
const maxUnreadBytes = 4_000_000;

/**
 * In a hall's burst a hundred notices come in a second. The first is told at once; those that follow it within this time
 * travel together, so that a watcher costs a few writes a second, however many students there are.
 */
const gatherMs = 250;

export interface EventSource {
  subscribe(listener: Listener): () => void;
  loadSnapshot(): Promise<unknown>;
  log: Log;
}

/** All watchers hear the same notice: it becomes text once. */
const textOfNotice = new WeakMap<Heard, string>();

function eventText(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}

function noticeText(heard: Heard): string {
  const text = textOfNotice.get(heard) ?? eventText(heard.kind, heard);
  textOfNotice.set(heard, text);
  return text;
}

/** Before the process ends: when to come back. */
function lastWords(): string {
  return `retry: ${String(usualRetryMs + Math.floor(Math.random() * retrySpreadMs))}\n\n`;
}

/** Live notices as server-sent events (HTML standard § 9.2). */
export function eventStream(request: Request, source: EventSource): Response {
  const encoder = new TextEncoder();
  let end = () => {};
  const stream = new ReadableStream<Uint8Array>(
    {
      async start(controller) {
        if (isStopping()) {
          // It came while all others were sent away.
          controller.enqueue(encoder.encode(lastWords()));
          controller.close();
          return;
        }
        let ended = false;
        const send = (text: string) => {
          if (ended) return;
          if ((controller.desiredSize ?? 0) < -maxUnreadBytes) end();
          else controller.enqueue(encoder.encode(text));
        };
        let gathered = '';
        let gathering: NodeJS.Timeout | undefined;
        const sendGathered = () => {
          gathering = gathered === '' ? undefined : setTimeout(sendGathered, gatherMs);
          if (gathered !== '') send(gathered);
          gathered = '';
        };
        const sendSoon = (text: string) => {
          gathered += text;
          if (gathering === undefined) sendGathered();
        };

        // What is heard while a snapshot is being read follows it: the row in a notice is never older.
        let waiting: Heard[] | undefined = [];
        const tell = (heard: Heard) => {
          if (heard.kind === 'closed') {
            send(lastWords());
            end();
          } else if (waiting !== undefined) waiting.push(heard);
          else if (heard.kind === 'record' || heard.kind === 'window') sendSoon(noticeText(heard));
          else void sendSnapshot();
        };
        const sendSnapshot = async () => {
          waiting = [];
          try {
            sendSoon(eventText('snapshot', await source.loadSnapshot()));
          } catch (error) {
            // Access taken away, or the database away: the browser's next try hears which.
            source.log.info(errorFacts(error), 'a live stream ends early');
            end();
            return;
          }
          const heard: Heard[] = waiting;
          waiting = undefined;
          // However often the whole was asked for meanwhile, once more is enough.
          const reload = heard.some((one) => one.kind !== 'record' && one.kind !== 'window');
          for (const one of heard) if (one.kind === 'record' || one.kind === 'window') tell(one);
          if (reload) await sendSnapshot();
        };

        const { streams } = meters();
        streams.inc();
        const unsubscribe = source.subscribe(tell);
        const heartbeat = setInterval(() => {
          send(eventText('beat', null));
        }, heartbeatMs);
        const lifetime = setTimeout(() => {
          end();
        }, streamMs);
        end = () => {
          if (ended) return;
          ended = true;
          clearInterval(heartbeat);
          clearTimeout(gathering);
          clearTimeout(lifetime);
          unsubscribe();
          streams.dec();
          try {
            controller.close();
          } catch {
            // The browser was faster.
          }
        };
        request.signal.addEventListener('abort', () => {
          end();
        });
        // Of those who left while their access was being checked no event tells any more.
        if (request.signal.aborted) {
          end();
          return;
        }
        send(`retry: ${String(usualRetryMs)}\n\n`);
        await sendSnapshot();
      },
      cancel() {
        end();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 1 }),
  );
  return new Response(stream, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // nginx would collect the events otherwise.
      'x-accel-buffering': 'no',
    },
  });
}
