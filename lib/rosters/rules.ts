import type { AppError } from '../base/errors.ts';
import { addMs, minuteMs } from '../base/time.ts';

const freshMs = 10 * minuteMs;
const hourMs = 60 * minuteMs;
/** Longer than a list with its repetitions may take: what runs since before then has died. */
const longestSyncMs = 20 * minuteMs;
/** So many hours share the syncs of a night, so that no platform is asked for all its courses at once. */
const nightHours = 4;

/** A roster read so lately need not be read again by itself. */
export function isFresh(syncedAt: Date | null, now: Date): boolean {
  return syncedAt !== null && now.getTime() - syncedAt.getTime() < freshMs;
}

/** A sync without an end that began before this moment belonged to a process that is gone. */
export function deadBefore(now: Date): Date {
  return addMs(now, -longestSyncMs);
}

/**
 * When a course has its turn in the night that begins now.
 *
 * @param random from 0 up to, but not including, 1
 */
export function turnOfNight(now: Date, random: number): Date {
  return addMs(now, Math.floor(random * nightHours * hourMs));
}

/** Canvas' words for a course whose enrolments end with it; its list is empty then, and means nothing. */
export function isConcluded(platformState: string | null): boolean {
  return platformState === 'completed' || platformState === 'deleted';
}

/**
 * Whether a refusal says that the tool may not read the list at all, be it that the scope is not granted or that the
 * service does not take the tool's token. "Too much for now" is no such word.
 */
export function meansNotGranted({ code, facts }: Pick<AppError, 'code' | 'facts'>): boolean {
  if (code !== 'platform-answer' || facts.throttled === true) return false;
  if (facts.at === 'token')
    return facts.scope !== undefined || isRefusal(facts.status) || facts.status === 400;
  return facts.at === 'members' && isRefusal(facts.status);
}

function isRefusal(status: unknown): boolean {
  return status === 401 || status === 403;
}

/** Whether the same may go well in a minute: the platform was away or busy, or the course is being moved. */
export function isWorthRepeating({ code, facts }: Pick<AppError, 'code' | 'facts'>): boolean {
  if (code === 'platform-unreachable' || code === 'conflict') return true;
  return code === 'platform-answer' && (facts.throttled === true || Number(facts.status) >= 500);
}

/** An enrolled member who is not on a complete list. */
export interface MissingMember {
  membershipId: string;
  /** The start of the first complete list in a row without them; null: they were on the one before. */
  missingSince: Date | null;
}

export interface CompleteList {
  /** Those who could be missing: enrolled, and of a kind that stands on lists. */
  enrolled: number;
  missing: readonly MissingMember[];
  /** When the last complete list began to be read that was whole before this one began. */
  previousAt: Date | null;
  isConcluded: boolean;
}

export interface Departures {
  /** Missing for the first time: noted, and enrolled for now. */
  noted: string[];
  /** Missing for the second time in a row: their spans end when they were missed first. */
  ended: string[];
  /** Why nobody's span ends until a teacher confirms. Null: nothing is held. */
  held: 'many' | 'concluded' | null;
}

/**
 * What a complete list means for those who are not on it. One list is no proof, two in a row are; but where more
 * than a fifth are gone at once, or the course is over, it is more likely the list that is wrong.
 */
export function decideDepartures({ enrolled, missing, previousAt, isConcluded }: CompleteList): Departures {
  const isSecond = ({ missingSince }: MissingMember) =>
    missingSince !== null && previousAt !== null && missingSince <= previousAt;
  const noted = missing.filter(({ missingSince }) => missingSince === null);
  const held =
    missing.length === 0 ? null : isConcluded ? 'concluded' : missing.length * 5 > enrolled ? 'many' : null;
  const ended = held === null ? missing.filter(isSecond) : [];
  return { noted: noted.map(idOf), ended: ended.map(idOf), held };
}

function idOf({ membershipId }: MissingMember): string {
  return membershipId;
}
