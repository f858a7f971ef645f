import ICAL from 'ical.js';

// The library counts a folded line without the space before it; with it the standard's 75 bytes are the limit.
ICAL.foldLength = 74;

/** A meeting as a calendar program shows it. */
export interface CalendarEntry {
  /** Stays while the meeting lives. */
  uid: string;
  /** Counts up with each change. */
  sequence: number;
  createdAt: Date;
  startsAt: Date;
  endsAt: Date;
  isCancelled: boolean;
  summary: string;
  location: string | null;
  description: string;
  url: string;
}

/**
 * An iCalendar file (RFC 5545). Times are in UTC: each entry is one meeting and no series, so that every program shows
 * the right local time on both sides of a change of clocks, and no zone has to be described.
 */
export function writeCalendar(name: string, entries: readonly CalendarEntry[]): string {
  const calendar = new ICAL.Component('vcalendar');
  calendar.addPropertyWithValue('prodid', '-//SK Attendance//EN');
  calendar.addPropertyWithValue('version', '2.0');
  calendar.addPropertyWithValue('calscale', 'GREGORIAN');
  calendar.addPropertyWithValue('method', 'PUBLISH');
  calendar.addPropertyWithValue('x-wr-calname', name);
  const hourly = ICAL.Duration.fromSeconds(3_600);
  calendar.addPropertyWithValue('refresh-interval', hourly).setParameter('value', 'DURATION');
  calendar.addPropertyWithValue('x-published-ttl', hourly.toString());
  for (const entry of entries) calendar.addSubcomponent(eventOf(entry));
  return `${calendar.toString()}\r\n`;
}

function eventOf(entry: CalendarEntry): ICAL.Component {
  const event = new ICAL.Component('vevent');
  const moment = (at: Date) => ICAL.Time.fromJSDate(at, true);
  event.addPropertyWithValue('uid', entry.uid);
  event.addPropertyWithValue('sequence', entry.sequence);
  event.addPropertyWithValue('dtstamp', moment(entry.createdAt));
  event.addPropertyWithValue('dtstart', moment(entry.startsAt));
  event.addPropertyWithValue('dtend', moment(entry.endsAt));
  event.addPropertyWithValue('status', entry.isCancelled ? 'CANCELLED' : 'CONFIRMED');
  event.addPropertyWithValue('summary', entry.summary);
  if (entry.location !== null) event.addPropertyWithValue('location', entry.location);
  if (entry.description !== '') event.addPropertyWithValue('description', entry.description);
  event.addPropertyWithValue('url', entry.url);
  return event;
}
