import { withoutNul } from '../base/without-nul.ts';

export interface OpenSpan {
  id: string;
  sectionId: string | null;
}

export interface SpanChanges {
  /** Spans that end now. */
  end: string[];
  /** Sections in which a span opens now; null: no section. */
  open: (string | null)[];
}

/**
 * Which dated spans of an enrolled member end and open, given the sections they are in now. Sections that are
 * not told (undefined) change nothing, but an enrolled member always has one open span.
 */
export function decideSpans(
  openSpans: readonly OpenSpan[],
  sectionsNow: readonly string[] | undefined,
): SpanChanges {
  if (sectionsNow === undefined) return { end: [], open: openSpans.length === 0 ? [null] : [] };
  const wanted: (string | null)[] = sectionsNow.length === 0 ? [null] : [...new Set(sectionsNow)];
  return {
    end: openSpans.filter((span) => !wanted.includes(span.sectionId)).map((span) => span.id),
    open: wanted.filter((section) => !openSpans.some((span) => span.sectionId === section)),
  };
}

export interface NamedSection {
  platformSectionId: string;
  name: string;
}

/**
 * Canvas' section variables: ids as "11,12", names as a JSON array in the same order. Undefined when they were
 * not given; an id without a name is shown by its number.
 */
export function readSections(ids: string | undefined, names: string | undefined): NamedSection[] | undefined {
  if (ids === undefined) return undefined;
  let named: unknown = [];
  try {
    named = JSON.parse(names ?? '[]');
  } catch {
    // Not JSON: the ids alone must do.
  }
  const list: unknown[] = Array.isArray(named) ? named : [];
  return ids
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '')
    .map((platformSectionId, index) => {
      const given = list[index];
      const name = typeof given === 'string' ? withoutNul(given) : '';
      return { platformSectionId, name: name === '' ? platformSectionId : name };
    });
}
