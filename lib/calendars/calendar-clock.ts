import ICAL from 'ical.js';
import { Temporal } from 'temporal-polyfill';
import { instantOfLocal, isTimeZone, localOfInstant } from '../base/time.ts';

/** By which clock a calendar's time is meant: a zone that everybody knows, or one that the file itself defines. */
export type CalendarClock = string | ICAL.Timezone;

/** The zones that a file defines, by their name in it. */
export type DefinedZones = ReadonlyMap<string, ICAL.Timezone>;

/**
 * The clock of a TZID. A known name comes before the file's own definition of it, which is often of one year only;
 * some programs put a path before the name.
 *
 * @returns undefined when nobody knows it
 */
export function clockOfZoneId(zoneId: string, defined: DefinedZones): CalendarClock | undefined {
  const parts = zoneId.split('/');
  const names = [zoneId, parts.slice(-3).join('/'), parts.slice(-2).join('/')];
  return names.find(isTimeZone) ?? defined.get(zoneId);
}

/** The instant at which a clock shows a reading ("2026-11-28T09:00"). */
export function instantOfReading(reading: string, clock: CalendarClock): Date {
  if (typeof clock === 'string') return instantOfLocal(reading, clock);
  const time = ICAL.Time.fromDateTimeString(`${reading.slice(0, 16)}:00`);
  time.zone = clock;
  return new Date(time.toUnixTime() * 1000);
}

/** What a clock shows when another one shows a reading. The same clock changes nothing, not even a skipped hour. */
export function readByClock(reading: string, from: CalendarClock, to: CalendarClock): string {
  if (from === to) return reading;
  const instant = instantOfReading(reading, from);
  if (typeof to === 'string') return localOfInstant(instant, to);
  return ICAL.Time.fromJSDate(instant, true).convertToZone(to).toString().slice(0, 16);
}

/** A reading so many minutes later, by the clock. */
export function laterByClock(reading: string, minutes: number): string {
  return Temporal.PlainDateTime.from(reading).add({ minutes }).toString({ smallestUnit: 'minute' });
}

/** The minutes from one reading of a clock to another. */
export function minutesByClock(from: string, to: string): number {
  return Temporal.PlainDateTime.from(from).until(to, { largestUnit: 'minutes' }).minutes;
}
