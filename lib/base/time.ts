import { Temporal } from 'temporal-polyfill';

export { minuteMs } from './minute.ts';

export function addMs(instant: Date, ms: number): Date {
  return new Date(instant.getTime() + ms);
}

/**
 * The instant at which a local wall clock shows this date and time ("2026-11-28T09:00", IANA zone).
 * In the hour that is skipped in spring the later reading counts, in the one that comes twice the first.
 */
export function instantOfLocal(localDateTime: string, timeZone: string): Date {
  const zoned = Temporal.PlainDateTime.from(localDateTime).toZonedDateTime(timeZone, {
    disambiguation: 'compatible',
  });
  return new Date(zoned.epochMilliseconds);
}

/** The wall clock's reading at an instant, as "2026-11-28T09:00". */
export function localOfInstant(instant: Date, timeZone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' });
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
