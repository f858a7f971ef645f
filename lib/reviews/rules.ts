import { minuteMs } from '../base/time.ts';
import type { Status } from '../base/statuses.ts';
import type { CheckInOutcome, Direction } from '../db/schema.ts';

export type Decision = 'fine' | 'ask' | 'set-aside';

/** A check-in, a check-out or a refused attempt, with what was kept of it. */
export interface Evidence {
  id: string;
  membershipId: string;
  /** Family name first. */
  name: string;
  outcome: CheckInOutcome;
  direction: Direction;
  via: 'scan' | 'typed' | 'helper';
  /** When the code was seen. */
  at: Date;
  /** How old the code was then, in milliseconds. */
  codeAgeMs: number | null;
  /** How long its codes were shown, in seconds; null: printed, or without a code. */
  stepSeconds: number | null;
  /** More time was granted to this member: their codes may be older. */
  hasExtraTime: boolean;
  /** The browser that scanned, and the one that confirmed, by their hashes. */
  scanBrowserHash: string | null;
  browserHash: string | null;
  networkHash: string | null;
  /** How far from the room, in metres; null: not asked, or not told. */
  distanceMeters: number | null;
  flags: readonly string[];
  decision: Decision | null;
  /** What a teacher has entered for this member: it stays, whatever is decided here. Null: nothing. */
  entered: Status | null;
}

/** Whether it says where somebody was; a refused attempt counts for nobody. */
export function counts({ outcome }: Pick<Evidence, 'outcome'>): boolean {
  return outcome !== 'wrong-code' && outcome !== 'ticket-used';
}

/** Why somebody should look, the weightiest first: so they stand in the list. */
export const reasons = [
  'shared-phone',
  'passed-on',
  'other-persons-phone',
  'far-away',
  'outside-network',
  'no-check-in',
  'wrong-codes',
  'other-browser',
  'old-code',
  'alone-in-network',
  'no-check-out',
  'by-hand',
] as const;

export type Reason = (typeof reasons)[number];

/**
 * The reasons for which the register shows a flag and a meeting counts one, as `flaggedEvidence` does. The others are
 * hints: they stand in the list, and nowhere else.
 */
export const flaggingReasons: ReadonlySet<Reason> = new Set([
  'shared-phone',
  'passed-on',
  'other-persons-phone',
  'far-away',
  'outside-network',
  'no-check-in',
  'other-browser',
]);

/** A flag that a check-in was stored with, and the card that tells it. A scan that was passed on is told as such. */
const reasonOfFlag: Readonly<Record<string, Reason>> = {
  'other-browser': 'other-browser',
  'other-persons-device': 'other-persons-phone',
  'no-check-in': 'no-check-in',
  'outside-network': 'outside-network',
  'far-away': 'far-away',
};

/**
 * One person on a card, with the evidence that it is about. Of whom a part is decided and another came later, both
 * stand there: what is decided about the one leaves the other as it is.
 */
export interface PersonOnCard {
  membershipId: string;
  name: string;
  evidence: Evidence[];
  decision: Decision | null;
  /** Whether any of it counts, so that it can be set aside; refused attempts count for nothing. */
  counts: boolean;
  /** What a teacher has entered for them by hand, if anything. */
  entered: Status | null;
}

/** One reason to look, in one place: a phone, a passed-on scan, or all for whom the same is true. */
export interface Card {
  reason: Reason;
  /** Whose browser had scanned, where that is known: they confirmed a check-in of their own with it. */
  scannedBy: { membershipId: string; name: string } | null;
  people: PersonOnCard[];
}

/** `open`: somebody on it waits for a decision. `ask`: a student is to be asked. `done`: all is decided. */
export type CardState = 'open' | 'ask' | 'done';

export function stateOf(card: Card): CardState {
  if (card.people.some(({ decision }) => decision === null)) return 'open';
  return card.people.some(({ decision }) => decision === 'ask') ? 'ask' : 'done';
}

/** Somebody who guesses this often at one meeting is not mistyping. */
const manyWrongCodes = 5;
/** Fewer people than this say nothing about what is usual in a room. */
const fewestForUsual = 8;
/** A code is unusually old when it had left the wall half its time ago. */
const oldAfterSteps = 1.5;
/** What is true of more than a tenth is how this room is: slow Wi-Fi, mobile data. */
const rareShare = 0.1;
/** So much of a class in one network makes it the room's own. */
const sharedNetworkShare = 2 / 3;
/** So many check-outs show that checking out is what people did. */
const fewestCheckOuts = 2;

interface Circumstances {
  /** The course requires check-outs, and the meeting is over. */
  isCheckOutDue: boolean;
}

/**
 * The review list of a meeting: one card per reason, the weightiest first, and of the same reason the one with more
 * people. Whatever was decided before stays on its card. A reason is a reason to look, never a judgement.
 */
export function listCards(evidence: readonly Evidence[], { isCheckOutDue }: Circumstances): Card[] {
  const accepted = evidence.filter(counts);
  const shared = sharedPhones(accepted);
  const onSharedPhone = new Set(shared.flat());
  const passedOn = passedOnScans(evidence, accepted);
  const passed = new Set(passedOn.flatMap((scan) => scan.evidence));
  const flagged = (flag: string, without: ReadonlySet<Evidence>) =>
    accepted.filter((one) => one.flags.includes(flag) && !without.has(one));
  const none: ReadonlySet<Evidence> = new Set();

  const cards = [
    ...shared.map((of) => cardOf('shared-phone', of)),
    ...passedOn.map(({ evidence: of, scannedBy }) => ({ ...cardOf('passed-on', of), scannedBy })),
    ...Object.entries(reasonOfFlag).map(([flag, reason]) => {
      // The same fact is told once: on the card that says more of it.
      const told =
        reason === 'other-persons-phone' ? onSharedPhone : reason === 'other-browser' ? passed : none;
      return cardOf(reason, flagged(flag, told));
    }),
    cardOf('wrong-codes', wrongCodes(evidence)),
    cardOf('old-code', oldCodes(accepted)),
    cardOf('alone-in-network', aloneInNetwork(accepted)),
    cardOf('no-check-out', isCheckOutDue ? missingCheckOuts(accepted) : []),
  ].filter(({ people }) => people.length > 0);
  const onCards = new Set(cards.flatMap(({ people }) => people.flatMap((person) => person.evidence)));
  const byHand = cardOf(
    'by-hand',
    accepted.filter((one) => one.decision !== null && !onCards.has(one)),
  );
  const weight = (card: Card) => reasons.indexOf(card.reason);
  return [...cards, ...(byHand.people.length > 0 ? [byHand] : [])].sort(
    (a, b) => weight(a) - weight(b) || countPeople(b) - countPeople(a),
  );
}

/** How many people a card is about. */
export function countPeople({ people }: Card): number {
  return peopleOf(people).size;
}

/** Members at whose check-ins a person should look: what the register and the meeting count. */
export function countFlagged(cards: readonly Card[]): number {
  const waiting = cards
    .filter(({ reason }) => flaggingReasons.has(reason))
    .flatMap(({ people }) => people.filter(({ decision }) => decision === null || decision === 'ask'));
  return new Set(waiting.map(({ membershipId }) => membershipId)).size;
}

function cardOf(reason: Reason, evidence: readonly Evidence[]): Card {
  const people = [...Map.groupBy(evidence, ({ membershipId }) => membershipId).values()].flatMap((own) =>
    [...Map.groupBy(own, ({ decision }) => decision)].map(([decision, part]): PersonOnCard => ({
      membershipId: part[0]?.membershipId ?? '',
      name: part[0]?.name ?? '',
      evidence: part,
      decision,
      counts: part.some(counts),
      entered: part[0]?.entered ?? null,
    })),
  );
  return { reason, scannedBy: null, people };
}

/** The evidence of each browser that confirmed for several people. */
function sharedPhones(accepted: readonly Evidence[]): Evidence[][] {
  const known = accepted.filter(({ browserHash }) => browserHash !== null);
  return [...Map.groupBy(known, ({ browserHash }) => browserHash).values()].filter(
    (own) => peopleOf(own).size > 1,
  );
}

interface PassedOnScan {
  evidence: Evidence[];
  scannedBy: Card['scannedBy'];
}

/**
 * Scans of one browser that ended in others: of several people, or of somebody else than the one who confirmed a
 * check-in with it; and scans that were tried after somebody had confirmed them. One person whose scan ends in another
 * browser of their own is no such thing.
 */
function passedOnScans(evidence: readonly Evidence[], accepted: readonly Evidence[]): PassedOnScan[] {
  const ended = evidence.filter(
    ({ outcome, flags }) =>
      outcome === 'ticket-used' || (outcome !== 'wrong-code' && flags.includes('other-browser')),
  );
  return [...Map.groupBy(ended, ({ scanBrowserHash }) => scanBrowserHash)].flatMap(([browser, found]) => {
    const owner = browser === null ? undefined : accepted.find(({ browserHash }) => browserHash === browser);
    // Without the browser's id nothing joins two of them: only the refused attempts say that a scan was passed on.
    const evidence = browser === null ? found.filter(({ outcome }) => outcome === 'ticket-used') : found;
    const people = peopleOf(evidence);
    const isOfOthers = owner !== undefined && [...people].some((id) => id !== owner.membershipId);
    const isRefused = evidence.some(({ outcome }) => outcome === 'ticket-used');
    if (people.size < 2 && !isOfOthers && !isRefused) return [];
    const scannedBy = owner === undefined ? null : { membershipId: owner.membershipId, name: owner.name };
    return [{ evidence, scannedBy }];
  });
}

function wrongCodes(evidence: readonly Evidence[]): Evidence[] {
  const wrong = evidence.filter(({ outcome }) => outcome === 'wrong-code');
  return [...Map.groupBy(wrong, ({ membershipId }) => membershipId).values()]
    .filter((own) => own.length >= manyWrongCodes)
    .flat();
}

/** Scanned codes that had left the wall a good while ago. Typed codes change slowly: their age says little. */
function oldCodes(accepted: readonly Evidence[]): Evidence[] {
  const scans = accepted.filter(({ via, codeAgeMs }) => via === 'scan' && codeAgeMs !== null);
  const old = scans.filter(
    ({ codeAgeMs, stepSeconds, hasExtraTime }) =>
      codeAgeMs !== null &&
      stepSeconds !== null &&
      !hasExtraTime &&
      codeAgeMs > oldAfterSteps * stepSeconds * 1000,
  );
  return isRare(old.length, scans.length) ? old : [];
}

/** Those who were alone in a network where nearly everybody shared one. */
function aloneInNetwork(accepted: readonly Evidence[]): Evidence[] {
  const seen = accepted.filter(({ networkHash, via }) => networkHash !== null && via !== 'helper');
  const all = peopleOf(seen).size;
  const networks = [...Map.groupBy(seen, ({ networkHash }) => networkHash).values()];
  const largest = Math.max(0, ...networks.map((own) => peopleOf(own).size));
  if (all < fewestForUsual || largest < all * sharedNetworkShare) return [];
  const inLargest = new Set(
    networks.filter((own) => peopleOf(own).size === largest).flatMap((own) => [...peopleOf(own)]),
  );
  // Whoever was in the room's network once was in the room.
  const alone = networks.filter((own) => peopleOf(own).size === 1).flat();
  const apart = alone.filter(({ membershipId }) => !inLargest.has(membershipId));
  return isRare(peopleOf(apart).size, all) ? apart : [];
}

/** The last check-in of those who never checked out, where others did. */
function missingCheckOuts(accepted: readonly Evidence[]): Evidence[] {
  const counting = accepted.filter(({ decision }) => decision !== 'set-aside');
  const out = counting.filter(({ direction }) => direction === 'out');
  if (peopleOf(out).size < fewestCheckOuts) return [];
  return [...Map.groupBy(counting, ({ membershipId }) => membershipId).values()].flatMap((own) => {
    const last = own.reduce((latest, one) => (one.at > latest.at ? one : latest));
    return last.direction === 'in' ? [last] : [];
  });
}

function peopleOf(evidence: readonly Pick<Evidence, 'membershipId'>[]): Set<string> {
  return new Set(evidence.map(({ membershipId }) => membershipId));
}

/** Few enough to stand out: a tenth at most, where there are enough to tell. */
function isRare(count: number, all: number): boolean {
  return all >= fewestForUsual && count <= Math.max(1, Math.floor(all * rareShare));
}

/** A class may run over; later nobody is left to be called out, however many never checked out. */
const overrunMs = 30 * minuteMs;

export function isAnybodyLeft(endsAt: Date, now: Date): boolean {
  return now.getTime() <= endsAt.getTime() + overrunMs;
}

/**
 * So many of them by lot, each as likely as every other.
 *
 * @param below a random whole number from 0 to one less than its argument
 */
export function drawLot<Item>(
  items: readonly Item[],
  count: number,
  below: (limit: number) => number,
): Item[] {
  const urn = [...items];
  return Array.from({ length: Math.min(count, urn.length) }, () => urn.splice(below(urn.length), 1)).flat();
}

/** What a spot check, or several together, found. */
export interface SpotCheckCount {
  /** Check-ins from which the lot was drawn. */
  checkedIn: number;
  /** How many were called out, and how many of them were not there. */
  called: number;
  missing: number;
}

/** Shares of the check-ins, from 0 to 1. */
export interface FalseRate {
  /** As found among those who were called. */
  found: number;
  /** The interval in which the true share lies, in 95 of 100 such checks. */
  low: number;
  high: number;
}

const outside = 0.05 / 2;

/**
 * How many of the check-ins may be false, by the exact interval for a draw without putting back (hypergeometric, the
 * finite class's Clopper-Pearson): all numbers of false ones for which what was found is not too unlikely on either
 * side. Undefined when nobody was called.
 */
export function estimateFalseRate({ checkedIn, called, missing }: SpotCheckCount): FalseRate | undefined {
  if (called === 0) return undefined;
  const all = Math.max(checkedIn, called);
  const [fewest, most] = [missing, all - (called - missing)];
  const lnFactorial = lnFactorials(all);
  const lnChoose = (n: number, k: number) =>
    (lnFactorial[n] ?? 0) - (lnFactorial[k] ?? 0) - (lnFactorial[n - k] ?? 0);
  /** The chance to find from `from` to `to` missing among those called, if so many are false. */
  const chance = (falseOnes: number, from: number, to: number) => {
    let sum = 0;
    const [first, last] = [Math.max(from, called - (all - falseOnes), 0), Math.min(to, falseOnes, called)];
    for (let found = first; found <= last; found += 1) {
      sum += Math.exp(
        lnChoose(falseOnes, found) + lnChoose(all - falseOnes, called - found) - lnChoose(all, called),
      );
    }
    return sum;
  };
  const low = firstWhere(fewest, most, (falseOnes) => chance(falseOnes, missing, called) > outside);
  const high = firstWhere(low, most + 1, (falseOnes) => chance(falseOnes, 0, missing) <= outside) - 1;
  return { found: missing / called, low: low / all, high: Math.max(low, high) / all };
}

/**
 * How many of the check-ins were false on the average of several spot checks, each weighing as much as it called: the
 * exact interval of Clopper and Pearson. They were drawn from different classes, of which one may cheat and another not:
 * the binomial spreads more than any such mixture, and a draw without putting back less, so that it holds for all of them.
 */
export function estimateAverageFalseRate({
  called,
  missing,
}: Pick<SpotCheckCount, 'called' | 'missing'>): FalseRate | undefined {
  if (called === 0) return undefined;
  const lnFactorial = lnFactorials(called);
  /** The chance to find at most so many missing, where this share is false. */
  const atMost = (share: number, most: number) => {
    let sum = 0;
    for (let found = 0; found <= most; found += 1) {
      const lnWays =
        (lnFactorial[called] ?? 0) - (lnFactorial[found] ?? 0) - (lnFactorial[called - found] ?? 0);
      sum += Math.exp(lnWays + found * Math.log(share) + (called - found) * Math.log(1 - share));
    }
    return sum;
  };
  const found = missing / called;
  const low = missing === 0 ? 0 : shareWhere((share) => 1 - atMost(share, missing - 1) > outside);
  const high = missing === called ? 1 : shareWhere((share) => atMost(share, missing) <= outside);
  return { found, low: Math.min(low, found), high: Math.max(high, found) };
}

/** The first share between 0 and 1 for which it is so, to a billionth. */
function shareWhere(isSo: (share: number) => boolean): number {
  const parts = 1e9;
  return firstWhere(1, parts, (part) => isSo(part / parts)) / parts;
}

/** The first whole number from `from` on for which it is so; `to` where it is so for none before. */
function firstWhere(from: number, to: number, isSo: (n: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (isSo(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** ln(n!) for n from 0. */
function lnFactorials(most: number): Float64Array {
  const sums = new Float64Array(most + 1);
  for (let n = 2; n <= most; n += 1) sums[n] = (sums[n - 1] ?? 0) + Math.log(n);
  return sums;
}
