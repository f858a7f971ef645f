import { decideFromTimes, decideFromWord, excuseAbsence } from '../attendance/rules.ts';
import type { DecidedRecord, JudgingPolicy, PresenceSpan, TeachingTime } from '../attendance/rules.ts';
import { addMs, instantOfLocal, localOfInstant, minuteMs } from '../base/time.ts';
import { storableText } from '../base/storable-text.ts';
import type { Status } from '../base/statuses.ts';
import type { OldRow } from './old-shape.ts';

/** What was mended on the way, or left behind, by kind. Reports count it, and name nobody. */
export const cures = [
  'users-joined',
  'users-contradicting',
  'people-unidentified',
  'records-doubled',
  'records-orphaned',
  'records-of-staff',
  'records-of-unidentified',
  'status-unknown',
  'status-follows-times',
  'full-minutes-ended',
  'late-without-time',
  'partial-without-time',
  'times-unusable',
  'excuses-undecided',
  'documents-missing',
  'documents-refused',
  'sessions-unplaceable',
  'sessions-orphaned',
  'breaks-unusable',
  'links-not-https',
  'texts-cut',
  'courses-waiting',
] as const;

export type Cure = (typeof cures)[number];
export type Cures = Record<Cure, number>;

export function noCures(): Cures {
  return Object.fromEntries(cures.map((cure) => [cure, 0])) as Cures;
}

type OldUser = OldRow<'users'>;

/** One human, of one row of the old table or of several. */
export interface Human {
  oldIds: string[];
  sub: string | undefined;
  canvasUserId: string | undefined;
  sisId: string | undefined;
  name: string | undefined;
  email: string | undefined;
  isStaff: boolean;
}

/** What identifies, the strongest first; e-mail alone never does, and joins only what nothing else parts. */
const identifying = ['sub', 'canvasUserId', 'sisId', 'loginId', 'email'] as const;
type Identifying = (typeof identifying)[number];

const staffRoles = /instructor|teacher|lehr|dozent|admin|assistant|\bta\b|designer/i;

/**
 * The humans behind the old users. Version 2.0.0 wrote one row when it read the roster (by login id) and another at the
 * launch (by `sub`). Rows with one value of something that identifies are one human, unless something stronger says
 * otherwise; rows that share an e-mail address alone, only where nothing at all says otherwise.
 *
 * @returns the humans, and how many rows were joined or stayed apart although they share something
 */
export function gatherHumans(users: readonly OldUser[]): {
  humans: Human[];
  joined: number;
  contradicting: number;
} {
  const groups = new Set(
    users.map((user) => ({
      rows: [user],
      values: Object.fromEntries(
        identifying.map((key) => [key, new Set([identity(user, key) ?? []].flat())]),
      ) as Record<Identifying, Set<string>>,
    })),
  );
  type Group = typeof groups extends Set<infer G> ? G : never;
  let contradicting = 0;
  for (const [rank, key] of identifying.entries()) {
    const stronger = identifying.slice(0, rank);
    const byValue = new Map<string, Group>();
    for (const group of [...groups]) {
      let into = group;
      for (const value of [...group.values[key]]) {
        const other = byValue.get(value);
        if (other !== undefined && other !== into) {
          if (stronger.some((name) => differ(into.values[name], other.values[name]))) {
            contradicting += 1;
            continue;
          }
          other.rows.push(...into.rows);
          for (const name of identifying) for (const one of into.values[name]) other.values[name].add(one);
          groups.delete(into);
          into = other;
        }
      }
      for (const value of into.values[key]) {
        const held = byValue.get(value);
        if (held === undefined || !groups.has(held)) byValue.set(value, into);
      }
    }
  }
  const humans = [...groups].map(({ rows, values }) => ({
    oldIds: rows.map(({ id }) => id ?? ''),
    sub: [...values.sub][0],
    canvasUserId: [...values.canvasUserId][0],
    sisId: [...values.sisId][0],
    name: rows.map(({ name }) => textOf(name)).find((name) => name !== undefined),
    email: rows.map(({ email }) => textOf(email)).find((email) => email !== undefined),
    isStaff: rows.some(({ role }) => staffRoles.test(role ?? '')),
  }));
  return { humans, joined: users.length - humans.length, contradicting };
}

/** Both are known, and have nothing in common. */
function differ(some: ReadonlySet<string>, others: ReadonlySet<string>): boolean {
  return some.size > 0 && others.size > 0 && [...some].every((value) => !others.has(value));
}

function identity(user: OldUser, key: Identifying): string | undefined {
  const value = textOf(user[key]);
  return key === 'email' || key === 'loginId' ? value?.toLowerCase() : value;
}

export function textOf(value: string | null | undefined): string | undefined {
  const text = storableText(value ?? '').trim();
  return text === '' ? undefined : text;
}

/** How old clocks are read. */
export interface OldClock {
  /** The course's zone. */
  zone: string;
  /** Of times that were kept without one. */
  oldZone: string;
}

/**
 * A wall clock's reading in the course's zone, `2024-03-01T09:00`, of whatever the old table has: a time alone lies on
 * the given day. Undefined: it is none.
 */
export function readLocal(
  value: string | null | undefined,
  day: string | undefined,
  { zone, oldZone }: OldClock,
): string | undefined {
  const [, date, hour, minute, offset] =
    /^(\d{4}-\d{2}-\d{2})?[T ]?(?:(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/.exec(
      (value ?? '').trim(),
    ) ?? [];
  const on = date ?? day;
  if (on === undefined || hour === undefined || minute === undefined) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59) return undefined;
  const reading = `${on}T${hour.padStart(2, '0')}:${minute}`;
  const at = new Date(
    `${reading}${offset === undefined ? 'Z' : offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`,
  );
  if (Number.isNaN(at.getTime())) return undefined;
  // A time alone, or a day with a time that nobody gave a zone: what the clock on the wall showed.
  if (offset === undefined) {
    return date === undefined || oldZone === zone
      ? reading
      : localOfInstant(instantOfLocal(reading, oldZone), zone);
  }
  return date === undefined ? reading : localOfInstant(at, zone);
}

/**
 * The moment of a record's time. A time alone lies on the meeting's day, or on the next where that is nearer: somebody
 * who came at 00:10 came to the end of a meeting that began at 22:00.
 *
 * @param day the meeting's own, in the course's zone
 */
export function readMoment(
  value: string | null | undefined,
  { day, startsAt }: { day: string | undefined; startsAt: Date },
  clock: OldClock,
): Date | undefined {
  const local = readLocal(value, day, clock);
  if (local === undefined) return undefined;
  const at = instantOfLocal(local, clock.zone);
  const isTimeAlone = readLocal(value, undefined, clock) === undefined;
  if (!isTimeAlone || startsAt.getTime() - at.getTime() <= 12 * 60 * minuteMs) return at;
  const [date = '', time = ''] = local.split('T');
  const nextDay = addMs(new Date(`${date}T00:00Z`), 24 * 60 * minuteMs)
    .toISOString()
    .slice(0, 10);
  return instantOfLocal(`${nextDay}T${time}`, clock.zone);
}

/** A session's words, as a teacher would have entered them; what they cannot say is cured and counted. */
export interface SessionWords {
  title: string | null;
  date: string;
  from: string;
  to: string;
  endsNextDay: boolean;
  breakMinutes: number;
  breaks: { from: string; to: string }[];
  kind: 'regular' | 'weekend' | 'evening' | 'online';
  room: string | null;
  onlineUrl: string | null;
  onlinePlatform: string | null;
  description: string | null;
  isMandatory: boolean;
}

/** A day that was kept as a moment is the course's day then; at midnight it is what was written down. */
function readDay(date: string, clock: OldClock): string | undefined {
  const moment = /[T ]00:00(:00)?Z?$/.test(date) ? undefined : readLocal(date, undefined, clock);
  return /^\d{4}-\d{2}-\d{2}/.exec(moment ?? date)?.[0];
}

/** Undefined: it has no day or no times, so that no calendar could hold it. */
export function readSession(
  session: OldRow<'sessions'>,
  clock: OldClock,
): { words: SessionWords; cured: Cure[] } | undefined {
  const day = readDay(session.date ?? '', clock);
  const start = readLocal(session.from, day, clock);
  const end = readLocal(session.to, start?.slice(0, 10), clock);
  if (start === undefined || end === undefined) return undefined;
  const [from, to] = [start.slice(11), end.slice(11)];
  const cured: Cure[] = [];
  const cut = (text: string | undefined, most: number) => {
    if (text !== undefined && text.length > most) cured.push('texts-cut');
    return text?.slice(0, most).toWellFormed() ?? null;
  };
  const breakFrom = readLocal(session.breakFrom, start.slice(0, 10), clock)?.slice(11);
  const breakTo = readLocal(session.breakTo, start.slice(0, 10), clock)?.slice(11);
  const link = textOf(session.onlineUrl);
  const isLinkUsable = link !== undefined && URL.parse(link)?.protocol === 'https:' && link.length <= 2_000;
  if (link !== undefined && !isLinkUsable) cured.push('links-not-https');
  const kind = /weekend|wochenend/i.test(session.kind ?? '')
    ? 'weekend'
    : /evening|abend/i.test(session.kind ?? '')
      ? 'evening'
      : /online/i.test(session.kind ?? '')
        ? 'online'
        : 'regular';
  return {
    words: {
      ...{ title: cut(textOf(session.title), 200), date: start.slice(0, 10), from, to, kind },
      endsNextDay: to <= from,
      breakMinutes: Math.max(0, Math.floor(Number(session.breakMinutes ?? 0)) || 0),
      breaks: breakFrom === undefined || breakTo === undefined ? [] : [{ from: breakFrom, to: breakTo }],
      room: cut(textOf(session.room), 100),
      onlineUrl: isLinkUsable ? link : null,
      onlinePlatform: cut(textOf(session.onlinePlatform), 100),
      description: cut(textOf(session.description), 4_000),
      isMandatory: !/^(f|false|0|n|no)$/i.test(session.isMandatory ?? ''),
    },
    cured,
  };
}

/** Undefined: no status that version 2.0.0 had. */
export function readStatus(text: string | null | undefined): Status | undefined {
  const word = (text ?? '').trim().toLowerCase();
  if (/^(left|left[-_ ]early|partially[-_ ]present)$/.test(word)) return 'partial';
  return (['present', 'late', 'partial', 'absent', 'excused'] as const).find((status) => status === word);
}

/**
 * Which of several records of one student at one meeting counts: whoever was there on one of them was there; an excuse
 * comes before an absence; among equals, the one that was written last.
 */
export function chooseRecord<R extends { status: Status; changedAt: string | null; id: string }>(
  records: readonly [R, ...R[]],
): R {
  const weight = { present: 2, late: 2, partial: 2, excused: 1, absent: 0 };
  const comesAfter = (a: R, b: R) =>
    weight[b.status] - weight[a.status] ||
    (b.changedAt ?? '').localeCompare(a.changedAt ?? '') ||
    b.id.localeCompare(a.id, 'en', { numeric: true });
  return records.reduce((best, other) => (comesAfter(best, other) > 0 ? other : best));
}

/** An old record with its times read, each undefined where there is none. */
export interface OldRecord {
  status: Status;
  arrival: Date | undefined;
  leaving: Date | undefined;
  /** A document was handed in with it, which by itself turned `absent` into `excused`. */
  hasDocument: boolean;
}

export interface ImportedRecord extends DecidedRecord {
  source: 'teacher' | 'excuse';
  cured: Cure[];
}

/**
 * What an old record says by the rules of today: a teacher's word, with the times that it had. Who came late has earned
 * the minutes from then on, whatever the old table said. `late` without a time takes the first minute that is late, and
 * `partial` the last that is too early: no more than the word itself says.
 */
export function decideImported(
  meeting: TeachingTime,
  record: OldRecord,
  policy: JudgingPolicy,
): ImportedRecord {
  const cured: Cure[] = [];
  const { status } = record;
  if (status === 'excused' && record.hasDocument) {
    return { ...excuseAbsence(undefined), cured: ['excuses-undecided'] };
  }
  if (status === 'absent' || status === 'excused') {
    return { ...decideFromWord(meeting, status), source: 'teacher', cured };
  }
  const outsideGrace = (policy.graceMinutes + 1) * minuteMs;
  let arrival = record.arrival !== undefined && record.arrival < meeting.endsAt ? record.arrival : undefined;
  let leaving =
    record.leaving !== undefined && record.leaving > (arrival ?? meeting.startsAt)
      ? record.leaving
      : undefined;
  if (arrival !== record.arrival || leaving !== record.leaving) cured.push('times-unusable');
  if (status === 'late' && arrival === undefined) {
    arrival = firstOf(addMs(meeting.startsAt, outsideGrace), meeting.endsAt);
    cured.push('late-without-time');
  }
  if (status === 'partial' && leaving === undefined) {
    leaving = addMs(meeting.endsAt, -outsideGrace);
    if (leaving <= (arrival ?? meeting.startsAt)) leaving = undefined;
    cured.push('partial-without-time');
  }
  if (arrival === undefined && leaving === undefined) {
    return { ...decideFromWord(meeting, 'present'), source: 'teacher', cured };
  }
  const span: PresenceSpan = { from: arrival ?? meeting.startsAt, to: leaving ?? null };
  const decided = decideFromTimes(meeting, [span], policy);
  if (status === 'present' && decided.provenMinutes < decideFromWord(meeting, 'present').provenMinutes) {
    cured.push('full-minutes-ended');
  } else if (decided.status !== status) cured.push('status-follows-times');
  return { ...decided, source: 'teacher', cured };
}

function firstOf(some: Date, other: Date): Date {
  return some < other ? some : addMs(other, -minuteMs);
}

/** Where in the old public folder a document may lie: as it was written down, then by its name alone. */
export function documentPaths(written: string): string[] {
  const path = decodedPath(URL.parse(written)?.pathname ?? written);
  const parts = path.split(/[/\\]/).filter((part) => part !== '' && part !== '.' && part !== '..');
  // What begins with the public folder's own name is looked for below it as well.
  return [...new Set(parts.map((_, index) => parts.slice(index).join('/')))];
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
