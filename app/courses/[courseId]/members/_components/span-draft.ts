import type { SpanView } from '#lib/members/load-member.ts';

/** A span as it is edited. Days as `YYYY-MM-DD`, empty: from the start, without end. */
export interface SpanDraft {
  /** Null: a new one. */
  id: string | null;
  sectionId: string | null;
  from: string;
  to: string;
}

export function draftOfSpans(spans: readonly SpanView[]): SpanDraft[] {
  return spans.map(({ id, sectionId, from, to }) => ({ id, sectionId, from: from ?? '', to: to ?? '' }));
}
