/** Waits; ends early, by an error, when it is called off. */
export type Wait = (ms: number, calledOff?: AbortSignal) => Promise<unknown>;

/** So many calls at a time and host; the others queue, first come, first served. */
export interface HostSlots {
  /** @returns whether a slot came free within this many milliseconds; then `free` must give it back. */
  take(host: string, withinMs: number): Promise<boolean>;
  free(host: string): void;
}

interface Lane {
  busy: number;
  queue: Set<() => void>;
}

/**
 * @param mostAtATime calls under way to one host
 * @param wait how the patience of those who queue is measured
 */
export function createHostSlots(mostAtATime: number, wait: Wait): HostSlots {
  const lanes = new Map<string, Lane>();
  return {
    take(host, withinMs) {
      const lane = lanes.get(host) ?? { busy: 0, queue: new Set() };
      lanes.set(host, lane);
      if (lane.busy < mostAtATime) {
        lane.busy += 1;
        return Promise.resolve(true);
      }
      return new Promise((resolve) => {
        const patience = new AbortController();
        const turn = () => {
          patience.abort();
          resolve(true);
        };
        lane.queue.add(turn);
        wait(withinMs, patience.signal).then(
          () => {
            lane.queue.delete(turn);
            resolve(false);
          },
          () => undefined,
        );
      });
    },
    free(host) {
      const lane = lanes.get(host);
      if (lane === undefined) return;
      const [next] = lane.queue;
      if (next !== undefined) {
        // The slot passes on: nobody who comes now can slip in between.
        lane.queue.delete(next);
        next();
      } else {
        lane.busy -= 1;
        if (lane.busy === 0) lanes.delete(host);
      }
    },
  };
}
