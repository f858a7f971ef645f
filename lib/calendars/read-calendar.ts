import { createHash } from 'node:crypto';
import ICAL from 'ical.js';
import { addMs, localOfInstant, minuteMs } from '../base/time.ts';
import {
  clockOfZoneId,
  instantOfReading,
  laterByClock,
  minutesByClock,
  readByClock,
} from './calendar-clock.ts';
import type { CalendarClock, DefinedZones } from './calendar-clock.ts';
import { cleanLine, cleanText, cutText, httpsAddress, longest } from './found-meeting.ts';
import type {
  FileContent,
  FoundMeeting,
  LeftOut,
  ReadFile,
  ReadingNote,
  RowProblem,
  UnreadRow,
} from './found-meeting.ts';

const yearMs = 366 * 24 * 60 * minuteMs;
const dayMinutes = 24 * 60;

/** A series is read for a year at most, and so many times. */
const mostOccurrences = 400;
/** Daily for forty years: what a rule is followed through to reach the present. */
const mostSteps = 15_000;

interface Block {
  text: string;
  line: number;
}

/** One VEVENT, its times by the clock that it names. */
interface CalendarEvent {
  line: number;
  component: ICAL.Component;
  uid: string;
  name: string | null;
  sequence: number;
  clock: CalendarClock;
  start: string;
  minutes: number;
  isCancelled: boolean;
  notes: ReadingNote[];
  /** The occurrence of a series that it stands for, as that series' clock or its own shows it. */
  replaces: { reading: string; clock: CalendarClock } | null;
}

/** Thrown within this file: why one event is not read. */
class Unread extends Error {
  readonly reason: UnreadRow['reason'];

  constructor(reason: UnreadRow['reason']) {
    super('unread');
    this.reason = reason;
  }
}

const problem = (what: RowProblem) => new Unread({ kind: 'problem', problem: what });
const leftOut = (why: LeftOut) => new Unread({ kind: 'left-out', why });

/**
 * Reads an iCalendar file (RFC 5545): every occurrence of its series becomes a meeting at the course's clock. One
 * event that cannot be read does not spoil the others.
 */
export function readCalendar(text: string, { timeZone, now }: { timeZone: string; now: Date }): ReadFile {
  const { events: blocks, zones } = splitCalendar(text);
  if (blocks.length === 0) return { ok: false, problem: { kind: 'calendar-without-events' } };
  const isWithdrawal = /^METHOD:CANCEL\s*$/im.test(text);
  const unread: UnreadRow[] = [];
  const events: CalendarEvent[] = [];
  for (const block of blocks) {
    try {
      events.push(readEvent(block, { timeZone, zones, isWithdrawal }));
    } catch (error) {
      unread.push({ line: block.line, name: nameInBlock(block), reason: reasonOf(error, block) });
    }
  }
  const content: FileContent = { meetings: [], unread };
  for (const series of groupByUid(events).values()) readSeries(series, { timeZone, zones, now }, content);
  const longAgo = localOfInstant(addMs(now, -yearMs), timeZone);
  const recent = content.meetings.filter((meeting) => meeting.localEnd >= longAgo);
  if (recent.length < content.meetings.length) {
    unread.push({ line: 1, name: null, reason: { kind: 'left-out', why: 'long-past' } });
  }
  return { ok: true, content: { meetings: recent, unread } };
}

/** The events of a calendar as they stand, and the zones that it defines. */
function splitCalendar(text: string): { events: Block[]; zones: DefinedZones } {
  const events: Block[] = [];
  const zones = new Map<string, ICAL.Timezone>();
  let open: { kind: string; from: number } | undefined;
  const lines = text.split(/\r\n|\n|\r/);
  const close = (to: number) => {
    if (open === undefined) return;
    const block = lines.slice(open.from, to).join('\r\n');
    if (open.kind === 'VEVENT') events.push({ text: block, line: open.from + 1 });
    else keepZone(zones, block);
    open = undefined;
  };
  lines.forEach((line, at) => {
    const [, word, kind] = /^(BEGIN|END):(VEVENT|VTIMEZONE)\s*$/i.exec(line) ?? [];
    if (word === undefined || kind === undefined) return;
    if (word.toUpperCase() === 'END') {
      close(at + 1);
      return;
    }
    // One that never ended is broken, and ends where the next begins.
    close(at);
    open = { kind: kind.toUpperCase(), from: at };
  });
  close(lines.length);
  return { events, zones };
}

function keepZone(zones: Map<string, ICAL.Timezone>, block: string): void {
  try {
    const component = ICAL.Component.fromString(block);
    const zone = new ICAL.Timezone(component);
    // It is asked once here: a definition that fails counts as none.
    instantOfReading('2026-07-01T12:00', zone);
    zones.set(zone.tzid, zone);
  } catch {
    // Its events are read by the course's clock, which is said beside them.
  }
}

function readEvent(
  block: Block,
  { timeZone, zones, isWithdrawal }: { timeZone: string; zones: DefinedZones; isWithdrawal: boolean },
): CalendarEvent {
  const component = ICAL.Component.fromString(block.text);
  const notes: ReadingNote[] = [];
  const start = component.getFirstProperty('dtstart');
  const from = start?.getFirstValue();
  if (start === null || !(from instanceof ICAL.Time)) throw problem('no-start');
  if (from.isDate) throw leftOut('all-day');
  const clock = clockOf(start, from, { timeZone, zones, notes });
  const reading = readingOf(from);
  const name = textOf(component, 'summary', cleanLine);
  const replaced = component.getFirstProperty('recurrence-id');
  if (replaced?.getParameter('range') !== undefined) throw problem('change-of-many');
  return {
    line: block.line,
    component,
    uid: textOf(component, 'uid', cleanLine) ?? `${reading} ${name ?? ''}`,
    name,
    sequence: Number(component.getFirstPropertyValue('sequence') ?? 0),
    clock,
    start: reading,
    minutes: minutesOf(component, { start: reading, clock, timeZone, zones }),
    isCancelled: isWithdrawal || textOf(component, 'status', cleanLine)?.toUpperCase() === 'CANCELLED',
    notes,
    replaces: replaced === null ? null : replacedBy(replaced, clock, { timeZone, zones }),
  };
}

function replacedBy(
  property: ICAL.Property,
  eventClock: CalendarClock,
  { timeZone, zones }: { timeZone: string; zones: DefinedZones },
): { reading: string; clock: CalendarClock } {
  const time = property.getFirstValue();
  if (!(time instanceof ICAL.Time)) throw problem('event-broken');
  const clock = time.isDate ? eventClock : clockOf(property, time, { timeZone, zones, notes: [] });
  return { reading: readingOf(time), clock };
}

/** By which clock a time is meant: UTC, its zone, or, where it names none that is known, the course's. */
function clockOf(
  property: ICAL.Property,
  time: ICAL.Time,
  { timeZone, zones, notes }: { timeZone: string; zones: DefinedZones; notes: ReadingNote[] },
): CalendarClock {
  if (time.zone === ICAL.Timezone.utcTimezone) return 'UTC';
  const zoneId = property.getFirstParameter('tzid') as string | undefined;
  if (zoneId === undefined) return timeZone;
  const clock = clockOfZoneId(zoneId, zones);
  if (clock === undefined) notes.push('zone-unknown');
  return clock ?? timeZone;
}

/** "2026-11-28T09:00"; seconds are left out, of a date its midnight. */
function readingOf(time: ICAL.Time): string {
  return time.isDate ? `${time.toString()}T00:00` : time.toString().slice(0, 16);
}

/** How long an event lasts by its own clock, in minutes. */
function minutesOf(
  component: ICAL.Component,
  { start, clock, ...zones }: { start: string; clock: CalendarClock; timeZone: string; zones: DefinedZones },
): number {
  const end = component.getFirstProperty('dtend');
  const to = end?.getFirstValue();
  const duration = component.getFirstPropertyValue('duration');
  let minutes = 0;
  if (end !== null && to instanceof ICAL.Time) {
    const endClock = clockOf(end, to, { ...zones, notes: [] });
    minutes = minutesByClock(start, readByClock(readingOf(to), endClock, clock));
  } else if (duration instanceof ICAL.Duration) {
    minutes = Math.floor(duration.toSeconds() / 60);
  }
  if (minutes <= 0) throw problem('end-before-start');
  if (minutes >= dayMinutes) throw problem('too-long');
  return minutes;
}

/** What belongs together: a series, and the events that stand for single ones of its occurrences. */
interface Series {
  master: CalendarEvent | undefined;
  replacements: CalendarEvent[];
}

function groupByUid(events: readonly CalendarEvent[]): Map<string, Series> {
  const groups = new Map<string, Series>();
  for (const event of events) {
    const group = groups.get(event.uid) ?? { master: undefined, replacements: [] };
    groups.set(event.uid, group);
    if (event.replaces !== null) group.replacements.push(event);
    // Of two versions of one event the newer counts.
    else if (group.master === undefined || event.sequence >= group.master.sequence) group.master = event;
  }
  return groups;
}

interface Reading {
  timeZone: string;
  zones: DefinedZones;
  now: Date;
}

function readSeries({ master, replacements }: Series, reading: Reading, content: FileContent): void {
  const { timeZone } = reading;
  const left = new Map<string, CalendarEvent>();
  for (const event of replacements) left.set(occurrenceOf(event, master), event);
  const taken = new Set<string>();
  const add = (event: CalendarEvent, start: string, occurrence: string | null) => {
    content.meetings.push({
      ...wordsOf(event),
      key: keyOf(event.uid, occurrence, taken),
      line: event.line,
      localStart: readByClock(start, event.clock, timeZone),
      localEnd: readByClock(laterByClock(start, event.minutes), event.clock, timeZone),
    });
  };

  if (master !== undefined) {
    try {
      const { starts, isSeries, isCut, excluded } = occurrencesOf(master, reading);
      for (const start of starts) {
        const replacement = left.get(start);
        left.delete(start);
        if (replacement === undefined) add(master, start, isSeries ? start : null);
        else add(replacement, replacement.start, start);
      }
      // An occurrence that the calendar took out may have been imported before.
      for (const start of excluded) {
        if (!left.has(start)) add({ ...master, isCancelled: true, name: master.name }, start, start);
      }
      if (isCut) {
        content.unread.push({
          line: master.line,
          name: master.name,
          reason: { kind: 'left-out', why: 'series-cut' },
        });
      }
    } catch (error) {
      content.unread.push({ line: master.line, name: master.name, reason: reasonOf(error) });
    }
  }
  for (const [occurrence, event] of left) add(event, event.start, occurrence);
}

/** The occurrence that an event stands for, by the clock of its series where the file holds that. */
function occurrenceOf(event: CalendarEvent, master: CalendarEvent | undefined): string {
  const { reading, clock } = event.replaces ?? { reading: event.start, clock: event.clock };
  return readByClock(reading, clock, master?.clock ?? event.clock);
}

/** The beginnings of an event by its own clock: one, or those of its rules and dates. */
function occurrencesOf(
  event: CalendarEvent,
  { now, timeZone, zones }: Reading,
): { starts: string[]; isSeries: boolean; isCut: boolean; excluded: string[] } {
  const { component, clock, start } = event;
  const rules = component.getAllProperties('rrule');
  const dates = component.getAllProperties('rdate');
  if (rules.length === 0 && dates.length === 0) {
    return { starts: [start], isSeries: false, isCut: false, excluded: [] };
  }
  const earliest = localOfInstant(addMs(now, -yearMs), timeZone);
  const from = instantOfReading(start, clock);
  const latest = localOfInstant(addMs(from > now ? from : now, yearMs), timeZone);
  const readings = (properties: readonly ICAL.Property[]) =>
    properties.flatMap((property) =>
      property.getValues().map((value) => {
        const time = value instanceof ICAL.Period ? value.start : (value as ICAL.Time);
        if (time.isDate) return time.toString();
        const itsClock = clockOf(property, time, { timeZone, zones, notes: [] });
        return readByClock(readingOf(time), itsClock, clock);
      }),
    );
  const starts = new Set([start]);
  let isCut = false;
  for (const property of rules) {
    const followed = followRule(property, event, { earliest, latest });
    for (const reading of followed.starts) starts.add(reading);
    isCut ||= followed.isCut;
  }
  for (const reading of readings(dates)) {
    starts.add(reading.length === 10 ? `${reading}${start.slice(10)}` : reading);
  }
  const excluded: string[] = [];
  for (const reading of readings(component.getAllProperties('exdate'))) {
    for (const known of starts) {
      if (known !== reading && !(reading.length === 10 && known.startsWith(reading))) continue;
      starts.delete(known);
      excluded.push(known);
    }
  }
  const inOrder = [...starts].sort();
  const kept = inOrder.slice(0, mostOccurrences);
  return { starts: kept, isSeries: true, isCut: isCut || kept.length < inOrder.length, excluded };
}

function followRule(
  property: ICAL.Property,
  { start, clock }: CalendarEvent,
  { earliest, latest }: { earliest: string; latest: string },
): { starts: string[]; isCut: boolean } {
  const rule = (property.getFirstValue() as ICAL.Recur).clone();
  if (!['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'].includes(rule.freq)) throw problem('rule-unreadable');
  const { until } = rule;
  if (until !== null) {
    // The library compares readings: the end is told by the same clock; a day ends with its last minute.
    const last = until.isDate
      ? `${until.toString()}T23:59`
      : until.zone === ICAL.Timezone.utcTimezone
        ? readByClock(readingOf(until), 'UTC', clock)
        : readingOf(until);
    rule.until = ICAL.Time.fromDateTimeString(`${last}:59`);
  }
  const iterator = rule.iterator(ICAL.Time.fromDateTimeString(`${start}:00`));
  const starts: string[] = [];
  for (let step = 0; step < mostSteps; step += 1) {
    const next = iterator.next() as ICAL.Time | null;
    if (next === null) return { starts, isCut: false };
    const reading = readingOf(next);
    if (reading > latest || starts.length >= mostOccurrences) return { starts, isCut: true };
    if (reading >= earliest) starts.push(reading);
  }
  throw problem('rule-unreadable');
}

/**
 * The key of a meeting: the calendar's own, and of a series the day of the occurrence, so that it stays when the
 * whole series moves to another hour. A second one on the same day has its time added.
 */
function keyOf(uid: string, occurrence: string | null, taken: Set<string>): string {
  const calendar = `ical:${uid.length > 200 ? createHash('sha256').update(uid).digest('base64url') : uid}`;
  if (occurrence === null) return calendar;
  const byDay = `${calendar}#${occurrence.slice(0, 10)}`;
  const key = taken.has(byDay) ? `${calendar}#${occurrence}` : byDay;
  taken.add(key);
  return key;
}

/** What an event says beside its times. */
function wordsOf(event: CalendarEvent): Omit<FoundMeeting, 'key' | 'line' | 'localStart' | 'localEnd'> {
  const { component, isCancelled } = event;
  const notes = [...event.notes];
  const cut = (text: string | null, most: number) => {
    if (text === null || text.length <= most) return text;
    if (!notes.includes('text-cut')) notes.push('text-cut');
    return `${cutText(text, most - 1).trimEnd()}…`;
  };
  const location = textOf(component, 'location', cleanLine);
  const placeOnline = location === null ? null : httpsAddress(location);
  const url = textOf(component, 'url', cleanLine);
  const onlineUrl = placeOnline ?? (url === null ? null : httpsAddress(url));
  return {
    title: cut(event.name, longest.title),
    room: placeOnline === null ? cut(location, longest.room) : null,
    description: cut(textOf(component, 'description', cleanText), longest.description),
    onlineUrl,
    ...(placeOnline === null ? {} : { kind: 'online' as const }),
    isCancelled,
    notes,
  };
}

function textOf(component: ICAL.Component, property: string, clean: (text: string) => string): string | null {
  const value = component.getFirstPropertyValue(property);
  const text = value === null ? '' : clean(String(value));
  return text === '' ? null : text;
}

/** What an event that the library refuses is called, as far as that can be seen. */
function nameInBlock({ text }: Block): string | null {
  const [, name] = /^SUMMARY[^:\r\n]*:(.{0,200})/im.exec(text) ?? [];
  return name === undefined ? null : cleanLine(name);
}

function reasonOf(error: unknown, block?: Block): UnreadRow['reason'] {
  if (error instanceof Unread) return error.reason;
  // A day without the word that it is one: common, and clear enough.
  if (block !== undefined && /^DTSTART[^:\r\n]*:\d{8}\s*$/im.test(block.text)) {
    return { kind: 'left-out', why: 'all-day' };
  }
  return { kind: 'problem', problem: 'event-broken' };
}
