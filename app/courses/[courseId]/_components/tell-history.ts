import type { HistoryEntry, HistoryView } from '#lib/audit/load-history.ts';
import { formatDay, formatTime, isolated, meetingName } from '#lib/i18n/format.ts';
import { tellEvent } from '#lib/i18n/tell-event.ts';
import type { Translate } from '#lib/i18n/translate.ts';

/** A change in words, for a page or for a panel in the browser. */
export interface ToldEntry {
  id: string;
  /** Day and time, in the course's zone, and for the machine. */
  when: string;
  at: string;
  sentence: string;
  changes: string[];
  /** The meeting that it is about, to go there. */
  meeting: { id: string; name: string } | undefined;
  /** The member whom it is about. */
  member: { id: string; name: string } | undefined;
}

export function tellHistory(view: HistoryView, t: Translate): ToldEntry[] {
  return view.entries.map((entry) => tellEntry(entry, view.timeZone, t));
}

function tellEntry(entry: HistoryEntry, zone: string, t: Translate): ToldEntry {
  const { id, at, meeting, member, membershipId, isErased } = entry;
  return {
    id,
    when: `${formatDay(at, zone, t.language, { year: true })}, ${formatTime(at, zone, t.language)}`,
    at: at.toISOString(),
    ...tellEvent(entry, t, zone),
    meeting: meeting === null ? undefined : { id: meeting.id, name: meetingName(meeting, t) },
    member:
      membershipId === null || member === null || isErased
        ? undefined
        : { id: membershipId, name: isolated(member) },
  };
}
