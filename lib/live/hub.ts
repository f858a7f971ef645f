import { errorFacts } from '../base/log.ts';
import type { Log } from '../base/log.ts';
import type { DatabaseAddress } from '../db/address.ts';
import { listen } from '../db/listen.ts';
import type { Listening } from '../db/listen.ts';
import { readNotice } from './notices.ts';
import type { Notice } from './notices.ts';
import { liveChannel } from './queries.ts';

/**
 * A notice; or the word that some may have been missed, so that the whole wants loading again; or that nothing
 * will come any more, because the process ends.
 */
export type Heard = Notice | { kind: 'resync' } | { kind: 'closed' };

export type Listener = (heard: Heard) => void;

export interface Hub {
  /** Hears what concerns this meeting, and its course's roster. The answer ends the subscription. */
  subscribe(topic: { courseId: string; meetingId: string }, listener: Listener): () => void;
  close(): Promise<void>;
}

/**
 * Spreads the notices of one LISTEN connection over any number of watchers in this process. It connects when
 * the first watcher comes.
 */
export function createHub(options: { address: DatabaseAddress; log: Log; retryMs?: number }): Hub {
  const watchers = new Map<string, Set<Listener>>();
  let listening: Listening | undefined;

  const tell = (key: string, heard: Heard) => {
    for (const listener of watchers.get(key) ?? []) {
      try {
        listener(heard);
      } catch (error) {
        // One broken watcher must not silence the others.
        options.log.error(errorFacts(error), 'a live watcher failed');
      }
    }
  };

  const connect = () =>
    (listening ??= listen({
      address: options.address,
      channel: liveChannel,
      retryMs: options.retryMs,
      onPayload: (payload) => {
        const notice = readNotice(payload);
        if (notice === undefined) options.log.warn({ bytes: payload.length }, 'unreadable live notice');
        else
          tell(
            notice.kind === 'roster' ? `course ${notice.courseId}` : `meeting ${notice.meetingId}`,
            notice,
          );
      },
      onListening: () => {
        // The first watcher too may have read the meeting before LISTEN was in force.
        // Meetings only: whoever watches a course watches a meeting of it too.
        for (const key of watchers.keys()) if (key.startsWith('meeting ')) tell(key, { kind: 'resync' });
      },
      onLost: (error) => {
        options.log.warn(errorFacts(error), 'live notices interrupted; reconnecting');
      },
    }));

  return {
    subscribe({ courseId, meetingId }, listener) {
      connect();
      const keys = [`meeting ${meetingId}`, `course ${courseId}`];
      for (const key of keys) {
        const set = watchers.get(key) ?? new Set<Listener>();
        watchers.set(key, set.add(listener));
      }
      return () => {
        for (const key of keys) {
          const set = watchers.get(key);
          set?.delete(listener);
          if (set?.size === 0) watchers.delete(key);
        }
      };
    },
    async close() {
      for (const key of watchers.keys()) if (key.startsWith('meeting ')) tell(key, { kind: 'closed' });
      watchers.clear();
      await listening?.close();
      listening = undefined;
    },
  };
}
