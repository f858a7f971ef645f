'use client';

import { Check, ChevronDown } from 'lucide-react';
import { useState, useTransition } from 'react';
import type { SyntheticEvent } from 'react';
import {
  Button,
  ComboBox,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
} from 'react-aria-components';
import { buttonStyle } from '../../../../_components/button.tsx';
import { useTranslate } from '../../../../_components/language.tsx';
import { lostAnswer } from '../../../../_components/new-version.tsx';
import { saveTimeZone } from '../actions.ts';
import type { SavedTimeZone } from '../actions.ts';
import { tellError } from '#lib/i18n/tell-error.ts';

/** As one reads and types it: "America/New York". */
const spoken = (zone: string) => zone.replaceAll('_', ' ');

/** The zone in which new meetings are planned. */
export function TimeZoneForm({
  courseId,
  initial,
  timeZones,
  mayChange,
}: {
  courseId: string;
  initial: string;
  timeZones: readonly string[];
  mayChange: boolean;
}) {
  const t = useTranslate();
  const [saved, setSaved] = useState(initial);
  const [chosen, setChosen] = useState<string | null>(initial);
  const [answer, setAnswer] = useState<SavedTimeZone | { kind: 'unreachable' }>();
  const [isSaving, startSaving] = useTransition();

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isSaving) return;
    startSaving(async () => {
      try {
        const timeZone = chosen ?? '';
        const told = await saveTimeZone({ courseId, seen: saved, timeZone });
        setAnswer(told);
        if (told.kind === 'saved') setSaved(timeZone);
        if (told.kind === 'conflict') setSaved(told.theirs);
      } catch {
        setAnswer({ kind: 'unreachable' });
      }
    });
  }

  const problem = problemText();
  function problemText(): string | undefined {
    switch (answer?.kind) {
      case undefined:
      case 'saved':
        return undefined;
      case 'unknown':
        return t('settings.zone.problem');
      case 'conflict':
        return t('settings.zone.conflict', { zone: spoken(answer.theirs) });
      case 'unreachable':
        return t(lostAnswer('form.unreachable'));
      case 'refused':
        return tellError(answer.code, t);
    }
  }

  return (
    <section className="mt-8 border-t border-line pt-6">
      <h2 className="text-lg font-semibold">{t('settings.zone.title')}</h2>
      {!mayChange && <p>{spoken(saved)}</p>}
      <p className="max-w-2xl text-quiet">{t('settings.zone.lead')}</p>
      {mayChange && (
        <form onSubmit={submit} noValidate className="mt-3 flex flex-wrap items-end gap-3">
          <ComboBox
            className="w-80 max-w-full"
            value={chosen}
            defaultInputValue={spoken(initial)}
            defaultItems={timeZones.map((zone) => ({ id: zone, name: spoken(zone) }))}
            onChange={(key) => {
              setChosen(key === null ? null : String(key));
              setAnswer(undefined);
            }}
            isInvalid={problem !== undefined}
            validationBehavior="aria"
            menuTrigger="focus"
          >
            <Label className="mb-1 block font-medium">{t('settings.zone.label')}</Label>
            <div className="flex">
              <Input
                autoComplete="off"
                className="min-h-10 w-full rounded-l-sm border border-edge bg-paper px-3 py-2 data-[invalid]:border-danger"
              />
              <Button
                aria-label={t('settings.zone.open')}
                className="flex min-h-10 w-10 items-center justify-center rounded-r-sm border border-l-0 border-edge bg-paper"
              >
                <ChevronDown aria-hidden className="size-4" />
              </Button>
            </div>
            <FieldError className="mt-1 block text-sm font-medium text-danger">{problem}</FieldError>
            <Popover className="w-(--trigger-width) min-w-72 rounded-md border border-line bg-paper p-1 shadow-pop">
              <ListBox<{ id: string; name: string }>
                className="max-h-64 overflow-auto outline-none"
                renderEmptyState={() => <p className="px-2.5 py-1.5">{t('settings.zone.none')}</p>}
              >
                {({ name }) => (
                  <ListBoxItem
                    textValue={name}
                    className="flex min-h-9 cursor-pointer items-center gap-2 rounded-sm px-2.5 py-1.5 outline-none data-[focused]:bg-brand-soft"
                  >
                    {({ isSelected }) => (
                      <>
                        <Check aria-hidden className={`size-4 shrink-0 ${isSelected ? '' : 'invisible'}`} />
                        {name}
                      </>
                    )}
                  </ListBoxItem>
                )}
              </ListBox>
            </Popover>
          </ComboBox>
          <button type="submit" aria-disabled={isSaving} className={buttonStyle({ kind: 'second' })}>
            {t(isSaving ? 'form.saving' : 'settings.zone.save')}
          </button>
          <p role="status" className="basis-full">
            {answer?.kind === 'saved' && t('settings.zone.saved', { zone: spoken(saved) })}
          </p>
        </form>
      )}
    </section>
  );
}
