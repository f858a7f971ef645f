import { nodesOf } from './watch-plans.ts';
import type { CarriedOut } from './watch-plans.ts';

/**
 * Tables whose rows belong to one course: they would be spread over several machines by it. All others are small, or belong
 * to people, who are in several courses; each machine would hold them whole.
 */
const tablesOfCourses: ReadonlySet<string> = new Set([
  'attendance_records',
  'audit_events',
  'audit_seals',
  'check_in_reviews',
  'check_in_windows',
  'check_ins',
  'courses',
  'excuse_files',
  'excuse_meetings',
  'excuses',
  'meeting_series',
  'meetings',
  'membership_spans',
  'memberships',
  'messages',
  'record_spans',
  'roster_syncs',
  'sections',
  'spot_check_picks',
  'spot_checks',
]);

/**
 * By what a statement says in which course it works. `course`: by the course's own id, so that one machine could answer
 * it. `meeting`, `member`: by a row of the course, whose machine would have to be known. `other`: by something else.
 */
export type Key = 'course' | 'meeting' | 'member' | 'other';

/** A value that is given, or one of several. */
const given = String.raw`\s*(?:=|in)\s*(?:any)?\s*\(?\s*(?:array\[)?\s*\$\d`;
const patterns: readonly [Exclude<Key, 'other'>, RegExp][] = [
  ['course', new RegExp(String.raw`\bcourse_id"?${given}|"courses"\."id"${given}|\bc\.id${given}`)],
  ['meeting', new RegExp(String.raw`\bmeeting_id"?${given}|"meetings"\."id"${given}|\bmt\.id${given}`)],
  ['member', new RegExp(String.raw`\bmembership_id"?${given}|"memberships"\."id"${given}`)],
];

/** Rows that are handed over say what they belong to, each for itself. */
const rowsOfKey: readonly [Exclude<Key, 'other'>, RegExp][] = [
  [
    'course',
    /insert into "?(courses|meetings|memberships|sections|check_ins|excuses|messages|audit_events|audit_seals|roster_syncs|meeting_series)\b|"courseId"/,
  ],
  [
    'meeting',
    /"meetingId"|insert into "?(check_in_windows|spot_checks|attendance_records|excuse_meetings)\b/,
  ],
  ['member', /"membershipId"|insert into "?membership_spans\b/],
];

export function keyOf(text: string): Key {
  const found = [...patterns, ...rowsOfKey].filter(([, pattern]) => pattern.test(text)).map(([key]) => key);
  return (['course', 'meeting', 'member'] as const).find((key) => found.includes(key)) ?? 'other';
}

/** Whether it reads or writes rows of courses at all. What foreign keys ask by themselves is not the tool's. */
export function isAboutCourses({ text, plan }: CarriedOut): boolean {
  if (/^SELECT 1 FROM ONLY|^DELETE FROM ONLY/.test(text)) return false;
  return [...nodesOf(plan)].some((node) => tablesOfCourses.has(node['Relation Name'] ?? ''));
}
