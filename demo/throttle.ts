/** Canvas' bucket: full at 600, drains 10 a second, and each call under way holds 50 of it. */
const bucketSize = 600;
const drainPerSecond = 10;
const heldPerCall = 50;

export type ThrottleAnswer = 403 | 429;

interface Bucket {
  level: number;
  at: number;
  underWay: number;
}

export interface ThrottleTurn {
  allowed: boolean;
  remaining: number;
  /** Ends the call; returns what it cost. */
  done: () => number;
}

/**
 * A leaky bucket per caller. Time here is the machine's own, not the platform's clock: a test that moves
 * the clock must not empty the bucket.
 */
export class Throttle {
  readonly #buckets = new Map<string, Bucket>();
  /** Calls that are still to be refused, whatever the bucket holds: switched by tests. */
  forced = 0;
  /** Canvas answers 403 or, by a setting, 429. */
  answer: ThrottleAnswer = 403;

  begin(caller: string): ThrottleTurn {
    const now = performance.now();
    const bucket = this.#buckets.get(caller) ?? { level: 0, at: now, underWay: 0 };
    this.#buckets.set(caller, bucket);
    bucket.level = Math.max(0, bucket.level - ((now - bucket.at) / 1000) * drainPerSecond);
    bucket.at = now;
    const used = bucket.level + bucket.underWay * heldPerCall;
    if (this.forced > 0 || used + heldPerCall > bucketSize) {
      if (this.forced > 0) this.forced -= 1;
      return { allowed: false, remaining: 0, done: () => 0 };
    }
    bucket.underWay += 1;
    return {
      allowed: true,
      remaining: bucketSize - used,
      done: () => {
        bucket.underWay -= 1;
        const cost = Math.max(0.05, (performance.now() - now) / 1000);
        bucket.level += cost;
        return cost;
      },
    };
  }
}
