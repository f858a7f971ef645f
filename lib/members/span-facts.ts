import { isTakenAway } from './rules.ts';

/** A span as the audit tells it: sections by the name that they had. */
export interface SpanFacts {
  section: string | null;
  from: string | null;
  to: string | null;
}

/** Spans as the audit tells them; spans that last no time were taken away, and tell nothing. */
export function spanFacts(
  spans: readonly { sectionName: string | null; startsAt: Date | null; endsAt?: Date | null }[],
): SpanFacts[] {
  return spans
    .filter((span) => !isTakenAway(span))
    .map(({ sectionName, startsAt, endsAt }) => ({
      section: sectionName,
      from: startsAt?.toISOString() ?? null,
      to: endsAt?.toISOString() ?? null,
    }));
}
