import type { CoursePolicy } from '../base/course-policy.ts';
import { minuteMs } from '../base/minute.ts';
import type { MessageKind, Role } from '../db/schema.ts';

const hourMs = 60 * minuteMs;

/** So long a decision waits before the student is told: one that is taken back meanwhile is not told. */
export const decisionRestMs = minuteMs;

/** So long after a meeting, and after the mark, an absence is told: until then teachers correct what they took. */
export const absenceRestMs = 4 * hourMs;

/** Absences that are older are not told any more, e.g. those of before the course wanted it. */
export const absenceNewsMs = 48 * hourMs;

/** Nor are those of meetings that were held longer ago, whatever changed in their registers since. */
export const absenceMeetingMs = 14 * 24 * hourMs;

/** Nobody is told of a low rate before so many meetings were expected of them: one missed of one is no rate. */
export const fewestMeetingsForRate = 3;

/** Rates are watched in courses that have held a meeting so lately. */
export const rateWatchMs = 14 * 24 * hourMs;

/** At most one digest in so long a time, for each who decides, and course. */
const digestMs = 3 * hourMs;

/** When the digest goes out that tells of what comes now: at the end of its stretch of three hours. */
export function digestDueAt(now: Date): Date {
  return new Date((Math.floor(now.getTime() / digestMs) + 1) * digestMs);
}

/** What was told is not told again: one mail a key, whichever process wants it, and however often. */
export const onceKeys = {
  decision: (excuseId: string, revision: number) => `excuse-decided:${excuseId}:${String(revision)}`,
  digest: (courseId: string, personId: string, dueAt: Date) =>
    `excuses-received:${courseId}:${personId}:${dueAt.toISOString()}`,
  absence: (meetingId: string, membershipId: string) => `marked-absent:${meetingId}:${membershipId}`,
  lowRate: (membershipId: string) => `rate-below:${membershipId}`,
};

/** Why a mail will not be sent any more. */
export type DropReason =
  /** No mail server is set up. */
  | 'no-server'
  /** No address, or none that a mail can be sent to; or the person is erased. */
  | 'no-address'
  /** They are not in the course any more, or the course's platform is switched off. */
  | 'no-place'
  | 'unsubscribed'
  /** The course does not want such mails any more. */
  | 'switched-off'
  /** What it would tell does not hold any more, or was told by another. */
  | 'outdated'
  /** The mail server will not take it for this recipient, now or later. */
  | 'refused'
  | 'given-up'
  /** It may have been sent: whoever sent it died or heard no answer. Nobody is sent the same mail twice. */
  | 'unclear';

/** Whom a mail is for, and where, as it stands when it is to be sent. */
export interface Recipient {
  email: string | null;
  isErased: boolean;
  /** Their place in the course: null where they have none, or one that has ended. */
  place: { role: Role; isTestUser: boolean } | null;
  isPlatformAdmitted: boolean;
  hasOptedOut: boolean;
}

/**
 * One address and nothing else. Mail programs read commas, brackets and line breaks as more than that, and a platform
 * may hand on whatever a person typed.
 */
const plainAddress = /^[^\s\p{Cc}"(),:;<>@[\\\]]{1,64}@[^\s\p{Cc}"(),:;<>@[\\\]]{1,255}$/u;

/** Whom each kind is for. Excuses are decided by teachers alone. */
const addresseeOf = {
  'excuse-decided': 'student',
  'excuses-received': 'teacher',
  'marked-absent': 'student',
  'rate-below': 'student',
} as const satisfies Record<MessageKind, Role>;

/** Whether a person may be written to, and wants it. */
export function decideRecipient(
  kind: MessageKind,
  { isErased, email, place, isPlatformAdmitted, hasOptedOut }: Recipient,
  policy: CoursePolicy,
): { kind: 'drop'; reason: DropReason } | { kind: 'write'; email: string } {
  const drop = (reason: DropReason) => ({ kind: 'drop' as const, reason });
  if (isErased || email === null || !plainAddress.test(email)) return drop('no-address');
  if (place === null || place.isTestUser || !isPlatformAdmitted) return drop('no-place');
  if (place.role !== addresseeOf[kind]) return drop('no-place');
  if (!wantsMails(kind, policy)) return drop('switched-off');
  return hasOptedOut ? drop('unsubscribed') : { kind: 'write', email };
}

/** Whether a course wants mails of a kind. */
function wantsMails(kind: MessageKind, policy: CoursePolicy): boolean {
  if (kind === 'marked-absent') return policy.mailAbsences;
  return kind === 'rate-below' ? policy.mailRateBelow : policy.mailExcuses;
}

/** So long a mail is taken by the process that makes its words. */
export const takenForMs = 10 * minuteMs;

const longestWaitMs = 6 * hourMs;
const mostAttempts = 12;

/**
 * So long until a mail is tried again, after so many attempts: a minute, four, sixteen … up to six hours; undefined
 * after two days, when it is given up.
 */
export function waitAfter(attempts: number): number | undefined {
  if (attempts >= mostAttempts) return undefined;
  return Math.min(minuteMs * 4 ** (attempts - 1), longestWaitMs);
}

/**
 * What the server made of a mail. `away`: it is not there, or takes nothing at the moment; the next mail would fare no
 * better. `later`: not this mail, and not now. `unclear`: it had the mail when the connection ended.
 */
export type Delivery = 'sent' | 'refused' | 'later' | 'away' | 'unclear';

/** What a failed attempt tells. */
export interface Failure {
  /** The server's answer, e.g. 550; undefined: it gave none. */
  responseCode: number | undefined;
  /** What was said to it: `RCPT TO`, `DATA`, `CONN` …; `API`: nothing was. */
  command: string | undefined;
  /** Whether it had begun to take the mail itself. */
  wasHandedOver: boolean;
}

export function judgeFailure({ responseCode, command, wasHandedOver }: Failure): Exclude<Delivery, 'sent'> {
  const isAboutMail = command === 'RCPT TO' || command === 'DATA';
  if (responseCode !== undefined) {
    if (!isAboutMail || responseCode === 421) return 'away';
    return responseCode >= 500 ? 'refused' : 'later';
  }
  return wasHandedOver ? 'unclear' : 'away';
}
