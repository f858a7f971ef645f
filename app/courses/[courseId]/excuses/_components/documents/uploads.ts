import type { ErrorCode } from '#lib/base/errors.ts';
import { maxFiles } from '#lib/base/excuse-limits.ts';
import type { DocumentProblem, KeptDocument } from '#lib/excuses/keep-document.ts';

/** Phones have thin lines: more at once would only make each of them late. */
const atOnce = 2;

/** Why a document is none: the server's word; or it has to be chosen anew, because the page was left, or it waited too long. */
export type UploadRefusal = DocumentProblem | 'left' | 'gone';

export type UploadState =
  | { kind: 'waiting' }
  /** Made smaller, or read. */
  | { kind: 'preparing' }
  /** `share` of 1. */
  | { kind: 'sending'; share: number }
  /** All of it has left; the server looks into it. */
  | { kind: 'checking' }
  | { kind: 'kept' }
  /** It may work another time. */
  | { kind: 'failed'; code: ErrorCode | 'unreachable' }
  /** It will not work another time. */
  | { kind: 'refused'; why: UploadRefusal };

export interface Upload {
  id: string;
  name: string;
  bytes: number;
  isPicture: boolean;
  /** What this page holds of it, for a look at it; undefined after a reload. */
  content: Blob | undefined;
  state: UploadState;
}

export type SendAnswer = KeptDocument | { kind: 'failed'; code: ErrorCode | 'unreachable' };

export type Prepared = { kind: 'ready'; content: Blob } | { kind: 'refused'; why: DocumentProblem };

export interface UploadMeans {
  prepare: (file: Blob) => Promise<Prepared>;
  /** Never rejects: what went wrong is an answer. */
  send: (
    document: { id: string; name: string; content: Blob },
    options: { signal: AbortSignal; onProgress: (share: number) => void },
  ) => Promise<SendAnswer>;
  /** What was uploaded is not wanted any more. The server's cleaner does the same a day later. */
  drop: (id: string) => void;
  newId: () => string;
}

/** What outlives a reload. Never the document itself. */
export type RememberedUpload = Pick<Upload, 'id' | 'name' | 'bytes' | 'isPicture'> & { isKept: boolean };

/** Documents on their way to the server, each by itself, a few at once. */
export interface Uploads {
  watch: (watcher: () => void) => () => void;
  list: () => readonly Upload[];
  /** Takes what there is room for, and answers how many were left over. */
  add: (files: readonly File[]) => number;
  retry: (id: string) => void;
  /** There is a network again. */
  retryAll: () => void;
  /** Cancels it where it is. */
  remove: (id: string) => void;
  /** The server does not have these any more. */
  noteGone: (ids: readonly string[]) => void;
  /** When nothing is on its way any more, whatever became of it. */
  settled: () => Promise<void>;
  /** The page is left. */
  stop: () => void;
}

export const isOnItsWay = ({ state: { kind } }: Upload): boolean =>
  kind === 'waiting' || kind === 'preparing' || kind === 'sending' || kind === 'checking';

export const hasArrived = ({ state }: Upload): boolean => state.kind === 'kept';

export function remember(uploads: readonly Upload[]): RememberedUpload[] {
  return uploads.map((upload) => ({
    ...{ id: upload.id, name: upload.name, bytes: upload.bytes, isPicture: upload.isPicture },
    isKept: hasArrived(upload),
  }));
}

/** @param room how many documents there may be, those that were remembered among them */
export function openUploads(
  means: UploadMeans,
  { remembered = [], room = maxFiles }: { remembered?: readonly RememberedUpload[]; room?: number } = {},
): Uploads {
  let uploads: readonly Upload[] = remembered.map(({ isKept, ...upload }) => ({
    ...upload,
    content: undefined,
    state: isKept ? { kind: 'kept' } : { kind: 'refused', why: 'left' },
  }));
  /** Those that take one of the few places. */
  const running = new Map<string, AbortController>();
  const watchers = new Set<() => void>();

  function show(next: readonly Upload[]) {
    uploads = next;
    for (const watcher of watchers) watcher();
  }

  function change(id: string, changes: Partial<Upload>) {
    show(uploads.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload)));
  }

  function startNext() {
    const next = uploads.find(({ state }) => state.kind === 'waiting');
    if (next?.content === undefined || running.size >= atOnce) return;
    const controller = new AbortController();
    running.set(next.id, controller);
    void bring(next.id, next.name, next.content, controller.signal).then((changes) => {
      // A document that was removed and chosen again meanwhile has another id.
      if (running.get(next.id) === controller) running.delete(next.id);
      if (!controller.signal.aborted) change(next.id, changes);
      startNext();
    });
    startNext();
  }

  async function bring(id: string, name: string, file: Blob, signal: AbortSignal): Promise<Partial<Upload>> {
    change(id, { state: { kind: 'preparing' } });
    const prepared = await means.prepare(file);
    if (prepared.kind === 'refused') return { state: prepared };
    const { content } = prepared;
    if (signal.aborted) return {};
    change(id, { content, bytes: content.size, state: { kind: 'sending', share: 0 } });
    const answer = await means.send(
      { id, name, content },
      {
        signal,
        onProgress: (share) => {
          if (!signal.aborted)
            change(id, { state: share < 1 ? { kind: 'sending', share } : { kind: 'checking' } });
        },
      },
    );
    if (answer.kind !== 'kept') return { state: answer };
    const { file: kept } = answer;
    return {
      ...{ name: kept.name, bytes: kept.bytes, isPicture: isPicture(kept.mediaType) },
      state: { kind: 'kept' },
    };
  }

  function takeOff(id: string) {
    running.get(id)?.abort();
    running.delete(id);
  }

  function retry(ids: readonly string[]) {
    show(
      uploads.map((upload) =>
        ids.includes(upload.id) && upload.state.kind === 'failed'
          ? { ...upload, state: { kind: 'waiting' } }
          : upload,
      ),
    );
    startNext();
  }

  return {
    watch: (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    list: () => uploads,
    add: (files) => {
      const taken = files.slice(0, Math.max(0, room - uploads.length));
      const added = taken.map((file) => ({
        ...{ id: means.newId(), name: file.name, bytes: file.size, isPicture: isPicture(file.type) },
        ...{ content: file, state: { kind: 'waiting' } as const },
      }));
      show([...uploads, ...added]);
      startNext();
      return files.length - taken.length;
    },
    retry: (id) => {
      retry([id]);
    },
    retryAll: () => {
      retry(uploads.map(({ id }) => id));
    },
    remove: (id) => {
      const upload = uploads.find((one) => one.id === id);
      if (upload === undefined) return;
      takeOff(id);
      // Also one whose answer never came: it may have arrived all the same.
      if (upload.state.kind !== 'waiting' && upload.state.kind !== 'refused') means.drop(id);
      show(uploads.filter((one) => one.id !== id));
      startNext();
    },
    noteGone: (ids) => {
      show(
        uploads.map((upload) =>
          ids.includes(upload.id) ? { ...upload, state: { kind: 'refused', why: 'gone' } } : upload,
        ),
      );
    },
    settled: () =>
      new Promise((resolve) => {
        const look = () => {
          if (uploads.some(isOnItsWay)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    stop: () => {
      for (const { id } of uploads) takeOff(id);
    },
  };
}

function isPicture(mediaType: string): boolean {
  return mediaType.startsWith('image/');
}
