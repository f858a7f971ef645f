import type { Status } from '../base/statuses.ts';
import { storableText } from '../base/storable-text.ts';
import { addMs, instantOfLocal, localOfInstant, minuteMs } from '../base/time.ts';
import type { RecordSource } from '../db/schema.ts';

const placeholderPrefix = 'rest:';

/** Stands for the `sub` of a person whom the platform has named by its own number only, until it tells the `sub`. */
export function placeholderSub(canvasUserId: string): string {
  return `${placeholderPrefix}${canvasUserId}`;
}

/** Whether nobody can have signed in as this person: only a number is known. */
function isPlaceholder(sub: string): boolean {
  return sub.startsWith(placeholderPrefix);
}

/** A row of `people`, before or after it is written. */
export interface PersonRow {
  /** Undefined: not written yet. */
  id: string | undefined;
  sub: string;
  canvasUserId: string | null;
  mergedInto: PersonRow | undefined;
}

export interface IdentityPlan {
  /** Whose row each seen `sub` means. */
  rowOf: ReadonlyMap<string, PersonRow>;
  /** Rows that were known by their number alone, and get their `sub` now. */
  claims: PersonRow[];
  /** The same human for certain: one row is known by the number alone. */
  merges: { from: PersonRow; to: PersonRow }[];
  /** Rows that get a number which nobody holds. */
  numbers: PersonRow[];
  /** Rows of which the platform says that they are one human; a person has to decide. */
  conflicts: { row: PersonRow; holder: PersonRow }[];
}

const living = (row: PersonRow | undefined): PersonRow | undefined => row?.mergedInto ?? row;

/**
 * Whose rows the members on a page are, given the rows that bear their `sub` or number. `sub` identifies; a number
 * leads to a person only where one side is known by nothing else. Two `sub`s with one number are never merged here.
 * The rows are brought to the state in which the plan leaves them.
 */
export function decideIdentities(
  seen: readonly { sub: string; canvasUserId: string | undefined }[],
  known: readonly PersonRow[],
): IdentityPlan {
  const bySub = new Map(known.map((row) => [row.sub, row]));
  const byNumber = new Map(
    known.flatMap((row) => (row.canvasUserId === null ? [] : [[row.canvasUserId, row] as const])),
  );
  const rowOf = new Map<string, PersonRow>();
  const plan: Omit<IdentityPlan, 'rowOf'> = { claims: [], merges: [], numbers: [], conflicts: [] };
  // Who is known by number alone comes last: a `sub` on the same page may have claimed the row.
  const ordered = [...seen].sort((a, b) => Number(isPlaceholder(a.sub)) - Number(isPlaceholder(b.sub)));
  for (const { sub, canvasUserId } of ordered) {
    const holder = canvasUserId === undefined ? undefined : living(byNumber.get(canvasUserId));
    let row = living(bySub.get(sub));
    if (row === undefined && holder !== undefined && isPlaceholder(sub)) row = holder;
    if (row === undefined && holder !== undefined && isPlaceholder(holder.sub)) {
      holder.sub = sub;
      plan.claims.push(holder);
      row = holder;
    }
    row ??= { id: undefined, sub, canvasUserId: null, mergedInto: undefined };
    bySub.set(sub, row);
    rowOf.set(sub, row);
    if (canvasUserId === undefined || holder === row) continue;
    if (holder === undefined) {
      row.canvasUserId = canvasUserId;
      byNumber.set(canvasUserId, row);
      plan.numbers.push(row);
    } else if (isPlaceholder(holder.sub) && !plan.merges.some(({ to }) => to === row)) {
      holder.mergedInto = row;
      plan.merges.push({ from: holder, to: row });
    } else {
      plan.conflicts.push({ row, holder });
    }
  }
  return { rowOf, ...plan };
}

/** Whether the rows say already what was seen, so that nobody has to take turns. */
export function areIdentitiesSettled(
  seen: readonly { sub: string; canvasUserId: string | undefined }[],
  known: readonly PersonRow[],
): boolean {
  const bySub = new Map(known.map((row) => [row.sub, row]));
  const byNumber = new Map(known.map((row) => [row.canvasUserId, row]));
  return seen.every(({ sub, canvasUserId }) => {
    const holder = canvasUserId === undefined ? undefined : living(byNumber.get(canvasUserId));
    const row = living(bySub.get(sub)) ?? (isPlaceholder(sub) ? holder : undefined);
    return row !== undefined && (canvasUserId === undefined || holder === row);
  });
}

/** From when spans count that open now; null: with the course. */
export interface SpanStarts {
  /** Of members who were never seen before. */
  newMember: Date | null;
  /** Of members who come back, and of sections that are added to others. */
  knownMember: Date | null;
}

/**
 * Until the first complete roster everybody counts from the course's start. After it a late arrival counts from the
 * beginning of the day, by the course's clock, on which they are first seen, or from the course's start where its
 * policy says so.
 */
export function decideSpanStarts(
  course: { rosterSyncedAt: Date | null; timeZone: string },
  { lateArrivalsCountFrom }: { lateArrivalsCountFrom: 'first-seen' | 'course-start' },
  now: Date,
): SpanStarts {
  if (course.rosterSyncedAt === null) return { newMember: null, knownMember: null };
  const today = startOfDay(localOfInstant(now, course.timeZone).slice(0, 10), course.timeZone);
  return { newMember: lateArrivalsCountFrom === 'course-start' ? null : today, knownMember: today };
}

export interface KnownSpan {
  id: string;
  /** Null: in no section, or the platform does not tell. */
  sectionId: string | null;
  startsAt: Date | null;
  endsAt: Date | null;
  /** `teacher`: a teacher has said until when it counts. */
  source: 'platform' | 'teacher';
}

export interface SpanChanges {
  /** Spans that end now. */
  end: string[];
  /** Spans whose section is told now for the first time. */
  name: { id: string; sectionId: string }[];
  open: { sectionId: string | null; startsAt: Date | null }[];
}

/** Whether a span has not ended; it may be going to. */
export function isCurrent(span: Pick<KnownSpan, 'endsAt'>, now: Date): boolean {
  return span.endsAt === null || span.endsAt > now;
}

/**
 * Which dated spans of a member end and open, given the sections that the platform names them in now (undefined: it
 * does not tell). A move ends one section and opens the other at this moment. What a teacher has said stays: their
 * span is not ended, and a section that they have ended is not opened again.
 */
export function decideSpans(
  spans: readonly KnownSpan[],
  sectionsNow: readonly string[] | undefined,
  starts: SpanStarts,
  now: Date,
): SpanChanges {
  const current = spans.filter((span) => isCurrent(span, now));
  const wanted: (string | null)[] =
    sectionsNow === undefined || sectionsNow.length === 0 ? [null] : [...new Set(sectionsNow)];
  if (sectionsNow === undefined) {
    const stays = current.length > 0 || lastEnded(spans)?.source === 'teacher';
    return {
      end: [],
      name: [],
      open: stays ? [] : [{ sectionId: null, startsAt: startOf(spans, starts, now) }],
    };
  }
  const missing = wanted.filter(
    (section) =>
      !current.some((span) => span.sectionId === section) &&
      lastEnded(spans.filter((span) => span.sectionId === section))?.source !== 'teacher',
  );
  const superfluous = current.filter(
    (span) => span.source === 'platform' && !wanted.includes(span.sectionId),
  );
  const [first, ...others] = missing;
  const [unnamed] = superfluous;
  // Enrolled all along, only the section was not known: what counted from then on counts in this section.
  if (
    typeof first === 'string' &&
    unnamed !== undefined &&
    superfluous.length === 1 &&
    unnamed.sectionId === null
  ) {
    return {
      end: [],
      name: [{ id: unnamed.id, sectionId: first }],
      open: others.map((sectionId) => ({ sectionId, startsAt: unnamed.startsAt })),
    };
  }
  const startsAt = superfluous.length > 0 ? now : startOf(spans, starts, now);
  return {
    end: superfluous.map((span) => span.id),
    name: [],
    open: missing.map((sectionId) => ({ sectionId, startsAt })),
  };
}

function lastEnded(spans: readonly KnownSpan[]): KnownSpan | undefined {
  return spans.filter((span) => span.endsAt !== null).sort((a, b) => Number(b.endsAt) - Number(a.endsAt))[0];
}

/** Never back into a time that has been told already: who left in the morning comes back after that. */
function startOf(spans: readonly KnownSpan[], starts: SpanStarts, now: Date): Date | null {
  if (spans.length === 0) return starts.newMember;
  const last = lastEnded(spans)?.endsAt;
  if (last === null || last === undefined) return starts.knownMember;
  const start = starts.knownMember ?? now;
  return start > last || last > now ? start : last;
}

/**
 * The spans of one member whom two rows have told of: times of one section that touch become one. Who said when it
 * ends is who said the later end.
 */
export function joinSpans<Span extends Omit<KnownSpan, 'id'>>(spans: readonly Span[]): Span[] {
  const startOrder = (span: Span) => span.startsAt?.getTime() ?? -Infinity;
  const endOrder = (span: Span) => span.endsAt?.getTime() ?? Infinity;
  const joined: Span[] = [];
  for (const span of [...spans].sort((a, b) => startOrder(a) - startOrder(b))) {
    const index = joined.findIndex(
      (other) => other.sectionId === span.sectionId && endOrder(other) >= startOrder(span),
    );
    const other = joined[index];
    if (other === undefined) joined.push(span);
    else if (endOrder(span) > endOrder(other)) joined[index] = { ...span, startsAt: other.startsAt };
    else if (endOrder(span) === endOrder(other) && span.source === 'teacher') {
      joined[index] = { ...other, source: 'teacher' };
    }
  }
  return joined;
}

interface RecordToWeigh {
  source: RecordSource;
  status: Status;
  provenMinutes: number;
}

/**
 * Of two records of one human at one meeting: a teacher's word stands above all, then whoever was there was there,
 * then an accepted excuse stands above an absence, then more minutes count.
 */
export function isBetterRecord(record: RecordToWeigh, than: RecordToWeigh): boolean {
  if (record.source === 'teacher' || than.source === 'teacher') {
    if (record.source !== than.source) return record.source === 'teacher';
  } else if (record.source !== than.source) {
    const seen = record.source === 'check-in' ? record : than;
    return (seen.status === 'absent' ? 'excuse' : 'check-in') === record.source;
  }
  return record.provenMinutes > than.provenMinutes;
}

/** The days of a span as a person reads them, in the course's zone: both inclusive; null: from or to no day. */
export interface SpanDays {
  from: string | null;
  to: string | null;
}

/** Which days a span covers: one that ends in the middle of a day covers that day too. */
export function daysOfSpan(
  { startsAt, endsAt }: { startsAt: Date | null; endsAt: Date | null },
  timeZone: string,
): SpanDays {
  const day = (at: Date) => localOfInstant(at, timeZone).slice(0, 10);
  return {
    from: startsAt === null ? null : day(startsAt),
    to: endsAt === null ? null : day(addMs(endsAt, -1)),
  };
}

/** A span as a teacher wants it. */
export interface WantedSpan extends SpanDays {
  /** Undefined: a new one. */
  id?: string | undefined;
  sectionId: string | null;
}

export type SpanProblem = 'from' | 'to' | 'end-before-start' | 'overlap';

/** What is wrong with a span, by its position in what was sent. */
export interface ProblemOfSpan {
  index: number;
  problem: SpanProblem;
}

export interface SpanEdit {
  /** As they stand afterwards. */
  spans: (Omit<KnownSpan, 'id'> & { id: string | undefined })[];
  /** Taken away. They stay as spans that last no time, so that no roster opens their section again. */
  removed: string[];
}

/**
 * What a teacher's edit makes of a member's spans. Days are whole, from the start of the first to the end of the last,
 * by the course's clock; a day that was not changed keeps its exact moment. Whose end the teacher has not touched is
 * ended by rosters as before.
 */
export function decideSpanEdit(
  known: readonly KnownSpan[],
  wanted: readonly WantedSpan[],
  timeZone: string,
): { kind: 'edit'; edit: SpanEdit } | { kind: 'invalid'; problems: ProblemOfSpan[] } {
  const spans = wanted.map((span) => {
    // In another section it is another span: the one that stood there was taken away.
    const before = known.find(({ id, sectionId }) => id === span.id && sectionId === span.sectionId);
    const shown = before === undefined ? { from: undefined, to: undefined } : daysOfSpan(before, timeZone);
    const startsAt =
      before !== undefined && shown.from === span.from ? before.startsAt : startOfDay(span.from, timeZone);
    const endsAt =
      before !== undefined && shown.to === span.to ? before.endsAt : startOfDay(nextDay(span.to), timeZone);
    const isPlatforms = before?.source === 'platform' && before.endsAt === endsAt;
    const source = isPlatforms ? ('platform' as const) : ('teacher' as const);
    return { id: before?.id, sectionId: span.sectionId, startsAt, endsAt, source };
  });
  const problems = spans.flatMap(({ sectionId, startsAt, endsAt }, index): ProblemOfSpan[] => {
    if (startsAt !== null && endsAt !== null && startsAt >= endsAt) {
      return [{ index, problem: 'end-before-start' }];
    }
    const overlaps = spans
      .slice(0, index)
      .some(
        (other) =>
          other.sectionId === sectionId &&
          (other.startsAt === null || endsAt === null || other.startsAt < endsAt) &&
          (startsAt === null || other.endsAt === null || startsAt < other.endsAt),
      );
    return overlaps ? [{ index, problem: 'overlap' }] : [];
  });
  if (problems.length > 0) return { kind: 'invalid', problems };
  const removed = known.filter(({ id }) => !spans.some((span) => span.id === id)).map(({ id }) => id);
  return { kind: 'edit', edit: { spans, removed } };
}

const startOfDay = (day: string | null, timeZone: string) =>
  day === null ? null : instantOfLocal(`${day}T00:00`, timeZone);

const nextDay = (day: string | null) =>
  day === null ? null : new Date(Date.parse(`${day}T00:00Z`) + 24 * 60 * minuteMs).toISOString().slice(0, 10);

/** Whether a span lasts no time: a teacher took it away. */
export function isTakenAway({ startsAt, endsAt }: { startsAt: Date | null; endsAt?: Date | null }): boolean {
  return startsAt !== null && startsAt.getTime() === endsAt?.getTime();
}

/** What a page was shown of a member's spans, so that an edit of older ones is noticed. */
export function versionOfSpans(spans: readonly KnownSpan[]): string {
  return JSON.stringify(
    spans.map(({ id, sectionId, startsAt, endsAt }) => [id, sectionId, startsAt, endsAt]),
  );
}

export interface NamedSection {
  platformSectionId: string;
  name: string;
}

/**
 * Canvas' section variables: ids as "11,12", names as a JSON array in the same order. Undefined when they were
 * not given; an id without a name is shown by its number.
 */
export function readSections(ids: string | undefined, names: string | undefined): NamedSection[] | undefined {
  if (ids === undefined) return undefined;
  let named: unknown = [];
  try {
    named = JSON.parse(names ?? '[]');
  } catch {
    // Not JSON: the ids alone must do.
  }
  const list: unknown[] = Array.isArray(named) ? named : [];
  return ids
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
    .map((platformSectionId, index) => {
      const given = list[index];
      const name = typeof given === 'string' ? storableText(given) : '';
      return { platformSectionId, name: name === '' ? platformSectionId : name };
    });
}
