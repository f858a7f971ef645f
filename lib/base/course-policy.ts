/** How a course counts attendance. A course overrides its institution's defaults, they override ours. */
export interface CoursePolicy {
  /** Coming or leaving within so many minutes of start or end counts as being there from start, to end. */
  graceMinutes: number;
  /** Whoever comes later than so many minutes after the start is `absent`; the minutes still count. Null: nobody. */
  absentAfterMinutes: number | null;
  /** Closing a register marks everybody who is not taken yet as absent. */
  autoAbsent: boolean;
  /** Excused time is left out of the rate, or counts as missed, or as attended. */
  excusedCounts: 'exempt' | 'absent' | 'present';
  lessonUnitMinutes: 45 | 60;
  /** The rate that is required, in whole percent. */
  requiredPercent: number;
  /** Below this rate a member is shown as at risk; null: only below the required one. */
  warnPercent: number | null;
  /** Counted minutes go down to whole steps of this; 0: as proven. */
  roundingMinutes: 0 | 5 | 15;
  /** Without a check-out a check-in proves nothing until a teacher decides. */
  checkOutRequired: boolean;
  /** How long a code stands on the wall before the next one, in seconds: 5 to 60. */
  codeSeconds: number;
  /** Networks from which check-ins are expected (CIDR, parted by spaces): evidence, never a barrier. Empty: any. */
  allowedNetworks: string;
  /** Where the room is ("52.52003, 13.40495"): phones are asked how far they are, and may say no. Null: not asked. */
  roomPosition: string | null;
  /** Up to how far from it counts as near, in metres. */
  roomRadiusMeters: number;
  /** From when a member is expected who comes after the first roster. */
  lateArrivalsCountFrom: 'first-seen' | 'course-start';
  rateBy: 'minutes' | 'meetings';
  assistantsMayMark: boolean;
  assistantsMaySeeExcuses: boolean;
  assistantsMayChangeSettings: boolean;
  /** Mails to students when an excuse is decided, and to teachers when some wait. */
  mailExcuses: boolean;
  /** Mails to students who were marked absent. */
  mailAbsences: boolean;
  /** One mail to a student whose rate has fallen below what is required. */
  mailRateBelow: boolean;
}

export const defaultPolicy: Readonly<CoursePolicy> = {
  graceMinutes: 5,
  absentAfterMinutes: null,
  autoAbsent: false,
  excusedCounts: 'exempt',
  lessonUnitMinutes: 45,
  requiredPercent: 80,
  warnPercent: null,
  roundingMinutes: 0,
  checkOutRequired: false,
  codeSeconds: 10,
  allowedNetworks: '',
  roomPosition: null,
  roomRadiusMeters: 200,
  lateArrivalsCountFrom: 'first-seen',
  rateBy: 'minutes',
  assistantsMayMark: true,
  assistantsMaySeeExcuses: false,
  assistantsMayChangeSettings: false,
  mailExcuses: true,
  mailAbsences: false,
  mailRateBelow: true,
};

/** What holds in a course: its own word, else its institution's, else ours. */
export function resolvePolicy(
  institution: Partial<CoursePolicy>,
  course: Partial<CoursePolicy>,
): CoursePolicy {
  return { ...defaultPolicy, ...institution, ...course };
}

/** What a course has to say itself to go on as before, when another institution comes to stand above it. */
export function differencesBetween(
  institution: Partial<CoursePolicy>,
  other: Partial<CoursePolicy>,
): Partial<CoursePolicy> {
  const [before, after] = [resolvePolicy(institution, {}), new Map(Object.entries(resolvePolicy(other, {})))];
  return Object.fromEntries(Object.entries(before).filter(([field, value]) => after.get(field) !== value));
}
