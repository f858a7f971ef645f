import type { PolicyInput } from '#lib/settings/input.ts';
import type { PolicyField } from '#lib/settings/rules.ts';

type NumberField = 'graceMinutes' | 'absentAfterMinutes' | 'requiredPercent' | 'warnPercent';
/** Numbers that may be left out; what was typed stays while they are. */
export type OptionalNumber = 'absentAfterMinutes' | 'warnPercent';

/** A policy as its page holds it: numbers as typed. */
export type PolicyDraft = Omit<PolicyInput, NumberField> &
  Record<NumberField, string> & { isOn: Record<OptionalNumber, boolean> };

/** What is sent: a number that is none goes as it was typed, and is told at its field. */
export type EnteredPolicy = Omit<PolicyInput, NumberField> & Record<NumberField, number | string | null>;

/** What an optional number offers to begin with. */
const usualAbsentAfter = 30;
const usualWarningMargin = 5;

export function draftOf(policy: PolicyInput): PolicyDraft {
  const { graceMinutes, absentAfterMinutes, requiredPercent, warnPercent } = policy;
  return {
    ...policy,
    graceMinutes: String(graceMinutes),
    absentAfterMinutes: String(absentAfterMinutes ?? Math.max(usualAbsentAfter, graceMinutes + 1)),
    requiredPercent: String(requiredPercent),
    warnPercent: String(warnPercent ?? Math.min(100, requiredPercent + usualWarningMargin)),
    isOn: { absentAfterMinutes: absentAfterMinutes !== null, warnPercent: warnPercent !== null },
  };
}

export function enteredIn({ isOn, ...draft }: PolicyDraft): EnteredPolicy {
  return {
    ...draft,
    graceMinutes: numberIn(draft.graceMinutes),
    absentAfterMinutes: isOn.absentAfterMinutes ? numberIn(draft.absentAfterMinutes) : null,
    requiredPercent: numberIn(draft.requiredPercent),
    warnPercent: isOn.warnPercent ? numberIn(draft.warnPercent) : null,
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
  return field === 'absentAfterMinutes' || field === 'warnPercent'
    ? { ...changed, isOn: { ...draft.isOn, [field]: other.isOn[field] } }
    : changed;
}
