import { createStore } from 'idb-keyval';
import type { UseStore } from 'idb-keyval';
import type { QueuedMark } from './mark-queue.ts';

/** Turns what is kept for a member into what is to be kept; undefined: nothing. */
export type Fold = (queued: QueuedMark | undefined) => QueuedMark | undefined;

/** Where marks wait until the server has them. */
export interface MarkStore {
  /** Whether they outlive the page. */
  isLasting: boolean;
  load(): Promise<QueuedMark[]>;
  /** Changes what is kept for these members, all in one step: other tabs of the browser do the same. */
  change(folds: ReadonlyMap<string, Fold>): Promise<void>;
}

/** Some browsers' databases never answer; marks must not wait for one. */
const patienceMs = 5_000;

let opened: UseStore | undefined;

/** All registers of this browser share one database; a register sees its own marks alone. */
const database = (): UseStore => (opened ??= createStore('sk-attendance', 'marks'));

/**
 * The browser's own database. Marks are kept by who made them and for which meeting: the next person to sign in here
 * does not see them.
 */
export function lastingStore({ owner, meetingId }: { owner: string; meetingId: string }): MarkStore {
  const prefix = `${owner}/${meetingId}/`;
  const own = () => IDBKeyRange.bound(prefix, `${prefix}\uffff`);
  return {
    isLasting: true,
    load: () =>
      inTime(database()('readonly', (store) => answerOf(store.getAll(own()) as IDBRequest<QueuedMark[]>))),
    change: (folds) =>
      inTime(
        database()('readwrite', (store) => {
          for (const [membershipId, fold] of folds) {
            const key = prefix + membershipId;
            const asked = store.get(key) as IDBRequest<QueuedMark | undefined>;
            asked.onsuccess = () => {
              const left = fold(asked.result);
              if (left === undefined) store.delete(key);
              else store.put(left, key);
            };
          }
          return endOf(store.transaction);
        }),
      ),
  };
}

async function inTime<Value>(step: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error('the database takes too long'));
    }, patienceMs);
  });
  try {
    return await Promise.race([step, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

function answerOf<Value>(request: IDBRequest<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('the database did not answer'));
    };
  });
}

function endOf(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => {
      resolve();
    };
    transaction.onabort = () => {
      reject(transaction.error ?? new Error('the database gave up'));
    };
  });
}

/** Where a browser keeps nothing (private windows, a frame that may not): until the page is left. */
export function passingStore(marks: Iterable<QueuedMark> = []): MarkStore {
  const kept = new Map([...marks].map((mark) => [mark.membershipId, mark]));
  return {
    isLasting: false,
    load: () => Promise.resolve([...kept.values()]),
    change: (folds) => {
      fold(kept, folds);
      return Promise.resolve();
    },
  };
}

export function fold(marks: Map<string, QueuedMark>, folds: ReadonlyMap<string, Fold>): void {
  for (const [membershipId, change] of folds) {
    const left = change(marks.get(membershipId));
    if (left === undefined) marks.delete(membershipId);
    else marks.set(membershipId, left);
  }
}
