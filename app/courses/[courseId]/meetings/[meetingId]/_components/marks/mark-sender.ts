import type { MarkRequest } from '#lib/attendance/input.ts';
import type { MarkResult } from '#lib/attendance/mark-records.ts';
import type { ErrorCode } from '#lib/base/errors.ts';
import type { Change } from './mark-change.ts';
import { addWish, insist, nextMark, noteUnanswered, refuse, settle } from './mark-queue.ts';
import type { QueuedMark, SentMark } from './mark-queue.ts';
import { fold, passingStore } from './mark-store.ts';
import type { Fold, MarkStore } from './mark-store.ts';

/** So many marks go out in one request. */
const batchSize = 100;
/** Between tries while nobody answers. */
const retryMs = [1_000, 2_000, 5_000, 10_000, 30_000] as const;
/** What is wrong with a mark itself. Everything else is wrong with whoever sends it. */
const faultsOfMarks: readonly ErrorCode[] = ['invalid-input', 'not-found', 'body-too-large'];

export type PostAnswer =
  | { kind: 'answered'; results: MarkResult[] }
  | { kind: 'refused'; code: ErrorCode }
  /** No network, or nobody at the other end. */
  | { kind: 'unreachable' };

export interface SenderMeans {
  store: MarkStore;
  post: (marks: MarkRequest[]) => Promise<PostAnswer>;
  /** Runs the work while no other tab of this register does the same. */
  alone: (work: () => Promise<void>) => Promise<void>;
  /** Tells the other tabs that the store holds something else. */
  tellTabs: () => void;
  newId: () => string;
  onAnswered: (answers: readonly Answer[]) => void;
}

/** What became of one mark: what stands there now. */
export interface Answer {
  membershipId: string;
  sentRevision: number;
  record: MarkResult['record'];
}

export type Phase =
  | { kind: 'idle' }
  | { kind: 'sending' }
  | { kind: 'unreachable' }
  /** Nothing more goes out before somebody does something; the marks stay. */
  | { kind: 'refused'; code: ErrorCode };

export interface QueueState {
  marks: ReadonlyMap<string, QueuedMark>;
  phase: Phase;
  /** Marks outlive the page. */
  isLasting: boolean;
  /** Something was marked here, so that "saved" means something. */
  hasMarked: boolean;
}

/** What is shown before the browser's database has been read. */
export const emptyQueue: QueueState = {
  marks: new Map(),
  phase: { kind: 'idle' },
  isLasting: true,
  hasMarked: false,
};

/** More wishes for members, each with the revision that the teacher saw. */
export type Marking = { membershipId: string; revision: number; changes: readonly Change[] }[];

export interface MarkSender {
  watch: (watcher: () => void) => () => void;
  state: () => QueueState;
  /** Reads what waits from an earlier visit, and sends it. */
  start: () => void;
  stop: () => void;
  mark: (marking: Marking) => void;
  /** Enters a mark over what stands there now. */
  insist: (membershipId: string, revision: number) => void;
  /** The teacher gives a mark up. */
  giveUp: (membershipId: string) => void;
  /** There may be a network again, or a sign-in: at once, without waiting for the next try. */
  tryNow: () => void;
  /** Another tab has changed the store. */
  heardOfChange: () => void;
}

/**
 * Keeps marks until the server has them. A mark is shown at once, then kept, then sent: one request at a time, in
 * order for each member, again and again until it is answered. Nothing goes unless the server has it or the teacher
 * says so.
 */
export function openMarkSender(means: SenderMeans): MarkSender {
  let { store } = means;
  let state = emptyQueue;
  const watchers = new Set<() => void>();
  /** Steps in the store come one after another; while some wait, memory is ahead of it. */
  let storing: Promise<void> = Promise.resolve();
  let steps = 0;
  let isSending = false;
  let isAskedAgain = false;
  let isOpen = false;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;

  function show(change: Partial<QueueState>): void {
    state = { ...state, ...change };
    for (const watcher of watchers) watcher();
  }

  /** A browser that refuses to keep anything must not lose what is in sight. */
  function doWithoutStore(): void {
    store = passingStore(state.marks.values());
    show({ isLasting: false });
  }

  /** In memory at once, in the store right after. */
  function change(folds: ReadonlyMap<string, Fold>): Promise<void> {
    const marks = new Map(state.marks);
    fold(marks, folds);
    show({ marks });
    steps += 1;
    storing = storing
      .then(() => store.change(folds))
      .catch(doWithoutStore)
      .finally(() => {
        steps -= 1;
      });
    return storing.then(means.tellTabs);
  }

  const changeOne = (membershipId: string, one: (queued: QueuedMark) => QueuedMark | undefined) =>
    change(new Map([[membershipId, (queued) => (queued === undefined ? undefined : one(queued))]]));

  async function readStore(): Promise<void> {
    await storing;
    let kept: QueuedMark[];
    try {
      kept = await store.load();
    } catch {
      doWithoutStore();
      return;
    }
    // Marked meanwhile: what is in memory is newer, and will be read again before it is sent.
    if (steps === 0) show({ marks: new Map(kept.map((mark) => [mark.membershipId, mark])) });
  }

  async function flush(): Promise<void> {
    clearTimeout(retry);
    if (!isOpen) return;
    if (isSending) {
      isAskedAgain = true;
      return;
    }
    isSending = true;
    try {
      await means.alone(sendAll);
    } finally {
      isSending = false;
    }
    if (isAskedAgain) {
      isAskedAgain = false;
      await flush();
    }
  }

  async function sendAll(): Promise<void> {
    let size = batchSize;
    for (;;) {
      // Another tab may have sent them.
      await readStore();
      if (!isOpen) return;
      const batch = [...state.marks.values()].flatMap((mark) => nextMark(mark) ?? []).slice(0, size);
      if (batch.length === 0) {
        show({ phase: { kind: 'idle' } });
        return;
      }
      show({ phase: { kind: 'sending' } });
      const answer = await means.post(batch.map(({ wishId: _, ...mark }) => mark));
      if (answer.kind === 'unreachable') {
        await change(foldsOf(batch, (mark, sent) => noteUnanswered(mark, sent.change)));
        waitAndRetry();
        return;
      }
      failures = 0;
      if (answer.kind === 'refused') {
        const { code } = answer;
        if (!faultsOfMarks.includes(code)) {
          show({ phase: { kind: 'refused', code } });
          return;
        }
        // One bad mark refuses its whole batch: from now on one by one, until it is found.
        if (batch.length === 1) {
          await change(foldsOf(batch, (mark, sent) => refuse(mark, sent.wishId, code)));
        }
        size = 1;
        continue;
      }
      await takeAnswers(batch, answer.results);
      size = Math.min(batchSize, size * 2);
    }
  }

  async function takeAnswers(batch: readonly SentMark[], results: readonly MarkResult[]): Promise<void> {
    const byMember = new Map(results.map((result) => [result.membershipId, result]));
    // First the record, then the mark away: nobody sees a moment without either.
    means.onAnswered(
      batch.flatMap(({ membershipId, revision }) => {
        const result = byMember.get(membershipId);
        return result === undefined ? [] : [{ membershipId, sentRevision: revision, record: result.record }];
      }),
    );
    await change(
      foldsOf(batch, (mark, sent) => {
        const result = byMember.get(sent.membershipId);
        return result === undefined ? mark : settle(mark, sent.wishId, result);
      }),
    );
  }

  function waitAndRetry(): void {
    const waitMs = retryMs[Math.min(failures, retryMs.length - 1)];
    failures += 1;
    show({ phase: { kind: 'unreachable' } });
    retry = setTimeout(() => void flush(), waitMs);
  }

  return {
    watch(watcher: () => void): () => void {
      watchers.add(watcher);
      return () => {
        watchers.delete(watcher);
      };
    },
    state: (): QueueState => state,
    start(): void {
      isOpen = true;
      void readStore().then(flush);
    },
    stop(): void {
      isOpen = false;
      clearTimeout(retry);
    },
    mark(marking: Marking): void {
      if (marking.length === 0) return;
      show({ hasMarked: true });
      void change(
        new Map(
          marking.map(({ membershipId, revision, changes }) => {
            const wishes = changes.map((one) => ({ id: means.newId(), change: one }));
            const added: Fold = (queued) =>
              wishes.reduce<QueuedMark | undefined>(
                (before, wish) => addWish(before, { membershipId, revision, wish }),
                queued,
              );
            return [membershipId, added];
          }),
        ),
      ).then(flush);
    },
    insist(membershipId: string, revision: number): void {
      void changeOne(membershipId, (mark) => insist(mark, revision)).then(flush);
    },
    giveUp(membershipId: string): void {
      void changeOne(membershipId, () => undefined);
    },
    tryNow(): void {
      void flush();
    },
    heardOfChange(): void {
      void readStore();
    },
  };
}

function foldsOf(
  batch: readonly SentMark[],
  change: (mark: QueuedMark, sent: SentMark) => QueuedMark | undefined,
): Map<string, Fold> {
  return new Map(
    batch.map((sent) => [sent.membershipId, (mark) => (mark === undefined ? undefined : change(mark, sent))]),
  );
}
