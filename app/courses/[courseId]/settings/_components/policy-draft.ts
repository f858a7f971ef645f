import { defaultPolicy } from '#lib/base/course-policy.ts';
import type { PolicyInput } from '#lib/settings/input.ts';
import type { PolicyField } from '#lib/settings/rules.ts';

export type NumberField =
  | 'graceMinutes'
  | 'absentAfterMinutes'
  | 'requiredPercent'
  | 'warnPercent'
  | 'codeSeconds'
  | 'roomRadiusMeters';
/** What may be left out; what was typed stays while it is. */
export type OptionalField = 'absentAfterMinutes' | 'warnPercent' | 'roomPosition';

/** A policy as its page holds it: numbers and the room's position as typed. */
export type PolicyDraft = Omit<PolicyInput, NumberField | 'roomPosition'> &
  Record<NumberField | 'roomPosition', string> & { isOn: Record<OptionalField, boolean> };

/** What is sent: a number that is none goes as it was typed, and is told at its field. */
export type EnteredPolicy = Omit<PolicyInput, NumberField> & Record<NumberField, number | string | null>;

/** What an optional number offers to begin with. */
const usualAbsentAfter = 30;
const usualWarningMargin = 5;

export function draftOf(policy: PolicyInput): PolicyDraft {
  const { graceMinutes, absentAfterMinutes, requiredPercent, warnPercent, roomPosition } = policy;
  return {
    ...policy,
    graceMinutes: String(graceMinutes),
    absentAfterMinutes: String(absentAfterMinutes ?? Math.max(usualAbsentAfter, graceMinutes + 1)),
    requiredPercent: String(requiredPercent),
    warnPercent: String(warnPercent ?? Math.min(100, requiredPercent + usualWarningMargin)),
    codeSeconds: String(policy.codeSeconds),
    roomPosition: roomPosition ?? '',
    roomRadiusMeters: String(policy.roomRadiusMeters),
    isOn: {
      absentAfterMinutes: absentAfterMinutes !== null,
      warnPercent: warnPercent !== null,
      roomPosition: roomPosition !== null,
    },
  };
}

export function enteredIn({ isOn, ...draft }: PolicyDraft): EnteredPolicy {
  const radius = numberIn(draft.roomRadiusMeters);
  return {
    ...draft,
    graceMinutes: numberIn(draft.graceMinutes),
    absentAfterMinutes: isOn.absentAfterMinutes ? numberIn(draft.absentAfterMinutes) : null,
    requiredPercent: numberIn(draft.requiredPercent),
    warnPercent: isOn.warnPercent ? numberIn(draft.warnPercent) : null,
    codeSeconds: numberIn(draft.codeSeconds),
    roomPosition: isOn.roomPosition ? draft.roomPosition : null,
    // Around no room at all, nobody has to mend it.
    roomRadiusMeters:
      isOn.roomPosition || typeof radius === 'number' ? radius : defaultPolicy.roomRadiusMeters,
  };
}

function numberIn(text: string): number | string {
  const trimmed = text.trim();
  return /^\d{1,6}$/.test(trimmed) ? Number(trimmed) : trimmed;
}

/** One field as another policy has it, the rest as it is. */
export function withFieldOf(draft: PolicyDraft, field: PolicyField, policy: PolicyInput): PolicyDraft {
  const other = draftOf(policy);
  const changed = { ...draft, [field]: other[field] };
  return isOptional(field) ? { ...changed, isOn: { ...draft.isOn, [field]: other.isOn[field] } } : changed;
}

function isOptional(field: PolicyField): field is OptionalField {
  return field === 'absentAfterMinutes' || field === 'warnPercent' || field === 'roomPosition';
}
