import { Temporal } from 'temporal-polyfill';
import { instantOfLocal, localOfInstant, minuteMs } from '../base/time.ts';
import type { MeetingKind, TimedBreak } from '../db/schema.ts';
import type { MeetingField, MeetingInput, SeriesField, SeriesInput, SeriesScope } from './input.ts';

export type MeetingProblem =
  | 'meeting.problem.title'
  | 'meeting.problem.date'
  | 'meeting.problem.from'
  | 'meeting.problem.to'
  | 'meeting.problem.end-before-start'
  | 'meeting.problem.no-such-time'
  | 'meeting.problem.break'
  | 'meeting.problem.break-times'
  | 'meeting.problem.break-outside'
  | 'meeting.problem.break-overlaps'
  | 'meeting.problem.breaks'
  | 'meeting.problem.kind'
  | 'meeting.problem.room'
  | 'meeting.problem.online-url'
  | 'meeting.problem.online-platform'
  | 'meeting.problem.description'
  | 'meeting.problem.mandatory'
  | 'meeting.problem.sections';

/** A field of the form; a break by its place in the list, from 0. */
export type MeetingPlace = MeetingField | `breaks.${string}`;

export type MeetingProblems = Partial<Record<MeetingPlace, MeetingProblem>>;

export interface MeetingTimes {
  localStart: string;
  localEnd: string;
  startsAt: Date;
  endsAt: Date;
}

export interface PlacedMeeting extends MeetingTimes {
  breakMinutes: number;
  breaks: TimedBreak[];
}

type TimesInput = Pick<MeetingInput, 'date' | 'from' | 'to' | 'endsNextDay' | 'breakMinutes' | 'breaks'>;

/**
 * Places a meeting in time. The planned local reading is what counts: 09:00 stays 09:00 when the clocks change.
 * A reading that the clock skips in spring is refused, because nobody can come at it; of one that comes twice in
 * autumn the first is meant. Breaks by the clock lie within the meeting and apart from each other.
 *
 * @param timeZone the course's zone (IANA)
 */
export function decideMeetingTimes(
  input: TimesInput,
  timeZone: string,
): { ok: true; times: PlacedMeeting } | { ok: false; problems: MeetingProblems } {
  const refused = (problems: MeetingProblems) => ({ ok: false as const, problems });
  if (!isDay(input.date)) return refused({ date: 'meeting.problem.date' });
  const goesOn = input.endsNextDay && input.to <= input.from;
  const localStart = `${input.date}T${input.from}`;
  const localEnd = `${goesOn ? addDays(input.date, 1) : input.date}T${input.to}`;
  if (localEnd <= localStart) return refused({ to: 'meeting.problem.end-before-start' });
  const startsAt = existingInstant(localStart, timeZone);
  if (startsAt === undefined) return refused({ from: 'meeting.problem.no-such-time' });
  const endsAt = existingInstant(localEnd, timeZone);
  if (endsAt === undefined) return refused({ to: 'meeting.problem.no-such-time' });
  const times = { localStart, localEnd, startsAt, endsAt };

  if (input.breaks.length === 0) {
    if (endsAt.getTime() - startsAt.getTime() <= input.breakMinutes * minuteMs) {
      return refused({ breakMinutes: 'meeting.problem.break' });
    }
    return { ok: true, times: { ...times, breakMinutes: input.breakMinutes, breaks: [] } };
  }
  const placed = decideBreaks(input, times, goesOn, timeZone);
  return placed.ok ? { ok: true, times: { ...times, breakMinutes: 0, breaks: placed.breaks } } : placed;
}

function decideBreaks(
  input: TimesInput,
  { startsAt, endsAt }: MeetingTimes,
  goesOn: boolean,
  timeZone: string,
): { ok: true; breaks: TimedBreak[] } | { ok: false; problems: MeetingProblems } {
  const problems: MeetingProblems = {};
  const stretches: { index: number; from: Date; to: Date }[] = [];
  for (const [index, { from, to }] of input.breaks.entries()) {
    const day = goesOn && from < input.from ? addDays(input.date, 1) : input.date;
    const fromAt = existingInstant(`${day}T${from}`, timeZone);
    const toAt = existingInstant(`${goesOn && to < from ? addDays(day, 1) : day}T${to}`, timeZone);
    if (fromAt === undefined || toAt === undefined) {
      problems[`breaks.${String(index)}`] = 'meeting.problem.no-such-time';
    } else if (toAt <= fromAt) {
      problems[`breaks.${String(index)}`] = 'meeting.problem.break-times';
    } else if (fromAt < startsAt || endsAt < toAt) {
      problems[`breaks.${String(index)}`] = 'meeting.problem.break-outside';
    } else {
      stretches.push({ index, from: fromAt, to: toAt });
    }
  }
  stretches.sort((a, b) => a.from.getTime() - b.from.getTime());
  for (const [place, stretch] of stretches.entries()) {
    const earlier = stretches[place - 1];
    if (earlier !== undefined && stretch.from < earlier.to) {
      problems[`breaks.${String(stretch.index)}`] = 'meeting.problem.break-overlaps';
    }
  }
  const breakMs = stretches.reduce((sum, { from, to }) => sum + to.getTime() - from.getTime(), 0);
  if (breakMs >= endsAt.getTime() - startsAt.getTime()) problems.breaks = 'meeting.problem.break';
  if (Object.keys(problems).length > 0) return { ok: false, problems };
  return {
    ok: true,
    breaks: stretches.map(({ from, to }) => ({ from: from.toISOString(), to: to.toISOString() })),
  };
}

/** The instant of a wall clock's reading, or undefined where the clocks skip it. */
function existingInstant(local: string, timeZone: string): Date | undefined {
  const at = instantOfLocal(local, timeZone);
  return localOfInstant(at, timeZone) === local ? at : undefined;
}

const unplannedMs = 90 * minuteMs;

/** A meeting that begins in this very minute and lasts 90 minutes, past midnight or a change of clocks too. */
export function decideUnplannedTimes(now: Date, timeZone: string): MeetingTimes {
  const startsAt = new Date(Math.floor(now.getTime() / minuteMs) * minuteMs);
  const endsAt = new Date(startsAt.getTime() + unplannedMs);
  return {
    startsAt,
    endsAt,
    localStart: localOfInstant(startsAt, timeZone),
    localEnd: localOfInstant(endsAt, timeZone),
  };
}

/** Whether a meeting ends on another day than it begins. */
function crossesMidnight(meeting: Pick<MeetingTimes, 'localStart' | 'localEnd'>): boolean {
  return meeting.localEnd.slice(0, 10) > meeting.localStart.slice(0, 10);
}

/** Whether the text `YYYY-MM-DD` is a day that the calendar has. */
function isDay(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(date);
}

/** So many days after a date, as `YYYY-MM-DD`; negative: before. */
export function addDays(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString();
}

/** What of a meeting a person writes, its times as the wall clock shows them: what a form begins with. */
export type MeetingWords = MeetingInput;

/** What is stored of a meeting that was read: its words, placed in time. */
export type MeetingValues = Omit<MeetingWords, 'date' | 'from' | 'to' | 'endsNextDay' | 'breaks'> &
  PlacedMeeting;

/** Places a meeting's words in time. */
export function placeMeeting(
  words: MeetingWords,
  timeZone: string,
): { ok: true; meeting: MeetingValues } | { ok: false; problems: MeetingProblems } {
  const placed = decideMeetingTimes(words, timeZone);
  return placed.ok ? { ok: true, meeting: valuesOf(words, placed.times) } : placed;
}

/** A meeting's words with the times that were found for them. */
export function valuesOf(words: Omit<MeetingWords, 'date'>, times: PlacedMeeting): MeetingValues {
  const { title, kind, room, onlineUrl, onlinePlatform, description, isMandatory, sectionIds } = words;
  return { title, kind, room, onlineUrl, onlinePlatform, description, isMandatory, sectionIds, ...times };
}

interface StoredMeeting extends MeetingTimes {
  timeZone: string;
  title: string | null;
  breakMinutes: number;
  breaks: readonly TimedBreak[];
  kind: MeetingKind;
  room: string | null;
  onlineUrl: string | null;
  onlinePlatform: string | null;
  description: string | null;
  isMandatory: boolean;
  sectionIds: readonly string[];
}

/** A meeting's words again: the other way of `decideMeetingTimes`. */
export function wordsOf(meeting: StoredMeeting): MeetingWords {
  const clock = (at: string) => localOfInstant(new Date(at), meeting.timeZone).slice(11, 16);
  return {
    title: meeting.title,
    date: meeting.localStart.slice(0, 10),
    from: meeting.localStart.slice(11, 16),
    to: meeting.localEnd.slice(11, 16),
    endsNextDay: crossesMidnight(meeting),
    breakMinutes: meeting.breakMinutes,
    breaks: meeting.breaks.map(({ from, to }) => ({ from: clock(from), to: clock(to) })),
    kind: meeting.kind,
    room: meeting.room,
    onlineUrl: meeting.onlineUrl,
    onlinePlatform: meeting.onlinePlatform,
    description: meeting.description,
    isMandatory: meeting.isMandatory,
    sectionIds: [...meeting.sectionIds],
  };
}

/** What a person changed of a meeting, field by field; a changed day as the number of days between. */
interface MeetingChange {
  days: number;
  fields: Partial<Omit<MeetingWords, 'date'>>;
}

/** Fields that change together: an end and whether it lies on the next day, breaks by the clock and break minutes. */
const changedTogether: (keyof Omit<MeetingWords, 'date'>)[][] = [
  ['title'],
  ['from'],
  ['to', 'endsNextDay'],
  ['breakMinutes', 'breaks'],
  ['kind'],
  ['room'],
  ['onlineUrl'],
  ['onlinePlatform'],
  ['description'],
  ['isMandatory'],
  ['sectionIds'],
];

function changeBetween(before: MeetingWords, after: MeetingWords): MeetingChange {
  const differs = (field: keyof MeetingWords) =>
    JSON.stringify(before[field]) !== JSON.stringify(after[field]);
  const changed = changedTogether.filter((fields) => fields.some(differs)).flat();
  const days = Temporal.PlainDate.from(before.date).until(after.date, { largestUnit: 'days' }).days;
  return { days, fields: Object.fromEntries(changed.map((field) => [field, after[field]])) };
}

/** A meeting of a series as far as scopes are concerned. */
interface InSeries {
  id: string;
  startsAt: Date;
}

/** The meetings that a change of one of them is meant for. */
export function meetingsInScope<M extends InSeries>(
  series: readonly M[],
  edited: InSeries,
  scope: SeriesScope,
): M[] {
  return series.filter(
    (meeting) =>
      meeting.id === edited.id ||
      scope === 'all' ||
      (scope === 'following' && meeting.startsAt > edited.startsAt),
  );
}

/** A meeting that would have times which it cannot have. */
export interface ImpossibleMeeting {
  localStart: string;
  problem: MeetingProblem;
}

/**
 * What becomes of a series when one of its meetings is changed: the same fields change in the others that are meant,
 * a changed day moves them by as many days, and what each has of its own stays. All or nothing.
 *
 * @param after the edited meeting as it is to be
 * @returns the meetings that change, each with what it is to be
 */
export function decideChanges<M extends StoredMeeting & InSeries>(
  series: readonly M[],
  edited: M,
  after: MeetingValues,
  scope: SeriesScope,
):
  | { ok: true; changes: { before: M; after: MeetingValues }[] }
  | { ok: false; impossible: ImpossibleMeeting[] } {
  const { days, fields } = changeBetween(wordsOf(edited), wordsOf({ ...after, timeZone: edited.timeZone }));
  const changes: { before: M; after: MeetingValues }[] = [];
  const impossible: ImpossibleMeeting[] = [];
  for (const meeting of meetingsInScope(series, edited, scope)) {
    if (meeting.id === edited.id) {
      changes.push({ before: meeting, after });
      continue;
    }
    const words = wordsOf(meeting);
    const changed = { ...words, ...fields, date: addDays(words.date, days) };
    const placed = placeMeeting(changed, meeting.timeZone);
    if (placed.ok) changes.push({ before: meeting, after: placed.meeting });
    else
      impossible.push({
        localStart: `${changed.date}T${changed.from}`,
        problem: firstProblem(placed.problems),
      });
  }
  if (impossible.length > 0) return { ok: false, impossible };
  return { ok: true, changes: changes.filter((one) => changedFields(one.before, one.after).length > 0) };
}

/** The fields in which a meeting is to be different. */
export function changedFields(
  before: Omit<StoredMeeting, 'timeZone'>,
  after: MeetingValues,
): (keyof MeetingValues)[] {
  const spell = (values: Omit<StoredMeeting, 'timeZone'>, field: keyof MeetingValues) =>
    // Postgres keeps no order of an object's keys.
    JSON.stringify(field === 'breaks' ? values.breaks.map(({ from, to }) => [from, to]) : values[field]);
  return (Object.keys(after) as (keyof MeetingValues)[]).filter(
    (field) => spell(before, field) !== spell(after, field),
  );
}

export type SeriesProblem =
  | MeetingProblem
  | 'series.problem.start'
  | 'series.problem.weekdays'
  | 'series.problem.every'
  | 'series.problem.until'
  | 'series.problem.until-before-start'
  | 'series.problem.count'
  | 'series.problem.too-many'
  | 'series.problem.too-far'
  | 'series.problem.none'
  | 'series.problem.skip'
  | 'series.problem.impossible-days';

export type SeriesPlace = Exclude<MeetingPlace, 'date'> | Exclude<SeriesField, 'ends'> | `skip.${string}`;

export type SeriesProblems = Partial<Record<SeriesPlace, SeriesProblem>>;

/** So many meetings at once, and so many years ahead, are somebody's plan; more is a slip of the hand. */
const maxSeriesMeetings = 400;
const maxSeriesYears = 10;

export interface SeriesDay {
  /** `YYYY-MM-DD` */
  date: string;
  isSkipped: boolean;
}

type SeriesRule = Pick<SeriesInput, 'startDate' | 'weekdays' | 'everyWeeks' | 'ends' | 'skip'>;

/**
 * The days of a series, in order: every n-th week from the week of its first day, on the given weekdays, never
 * before that first day. A count counts the meetings that take place: a holiday moves the end, it takes nothing away.
 */
export function planSeries(
  rule: SeriesRule,
): { ok: true; days: SeriesDay[] } | { ok: false; problems: SeriesProblems } {
  const refused = (problems: SeriesProblems) => ({ ok: false as const, problems });
  const { startDate, ends } = rule;
  if (!isDay(startDate)) return refused({ startDate: 'series.problem.start' });
  for (const [index, { from, to }] of rule.skip.entries()) {
    if (!isDay(from) || !isDay(to) || to < from) return refused(skipProblem(index));
  }
  const horizon = Temporal.PlainDate.from(startDate).add({ years: maxSeriesYears }).toString();
  if (ends.by === 'date') {
    if (!isDay(ends.untilDate)) return refused({ untilDate: 'series.problem.until' });
    if (ends.untilDate < startDate) return refused({ untilDate: 'series.problem.until-before-start' });
    if (ends.untilDate > horizon) return refused({ untilDate: 'series.problem.too-far' });
  } else if (ends.count > maxSeriesMeetings) {
    return refused({ count: 'series.problem.too-many' });
  }

  const last = ends.by === 'date' ? ends.untilDate : horizon;
  const days: SeriesDay[] = [];
  let held = 0;
  for (let monday = mondayOf(startDate); monday <= last; monday = addDays(monday, 7 * rule.everyWeeks)) {
    for (const weekday of rule.weekdays) {
      const date = addDays(monday, weekday - 1);
      if (date < startDate || date > last || (ends.by === 'count' && held === ends.count)) continue;
      const isSkipped = rule.skip.some(({ from, to }) => from <= date && date <= to);
      days.push({ date, isSkipped });
      if (!isSkipped) held += 1;
      if (held > maxSeriesMeetings) return refused({ untilDate: 'series.problem.too-many' });
    }
    if (ends.by === 'count' && held === ends.count) break;
  }
  if (ends.by === 'count' && held < ends.count) return refused({ count: 'series.problem.too-far' });
  if (held === 0) return refused({ untilDate: 'series.problem.none' });
  return { ok: true, days };
}

/** The sentence at one of the holidays. */
export function skipProblem(index: number): SeriesProblems {
  const place: SeriesPlace = `skip.${String(index)}`;
  return { [place]: 'series.problem.skip' };
}

/** A day of a series with the meeting on it; `problem` where its times cannot be had on that very day. */
export type PlannedDay = { date: string } & (
  | { state: 'planned'; times: PlacedMeeting }
  | { state: 'skipped' }
  | { state: 'impossible'; problem: MeetingProblem }
);

/**
 * The meetings of a series. The local time stays through every change of clocks; a day on which it does not exist
 * is told, and nothing is moved. Times that no day can have are told at their fields.
 */
export function placeSeries(
  input: SeriesRule & Omit<TimesInput, 'date'>,
  timeZone: string,
): { ok: true; days: PlannedDay[] } | { ok: false; problems: SeriesProblems } {
  const planned = planSeries(input);
  if (!planned.ok) return planned;
  // In UTC no clock changes: what is wrong there is wrong with the times themselves.
  const anywhere = decideMeetingTimes({ ...input, date: input.startDate }, 'UTC');
  if (!anywhere.ok) return { ok: false, problems: withoutDate(anywhere.problems) };
  const days = planned.days.map(({ date, isSkipped }): PlannedDay => {
    if (isSkipped) return { date, state: 'skipped' };
    const placed = decideMeetingTimes({ ...input, date }, timeZone);
    if (placed.ok) return { date, state: 'planned', times: placed.times };
    return { date, state: 'impossible', problem: firstProblem(placed.problems) };
  });
  return { ok: true, days };
}

function withoutDate({ date: _, ...problems }: MeetingProblems): SeriesProblems {
  return problems;
}

/** One of the problems that a meeting has, for where there is room for one. */
export function firstProblem(problems: MeetingProblems): MeetingProblem {
  return Object.values(problems)[0] ?? 'meeting.problem.date';
}

interface Scheduled {
  startsAt: Date;
  endsAt: Date;
  state: 'planned' | 'cancelled';
}

/** Whether a meeting was held and nobody has a record of it: a task, and no part of any rate. */
export function isUntaken(meeting: Scheduled & { isTaken: boolean }, now: Date): boolean {
  return meeting.state === 'planned' && meeting.endsAt <= now && !meeting.isTaken;
}

const soonMs = 60 * minuteMs;
const justOverMs = 15 * minuteMs;

/**
 * The meeting that a teacher who opens the tool now most likely means: the one that runs, else the next within
 * an hour, else the one that ended less than 15 minutes ago.
 */
export function findMeetingOfMoment<M extends Scheduled>(meetings: readonly M[], now: Date): M | undefined {
  const at = now.getTime();
  const planned = meetings
    .filter((meeting) => meeting.state === 'planned')
    .sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
  return (
    // Of two that overlap, the one that began last: the other is being left.
    planned.findLast((m) => m.startsAt.getTime() <= at && at < m.endsAt.getTime()) ??
    planned.find((m) => at < m.startsAt.getTime() && m.startsAt.getTime() - at <= soonMs) ??
    planned.findLast((m) => m.endsAt.getTime() <= at && at - m.endsAt.getTime() < justOverMs)
  );
}

/**
 * The Monday of a day's week, as `YYYY-MM-DD`.
 *
 * @param local a date, or a wall clock's reading that begins with one ("2026-11-28T09:00")
 */
export function mondayOf(local: string): string {
  const day = Temporal.PlainDate.from(local.slice(0, 10));
  return day.subtract({ days: day.dayOfWeek - 1 }).toString();
}

/** How many weeks lie between the weeks of two days: 0 the same, 1 the following, negative before. */
export function weeksBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(mondayOf(from)).until(mondayOf(to), { largestUnit: 'weeks' }).weeks;
}

/**
 * Groups meetings by week, in the order given.
 *
 * @returns one group a week, with its Monday
 */
export function groupByWeek<M extends { localStart: string }>(
  meetings: readonly M[],
): { monday: string; meetings: M[] }[] {
  const weeks: { monday: string; meetings: M[] }[] = [];
  for (const meeting of meetings) {
    const monday = mondayOf(meeting.localStart);
    const week = weeks.at(-1);
    if (week?.monday === monday) week.meetings.push(meeting);
    else weeks.push({ monday, meetings: [meeting] });
  }
  return weeks;
}

/**
 * What a new meeting most likely looks like, for the form to begin with: the course's last meeting a week later, or
 * today when that is over; the first one 09:00 to 12:15 with a quarter of an hour off.
 *
 * @param last the course's last meeting
 * @param today the course's date, `YYYY-MM-DD`
 */
export function suggestMeeting(last: StoredMeeting | undefined, today: string): MeetingWords {
  if (last === undefined) return { ...firstMeeting, date: today };
  const words = wordsOf(last);
  const next = addDays(words.date, 7);
  return {
    ...words,
    date: next < today ? today : next,
    // What was said of that meeting alone is not said of the next.
    title: null,
    description: null,
    isMandatory: true,
    sectionIds: [],
  };
}

/** The same meeting once more, a week later: all of it. */
export function copyOf(meeting: StoredMeeting): MeetingWords {
  const words = wordsOf(meeting);
  return { ...words, date: addDays(words.date, 7) };
}

const firstMeeting: Omit<MeetingWords, 'date'> = {
  title: null,
  from: '09:00',
  to: '12:15',
  endsNextDay: false,
  breakMinutes: 15,
  breaks: [],
  kind: 'regular',
  room: null,
  onlineUrl: null,
  onlinePlatform: null,
  description: null,
  isMandatory: true,
  sectionIds: [],
};
