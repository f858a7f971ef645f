import { addMs, minuteMs } from '../base/time.ts';
import { aroundMeetingMs } from '../check-in/rules.ts';

/** Longer than the ten seconds in which a screen offers it: the answer may have been slow. */
const takeBackWithinMs = minuteMs;

/** Between these instants a meeting's start and end have to lie for somebody to be helped at `now`. */
export function helpingTimes(now: Date): { startsBefore: Date; endsAfter: Date } {
  return { startsBefore: addMs(now, aroundMeetingMs), endsAfter: addMs(now, -aroundMeetingMs) };
}

/** Whether a check-in by hand may still be taken back by whoever made it. */
export function mayTakeBack(confirmedAt: Date, now: Date): boolean {
  return now.getTime() - confirmedAt.getTime() <= takeBackWithinMs;
}

/** What a camera has read: somebody's own code, or the number on a card. */
export type ReadScan = { kind: 'personal-code'; token: string } | { kind: 'card'; number: string };

const longestNumber = 64;

/**
 * What a scanned text may mean.
 *
 * @returns undefined for what is neither: another QR code, an empty or an endless text
 */
export function readScan(text: string): ReadScan | undefined {
  const trimmed = text.trim();
  const token = /\/h\/([A-Za-z0-9_-]{43})$/.exec(trimmed)?.[1];
  if (token !== undefined) return { kind: 'personal-code', token };
  if (trimmed === '' || trimmed.length > longestNumber || trimmed.includes('://')) return undefined;
  return { kind: 'card', number: trimmed };
}

/** A member as cards may name them. */
export interface CardHolder {
  membershipId: string;
  sisId: string | null;
  canvasUserId: string | null;
}

/**
 * Whose card this is, among a course's members: by the institution's number first, then by the platform's. Capitals
 * and leading zeros are the printer's choice.
 *
 * @returns `several`: the number alone does not tell who it is
 */
export function findCardHolder<Holder extends CardHolder>(
  holders: readonly Holder[],
  number: string,
): Holder | 'several' | undefined {
  const plain = (text: string | null) =>
    text
      ?.trim()
      .toLowerCase()
      .replace(/^0+(?=.)/, '');
  for (const key of ['sisId', 'canvasUserId'] as const) {
    const exact = holders.filter((holder) => holder[key] === number);
    const found = exact.length > 0 ? exact : holders.filter((holder) => plain(holder[key]) === plain(number));
    if (found.length > 1) return 'several';
    if (found[0] !== undefined) return found[0];
  }
  return undefined;
}
