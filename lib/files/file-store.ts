import { randomBytes } from 'node:crypto';

/** Where documents lie. Two stores keep the same promises: a bucket that speaks S3, and a local folder. */
export interface FileStore {
  /**
   * Keeps a file under this key, whole or not at all; what lay there before is replaced.
   *
   * @throws AppError `files-unavailable`: it may or may not lie there now
   */
  put(key: string, file: FileToStore): Promise<void>;
  /**
   * Undefined: nothing lies there. The body gives exactly `bytes` bytes or fails on the way; cancel it when it is not
   * read to its end.
   *
   * @throws AppError `files-unavailable`
   */
  open(key: string): Promise<OpenedFile | undefined>;
  /**
   * Afterwards nothing lies there, whether or not something did.
   *
   * @throws AppError `files-unavailable`
   */
  delete(key: string): Promise<void>;
  /**
   * All that lies in the store, in no particular order.
   *
   * @throws AppError `files-unavailable`, also midway
   */
  list(): AsyncIterable<ListedFile>;
  /** Puts, reads and deletes a small object. What is wrong, and what to do, as one sentence for the operator. */
  check(): Promise<string | undefined>;
}

export interface FileToStore {
  /** Where it lies on this machine's disk until then. */
  path: string;
  bytes: number;
  mediaType: string;
}

export interface OpenedFile {
  body: ReadableStream<Uint8Array<ArrayBuffer>>;
  bytes: number;
}

export interface ListedFile {
  key: string;
  modifiedAt: Date;
}

/** A key for a new file: random, so that it tells nothing and cannot be guessed. */
export function newFileKey(): string {
  return randomBytes(20).toString('hex');
}

/** Whether a key is as `newFileKey` makes them: what bears another lies there for somebody else. */
export function isOwnFileKey(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

/** Segments of small letters, digits and hyphens: no key can leave its folder, and none needs escaping anywhere. */
const keyShape = /^[a-z0-9-]+(\/[a-z0-9-]+)*$/;

function isFileKey(text: string): boolean {
  return text.length <= 200 && keyShape.test(text);
}

/** A key that is none is a mistake of ours: keys never come from outside. */
export function requireFileKey(key: string): void {
  if (!isFileKey(key)) throw new Error('A file was asked for by something that is no key.');
}
