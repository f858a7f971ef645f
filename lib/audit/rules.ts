import { createHmac } from 'node:crypto';

/** An event's whole row, as it is sealed. */
export interface SealedRow {
  id: string;
  courseId: string;
  /** In UTC with microseconds, as text: a Date would not see a change below a millisecond. */
  at: string;
  actorPersonId: string | null;
  action: string;
  subjectId: string;
  before: unknown;
  after: unknown;
}

/** JSON with the names of every object in order, so that equal values are equal texts. */
function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
    return `{${entries.map(([name, entry]) => `${JSON.stringify(name)}:${canonicalJson(entry)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

/**
 * What a seal holds of an event. The salt keeps the row from being guessed by it: once row and salt are erased, it
 * tells nothing, and the chain over it still holds.
 */
export function commitmentOf(row: SealedRow, salt: string): string {
  const { id, courseId, at, actorPersonId, action, subjectId, before, after } = row;
  const whole = canonicalJson([id, courseId, at, actorPersonId, action, subjectId, before, after]);
  return createHmac('sha256', Buffer.from(salt, 'base64url')).update(whole).digest('base64url');
}

export interface SealContent {
  courseId: string;
  number: number;
  /** The seal before it; empty for the first of a course. */
  previousMac: string;
  commitments: readonly string[];
}

/** One link of a course's chain: nobody without the key can make it, nor change what it covers. */
export function macOf(key: Buffer, { courseId, number, previousMac, commitments }: SealContent): string {
  const whole = JSON.stringify([previousMac, number, courseId, commitments.length, commitments]);
  return createHmac('sha256', key).update(whole).digest('base64url');
}

export interface StoredEvent extends SealedRow {
  salt: string | null;
  commitment: string | null;
  erasedAt: string | null;
}

export interface StoredSeal {
  id: string;
  courseId: string;
  number: number;
  keyId: string;
  eventCount: number;
  mac: string;
}

export type AuditProblem =
  /** The row is not the one that was sealed. */
  | { kind: 'event-changed'; courseId: string; seal: number; eventId: string }
  /** Rows that the seal covers are gone, or rows were put among them. */
  | { kind: 'events-missing' | 'events-added'; courseId: string; seal: number; count: number }
  /** The seal's MAC does not fit its events and the seal before it: made anew without the key. */
  | { kind: 'seal-broken'; courseId: string; seal: number }
  /** The key of the seal does not open, so that nobody can tell. */
  | { kind: 'key-lost'; courseId: string; seal: number }
  /** Numbers are left out in the chain, this one first. */
  | { kind: 'seals-missing'; courseId: string; seal: number; count: number }
  /** Events that say "erased" without an erasure in the log that counts them. */
  | { kind: 'erasure-unknown'; courseId: string; at: string; erased: number; told: number }
  /** Written long ago and under no seal: the job that seals stands still, or seals were taken away. */
  | { kind: 'unsealed'; courseId: string; count: number }
  /** What was kept outside says that the chain was longer. */
  | { kind: 'tail-cut'; courseId: string; seal: number }
  /** What was kept outside is another seal of that number: the chain was made anew. */
  | { kind: 'head-differs'; courseId: string; seal: number };

/** Whether an event's row is the one that was sealed; of one that was erased, whether it holds nothing any more. */
function isAsSealed(event: StoredEvent): boolean {
  if (event.commitment === null) return false;
  if (event.erasedAt !== null) {
    return event.salt === null && event.before === null && event.after === null;
  }
  return event.salt !== null && commitmentOf(event, event.salt) === event.commitment;
}

/**
 * What is wrong with one link of the chain.
 *
 * @param previous the link before it; undefined at the beginning
 * @param key undefined when no secret opens it
 * @param events of this seal, by position
 */
export function judgeSeal(
  seal: StoredSeal,
  previous: Pick<StoredSeal, 'number' | 'mac'> | undefined,
  key: Buffer | undefined,
  events: readonly StoredEvent[],
): AuditProblem[] {
  const { courseId, number } = seal;
  const problems: AuditProblem[] = [];
  const expected = (previous?.number ?? 0) + 1;
  if (number !== expected) {
    problems.push({ kind: 'seals-missing', courseId, seal: expected, count: number - expected });
  }
  for (const event of events) {
    if (!isAsSealed(event)) {
      problems.push({ kind: 'event-changed', courseId, seal: number, eventId: event.id });
    }
  }
  const surplus = events.length - seal.eventCount;
  if (surplus < 0) problems.push({ kind: 'events-missing', courseId, seal: number, count: -surplus });
  if (surplus > 0) problems.push({ kind: 'events-added', courseId, seal: number, count: surplus });
  const content = {
    courseId,
    number,
    previousMac: previous?.mac ?? '',
    commitments: events.map(({ commitment }) => commitment ?? ''),
  };
  if (key === undefined) problems.push({ kind: 'key-lost', courseId, seal: number });
  else if (surplus === 0 && macOf(key, content) !== seal.mac) {
    problems.push({ kind: 'seal-broken', courseId, seal: number });
  }
  return problems;
}

/** One line of what is kept outside of the database. */
export interface Head {
  courseId: string;
  number: number;
  mac: string;
}

/** Compares what was kept outside with the seal of that number, undefined where there is none. */
export function judgeHead(head: Head, mac: string | undefined): AuditProblem | undefined {
  const at = { courseId: head.courseId, seal: head.number };
  if (mac === undefined) return { kind: 'tail-cut', ...at };
  return mac === head.mac ? undefined : { kind: 'head-differs', ...at };
}

/** Events that were erased in one go, and what the log tells of erasures at that moment. */
export interface Erasure {
  courseId: string;
  at: string;
  erased: number;
  told: number;
}

/** An erasure must be told by an event of its own, and count exactly: else "erased" could hide a change. */
export function judgeErasure(erasure: Erasure): AuditProblem | undefined {
  return erasure.erased === erasure.told ? undefined : { kind: 'erasure-unknown', ...erasure };
}
