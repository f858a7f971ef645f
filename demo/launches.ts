import { jwtVerify, SignJWT, errors } from 'jose';
import type { InstalledTool } from './identity.ts';

/** What Canvas calls the cached launch: the message as it was when the person clicked. */
export interface PendingLaunch {
  tool: InstalledTool;
  /** The opaque id of the person who clicked. */
  loginHint: string;
  claims: Record<string, unknown>;
}

/** Canvas' message hint lives five minutes. */
const launchLifeSeconds = 300;
/** More than anybody has under way at once; the oldest goes first. */
const shelfSize = 20_000;

/**
 * Launches between the click and the authorisation request. The message hint is a signed statement that
 * names one of them; taking it from the shelf is what makes a launch single-use. They are not kept over a
 * restart: whoever was in between clicks again.
 */
export class LaunchShelf {
  readonly #pending = new Map<string, { launch: PendingLaunch; until: number }>();
  readonly #secret: Uint8Array;
  readonly #now: () => Date;

  constructor(secret: string, now: () => Date) {
    this.#secret = new TextEncoder().encode(`message-hint/${secret}`);
    this.#now = now;
  }

  /** Keeps the launch and returns the message hint for it. */
  async put(launch: PendingLaunch): Promise<string> {
    const id = crypto.randomUUID();
    const issuedAt = Math.floor(this.#now().getTime() / 1000);
    for (const [key, one] of this.#pending) {
      if (one.until >= issuedAt && this.#pending.size < shelfSize) break;
      this.#pending.delete(key);
    }
    this.#pending.set(id, { launch, until: issuedAt + launchLifeSeconds });
    return new SignJWT({ verifier: id, canvas_domain: '127.0.0.1', context_type: 'Course' })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + launchLifeSeconds)
      .sign(this.#secret);
  }

  /** Whether the hint is ours, and which launch it names; an expired one is still known for what it is. */
  async read(hint: string): Promise<{ id: string; expired: boolean } | undefined> {
    try {
      const { payload } = await jwtVerify(hint, this.#secret, {
        algorithms: ['HS256'],
        currentDate: this.#now(),
      });
      return typeof payload.verifier === 'string' ? { id: payload.verifier, expired: false } : undefined;
    } catch (error) {
      // jose checks the signature before the time: only a hint of ours can be an expired one.
      return error instanceof errors.JWTExpired ? { id: '', expired: true } : undefined;
    }
  }

  /** What is kept under the id, without taking it. */
  peek(id: string): PendingLaunch | undefined {
    return this.#pending.get(id)?.launch;
  }

  /** Takes the launch from the shelf: the second caller gets nothing. */
  take(id: string): PendingLaunch | undefined {
    const found = this.#pending.get(id);
    this.#pending.delete(id);
    return found?.launch;
  }
}
