import type { MessageKey, Translate } from '#lib/i18n/translate.ts';
import type { PolicyField } from '#lib/settings/rules.ts';
import type { EnteredPolicy } from './policy-draft.ts';

export const choicesOf = {
  excusedCounts: ['exempt', 'absent', 'present'],
  rateBy: ['minutes', 'meetings'],
  roundingMinutes: [0, 5, 15],
  lessonUnitMinutes: [45, 60],
  lateArrivalsCountFrom: ['first-seen', 'course-start'],
  checkOutRequired: [false, true],
} as const satisfies Partial<{ [Field in PolicyField]: readonly EnteredPolicy[Field][] }>;

export type ChoiceField = keyof typeof choicesOf;

function isChoiceField(field: PolicyField): field is ChoiceField {
  return Object.hasOwn(choicesOf, field);
}

/** A field's value in words, away from its sentence: "5", "never", "counts as missed". */
export function spellField(policy: EnteredPolicy, field: PolicyField, t: Translate): string {
  const value = policy[field];
  if (field === 'roomPosition' && value === null) return t('settings.roomPosition.off');
  if (field === 'allowedNetworks' && value === '') return t('settings.allowedNetworks.any');
  if (value === null) return t('settings.never');
  if (isChoiceField(field)) return t(`settings.${field}.${String(value)}` as MessageKey);
  return typeof value === 'boolean' ? t(value ? 'settings.yes' : 'settings.no') : String(value);
}
