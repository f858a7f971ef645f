import { requireMarker } from '../access/require-place.ts';
import { AppError } from '../base/errors.ts';
import { isId } from '../base/ids.ts';
import { addMs, minuteMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { selectMeeting } from '../meetings/queries.ts';
import type { NumberedMeeting } from '../meetings/queries.ts';
import {
  selectEvidence,
  selectPicks,
  selectSpotCheckCounts,
  selectSpotChecks,
  selectStrayGuesses,
  selectWhoIsIn,
} from './queries.ts';
import type { PickRow } from './queries.ts';
import {
  counts,
  estimateAverageFalseRate,
  estimateFalseRate,
  isAnybodyLeft,
  listCards,
  stateOf,
} from './rules.ts';
import type { Card, CardState, Decision, Evidence, FalseRate, SpotCheckCount } from './rules.ts';

export type { Card, CardState, Decision, FalseRate, PersonOnCard, Reason, SpotCheckCount } from './rules.ts';

/** Somebody who was called out. */
export interface PickView extends Omit<PickRow, 'spotCheckId'> {
  /** The check-ins that count for them, and what is decided about them together. */
  checkInIds: string[];
  decision: Decision | null;
}

export interface SpotCheckView extends SpotCheckCount {
  id: string;
  startedAt: Date;
  /** Null: it goes on. */
  endedAt: Date | null;
  picks: PickView[];
  /** Once it has ended. */
  rate: FalseRate | undefined;
}

export interface ReviewView {
  meeting: NumberedMeeting;
  timeZone: string;
  cards: Record<CardState, Card[]>;
  /** The newest first. */
  spotChecks: SpotCheckView[];
  /** How many could be called out now. */
  present: number;
  /** All ended spot checks of the course together, where there are several. */
  course: (SpotCheckCount & { spotChecks: number; rate: FalseRate }) | undefined;
}

/** Wrong codes that lead to no meeting are told with the one that was held then. */
const guessesAroundMs = 120 * minuteMs;

/**
 * What is worth a look in a meeting's check-ins, what was decided about it, and its spot checks. For those who mark.
 *
 * @throws AppError `not-signed-in`, `no-access`, `not-for-assistants`, `not-found`
 */
export async function loadReview(
  ctx: Ctx,
  { courseId, meetingId }: { courseId: string; meetingId: string },
): Promise<ReviewView> {
  const { course } = await requireMarker(ctx, courseId);
  const meeting = isId(meetingId) ? await selectMeeting(ctx.db, courseId, meetingId) : undefined;
  if (meeting === undefined) throw new AppError('not-found');
  const [evidence, guesses, checks, picks, present, found] = await Promise.all([
    selectEvidence(ctx.db, meetingId),
    selectStrayGuesses(ctx.db, {
      courseId,
      from: addMs(meeting.startsAt, -guessesAroundMs),
      to: addMs(meeting.endsAt, guessesAroundMs),
    }),
    selectSpotChecks(ctx.db, meetingId),
    selectPicks(ctx.db, meetingId),
    selectWhoIsIn(ctx.db, meetingId),
    selectSpotCheckCounts(ctx.db, { courseId }),
  ]);
  const cards = listCards([...evidence, ...guesses], {
    isCheckOutDue: course.policy.checkOutRequired && meeting.endsAt <= ctx.now,
  });
  const byState = Map.groupBy(cards, stateOf);
  const countedOf = Map.groupBy(evidence.filter(counts), ({ membershipId }) => membershipId);
  const picksOf = Map.groupBy(picks, ({ spotCheckId }) => spotCheckId);
  return {
    meeting,
    timeZone: course.timeZone,
    cards: {
      open: byState.get('open') ?? [],
      ask: byState.get('ask') ?? [],
      done: byState.get('done') ?? [],
    },
    spotChecks: checks.map(({ id, startedAt, endedAt, checkedIn }) => {
      const own = picksOf.get(id) ?? [];
      const count = {
        checkedIn,
        called: own.length,
        missing: own.filter(({ isThere }) => isThere === false).length,
      };
      return {
        ...{ id, startedAt, endedAt },
        ...count,
        picks: own.map(({ spotCheckId: _of, ...pick }) => pickView(pick, countedOf.get(pick.membershipId))),
        rate: endedAt === null ? undefined : estimateFalseRate(count),
      };
    }),
    present: isAnybodyLeft(meeting.endsAt, ctx.now) ? present.length : 0,
    course: sumOf(found),
  };
}

function pickView(pick: Omit<PickRow, 'spotCheckId'>, evidence: readonly Evidence[] = []): PickView {
  const [first, ...others] = new Set(evidence.map(({ decision }) => decision));
  return {
    ...pick,
    checkInIds: evidence.map(({ id }) => id),
    decision: others.length === 0 ? (first ?? null) : null,
  };
}

function sumOf(found: readonly SpotCheckCount[]): ReviewView['course'] {
  if (found.length < 2) return undefined;
  const sum = found.reduce((all, one) => ({
    checkedIn: all.checkedIn + one.checkedIn,
    called: all.called + one.called,
    missing: all.missing + one.missing,
  }));
  const rate = estimateAverageFalseRate(sum);
  return rate && { ...sum, spotChecks: found.length, rate };
}
