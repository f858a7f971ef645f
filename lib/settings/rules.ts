import type { JudgedMember } from '../attendance/judge-course.ts';
import { tenthsOfPercent } from '../attendance/rules.ts';
import type { Rate } from '../attendance/rules.ts';
import type { CoursePolicy } from '../base/course-policy.ts';
import type { Status } from '../base/statuses.ts';
import type { PolicyInput } from './input.ts';

export type PolicyField = keyof PolicyInput;

/** In the order of the page. */
export const policyFields = [
  'graceMinutes',
  'absentAfterMinutes',
  'autoAbsent',
  'checkOutRequired',
  'codeSeconds',
  'allowedNetworks',
  'roomPosition',
  'roomRadiusMeters',
  'excusedCounts',
  'rateBy',
  'requiredPercent',
  'warnPercent',
  'roundingMinutes',
  'lessonUnitMinutes',
  'lateArrivalsCountFrom',
  'mailExcuses',
  'mailAbsences',
  'mailRateBelow',
  'assistantsMayMark',
  'assistantsMaySeeExcuses',
  'assistantsMayChangeSettings',
] as const satisfies readonly PolicyField[];

/** What teachers alone decide: an assistant gives themselves no more than they were given. */
const teacherFields: readonly PolicyField[] = [
  'assistantsMayMark',
  'assistantsMaySeeExcuses',
  'assistantsMayChangeSettings',
];

/** What decides about a single record, so that records are judged anew when it changes. */
const judgingFields: readonly PolicyField[] = ['graceMinutes', 'absentAfterMinutes', 'checkOutRequired'];

/** What is wrong with a field, as the key of its sentence; of a list, which entry it is. */
export type PolicyProblem = { key: 'settings.problem.allowedNetworks'; entry: string } | SimpleProblem;

export type SimpleProblem =
  | 'settings.problem.graceMinutes'
  | 'settings.problem.absentAfterMinutes'
  | 'settings.problem.absent-within-grace'
  | 'settings.problem.requiredPercent'
  | 'settings.problem.warnPercent'
  | 'settings.problem.warn-not-above'
  | 'settings.problem.codeSeconds'
  | 'settings.problem.roomPosition'
  | 'settings.problem.roomRadiusMeters'
  | 'settings.problem.choice';

export type PolicyProblems = Partial<Record<PolicyField, PolicyProblem>>;

/** Numbers that are possible each by itself, and not together. */
export function findContradictions(
  policy: Pick<PolicyInput, 'graceMinutes' | 'absentAfterMinutes' | 'requiredPercent' | 'warnPercent'>,
): PolicyProblems {
  const { graceMinutes, absentAfterMinutes, requiredPercent, warnPercent } = policy;
  const problems: PolicyProblems = {};
  if (absentAfterMinutes !== null && absentAfterMinutes <= graceMinutes) {
    problems.absentAfterMinutes = 'settings.problem.absent-within-grace';
  }
  if (warnPercent !== null && warnPercent <= requiredPercent) {
    problems.warnPercent = 'settings.problem.warn-not-above';
  }
  return problems;
}

/** The fields in which two policies differ, in the order of the page. */
export function changedFields(before: PolicyInput, after: PolicyInput): PolicyField[] {
  return policyFields.filter((field) => before[field] !== after[field]);
}

/** Whether something among these fields is for teachers alone to decide. */
export function areForTeachers(fields: readonly PolicyField[]): boolean {
  return fields.some((field) => teacherFields.includes(field));
}

/** Whether a change of these fields makes records to be judged anew; the others change what is counted of them. */
export function decideAboutRecords(fields: readonly PolicyField[]): boolean {
  return fields.some((field) => judgingFields.includes(field));
}

/** Some fields of a policy, such as an audit event tells them. */
export function pickFields(policy: PolicyInput, fields: readonly PolicyField[]): Partial<PolicyInput> {
  return Object.fromEntries(fields.map((field) => [field, policy[field]]));
}

/**
 * What has to be kept for a policy to hold: where it says the same as what stands above it, nothing, so that it goes on
 * following.
 *
 * @param above what holds where nothing is kept
 */
export function keepDifferences(wanted: PolicyInput, above: PolicyInput): Partial<CoursePolicy> {
  return pickFields(wanted, changedFields(above, wanted));
}

/** A rate or a standing, before and after. */
interface Change<Value> {
  before: Value;
  after: Value;
}

export interface ChangedRecord {
  meetingId: string;
  title: string | null;
  number: number;
  /** The wall clock's reading, "2026-11-28T09:00". */
  localStart: string;
  status: Change<Status>;
  provenMinutes: Change<number>;
  isOpen: Change<boolean>;
}

/** One student for whom another policy changes something. Rates are tenths of a percent, rounded down. */
export interface ChangedMember {
  membershipId: string;
  name: string;
  rate: Change<number | null> & {
    /** Exactly, it may rise or fall by less than is shown. */
    isSame: boolean;
  };
  standing: Change<JudgedMember['before']['standing']>;
  /** At most five of them. */
  records: ChangedRecord[];
  recordCount: number;
}

const maxToldRecords = 5;

/** Whether another policy leaves a member as they are: no record, no standing, and exactly the same rate. */
export function isSameMember({ before, after, records }: JudgedMember): boolean {
  return records.length === 0 && before.standing === after.standing && isSameRate(before.rate, after.rate);
}

function isSameRate(a: Rate | null, b: Rate | null): boolean {
  if (a === null || b === null) return a === b;
  return a.numerator * b.denominator === b.numerator * a.denominator;
}

/** What a teacher reads of a member for whom something changes: rates rounded down, and the first five records. */
export function tellMember({ membershipId, name, before, after, records }: JudgedMember): ChangedMember {
  const shown = (rate: Rate | null) => (rate === null ? null : tenthsOfPercent(rate));
  return {
    membershipId,
    name,
    rate: {
      before: shown(before.rate),
      after: shown(after.rate),
      isSame: isSameRate(before.rate, after.rate),
    },
    standing: { before: before.standing, after: after.standing },
    records: records.slice(0, maxToldRecords).map((record) => ({
      meetingId: record.meeting.id,
      title: record.meeting.title,
      number: record.meeting.number,
      localStart: record.meeting.localStart,
      status: { before: record.before.status, after: record.after.status },
      provenMinutes: { before: record.before.provenMinutes, after: record.after.provenMinutes },
      isOpen: { before: record.before.isOpen, after: record.after.isOpen },
    })),
    recordCount: records.length,
  };
}
