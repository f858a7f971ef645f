import type { Language } from './languages.ts';
import type { Translate } from './translate.ts';

const locales = { de: 'de-DE', en: 'en-GB' } as const;
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(language: Language, zone: string, options: Intl.DateTimeFormatOptions) {
  const key = `${language} ${zone} ${JSON.stringify(options)}`;
  let format = formatters.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locales[language], { ...options, timeZone: zone });
    formatters.set(key, format);
  }
  return format;
}

/** `09:00`, in the course's zone. */
export function formatTime(at: Date, zone: string, language: Language): string {
  return formatter(language, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** `09:00–12:45`. */
export function formatTimeRange(from: Date, to: Date, zone: string, language: Language): string {
  return `${formatTime(from, zone, language)}–${formatTime(to, zone, language)}`;
}

/** `Sa., 28.11.` or `Sat, 28 Nov`; with the year where it is not the current one is the caller's choice. */
export function formatDay(at: Date, zone: string, language: Language, options?: { year: boolean }): string {
  const year = options?.year === true ? ({ year: 'numeric' } as const) : {};
  return language === 'de'
    ? formatter(language, zone, { weekday: 'short', day: '2-digit', month: '2-digit', ...year }).format(at)
    : formatter(language, zone, { weekday: 'short', day: 'numeric', month: 'short', ...year }).format(at);
}

/** `3 h 45 min`, `45 min`, `3 h`; a number and its unit stay in one line. */
export function formatMinutes(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${String(rest)}\u00a0min`;
  return rest === 0 ? `${String(hours)}\u00a0h` : `${String(hours)}\u00a0h ${String(rest)}\u00a0min`;
}

/** Minutes in lesson units, `29,6`: rounded down, so that nothing is shown that is not there. */
export function formatUnits(minutes: number, unitMinutes: number, language: Language): string {
  const units = Math.floor((minutes * 10) / unitMinutes) / 10;
  return new Intl.NumberFormat(locales[language], { maximumFractionDigits: 1 }).format(units);
}

/** `Samstag`, or `Sa`. The local reading is taken as UTC, so that the weekday does not depend on any zone. */
export function formatWeekday(local: string, language: Language, length: 'long' | 'short' = 'long'): string {
  const day = new Date(`${local.slice(0, 10)}T00:00:00Z`);
  return formatter(language, 'UTC', { weekday: length }).format(day);
}

/** Tenths of a percent as `69,9 %`; whole, for headlines, as `69 %`: rounded down, like every rate that is shown. */
export function formatRate(tenths: number, language: Language, options?: { whole: boolean }): string {
  const [shown, digits] = options?.whole === true ? [Math.floor(tenths / 10), 0] : [tenths / 10, 1];
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return `${new Intl.NumberFormat(locales[language], fraction).format(shown)}\u00A0%`;
}

const kilobyte = 1_024;

/** `2.4 MB`, `312 kB`; a number and its unit stay in one line. */
export function formatBytes(bytes: number, language: Language): string {
  const [size, unit] =
    bytes >= kilobyte ** 2 ? [bytes / kilobyte ** 2, 'MB'] : [Math.ceil(bytes / kilobyte), 'kB'];
  const digits = { maximumFractionDigits: 1 };
  return `${new Intl.NumberFormat(locales[language], digits).format(size)}\u00A0${unit}`;
}

export interface NamedMeeting {
  title: string | null;
  /** Position in the course by start, from 1. */
  number: number;
  /** "2026-11-28T09:00", the wall clock's reading. */
  localStart: string;
}

/** The meeting's title, or one made of weekday and number: "Saturday 4". */
export function meetingName(meeting: NamedMeeting, t: Translate): string {
  if (meeting.title !== null && meeting.title !== '') return meeting.title;
  const weekday = formatWeekday(meeting.localStart, t.language);
  return `${weekday} ${String(meeting.number)}`;
}

/** How old a code is: in seconds up to two minutes, then in whole minutes. */
export function formatAge(seconds: number, t: Translate): string {
  return seconds < 120
    ? t('phone.age.seconds', { count: seconds })
    : t('phone.age.minutes', { count: Math.floor(seconds / 60) });
}

/** A name of any script keeps its own direction within a sentence, and leaves the sentence's alone. */
export function isolated(text: string): string {
  return text === '' ? '' : `\u2068${text}\u2069`;
}
