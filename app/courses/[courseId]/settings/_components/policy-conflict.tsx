'use client';

import { policyFields } from '#lib/settings/rules.ts';
import { useTranslate } from '../../../../_components/language.tsx';
import { VersionConflict } from '../../_components/version-conflict.tsx';
import type { EnteredPolicy } from './policy-draft.ts';
import { spellField } from './policy-words.ts';

/** Both versions side by side where they differ; one click decides. */
export function PolicyConflict({
  yours,
  theirs,
  onKeep,
  onTake,
}: {
  yours: EnteredPolicy;
  theirs: EnteredPolicy;
  onKeep: () => void;
  onTake: () => void;
}) {
  const t = useTranslate();
  return (
    <VersionConflict
      title={t('settings.conflict.title')}
      rows={policyFields.map((field) => ({
        label: t(`settings.${field}.label`),
        yours: spellField(yours, field, t),
        theirs: spellField(theirs, field, t),
      }))}
      onKeep={onKeep}
      onTake={onTake}
    />
  );
}
