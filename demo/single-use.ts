/** What may be used once: ids of assertions, nonces of responses. Nothing of it outlives the process. */
export class SingleUse {
  readonly #used = new Map<string, number>();

  /** Whether it is seen for the first time. `until` and `now` are Unix seconds. */
  take(name: string, until: number, now: number): boolean {
    for (const [key, end] of this.#used) if (end <= now) this.#used.delete(key);
    if (this.#used.has(name)) return false;
    this.#used.set(name, until);
    return true;
  }
}
