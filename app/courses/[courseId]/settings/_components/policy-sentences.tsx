'use client';

import type { ReactNode } from 'react';
import { useTranslate } from '../../../../_components/language.tsx';
import type { PolicyEditor } from './policy-editor.ts';
import { NetworksSentence, RoomSentence } from './evidence-sentences.tsx';
import { ChoiceSentence, NumberSentence, OptionalSentence, YesSentence } from './sentence.tsx';

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className="mb-6">
      <legend className="mb-1 text-lg font-semibold">{title}</legend>
      {children}
    </fieldset>
  );
}

/** The policy as sentences with fields in them. */
export function PolicySentences({
  editor,
  mayChange,
  mayChangeAssistants,
  sendsMails,
}: {
  editor: PolicyEditor;
  mayChange: boolean;
  mayChangeAssistants: boolean;
  sendsMails: boolean;
}) {
  const t = useTranslate();
  const common = { editor, isDisabled: !mayChange };
  const ofTeachers = { editor, isDisabled: !mayChange || !mayChangeAssistants };
  return (
    <>
      <Group title={t('settings.group.presence')}>
        <NumberSentence {...common} field="graceMinutes" />
        <OptionalSentence {...common} field="absentAfterMinutes" />
        <YesSentence {...common} field="autoAbsent" />
      </Group>
      <Group title={t('settings.group.check-in')}>
        <ChoiceSentence {...common} field="checkOutRequired" hint={t('settings.checkOutRequired.hint')} />
        <NumberSentence {...common} field="codeSeconds" hint={t('settings.codeSeconds.hint')} />
      </Group>
      <Group title={t('settings.group.evidence')}>
        <p className="mb-1 text-quiet">{t('settings.evidence.lead')}</p>
        <NetworksSentence {...common} />
        <RoomSentence {...common} />
      </Group>
      <Group title={t('settings.group.counting')}>
        <ChoiceSentence {...common} field="rateBy" />
        <ChoiceSentence {...common} field="excusedCounts" />
        <NumberSentence {...common} field="requiredPercent" />
        <OptionalSentence {...common} field="warnPercent" />
        <ChoiceSentence {...common} field="roundingMinutes" />
        <ChoiceSentence {...common} field="lessonUnitMinutes" />
        <ChoiceSentence
          {...common}
          field="lateArrivalsCountFrom"
          hint={t('settings.lateArrivalsCountFrom.hint')}
        />
      </Group>
      <Group title={t('settings.group.mails')}>
        <p className="mb-1 text-quiet">
          {t(sendsMails ? 'settings.mails.lead' : 'settings.mails.no-server')}
        </p>
        <YesSentence {...common} field="mailExcuses" />
        <YesSentence {...common} field="mailAbsences" />
        <YesSentence {...common} field="mailRateBelow" />
      </Group>
      <Group title={t('settings.group.assistants')}>
        {mayChange && !mayChangeAssistants && (
          <p className="text-quiet">{t('settings.assistants.teachers-only')}</p>
        )}
        <YesSentence {...ofTeachers} field="assistantsMayMark" />
        <YesSentence {...ofTeachers} field="assistantsMaySeeExcuses" />
        <YesSentence {...ofTeachers} field="assistantsMayChangeSettings" />
      </Group>
    </>
  );
}
