/** How long what is kept, in days. An institution overrides our defaults. */
export interface RetentionPolicy {
  /** Documents of an excuse, after it was decided. One that was withdrawn loses them at once. */
  excuseDocumentDays: number;
  /** What a student wrote, and the decider's note, after the decision. Reason, days and decision stay. */
  excuseTextDays: number;
  /** What a check-in tells of phones, browsers, networks and places, after the meeting. The check-in itself stays. */
  evidenceDays: number;
  /** That a mail was sent. */
  messageDays: number;
  /** Name and addresses of people, after their last course has seen the last of them. Records stay, and name nobody. */
  personDays: number;
}

export const defaultRetention: Readonly<RetentionPolicy> = {
  excuseDocumentDays: 30,
  excuseTextDays: 365,
  evidenceDays: 180,
  messageDays: 90,
  personDays: 3650,
};

export type RetentionField = keyof RetentionPolicy;
export const retentionFields = Object.keys(defaultRetention) as RetentionField[];

/** An excuse that nobody has decided keeps its words and documents for so many days at least. */
export const undecidedDays = 365;

/** What an institution says, else our defaults. */
export function resolveRetention(institution: Partial<RetentionPolicy>): RetentionPolicy {
  return { ...defaultRetention, ...institution };
}
