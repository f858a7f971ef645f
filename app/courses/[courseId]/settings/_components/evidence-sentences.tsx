'use client';

import { LocateFixed } from 'lucide-react';
import { useState } from 'react';
import { TextArea, TextField } from 'react-aria-components';
import { spellPosition } from '#lib/base/positions.ts';
import { buttonStyle } from '../../../../_components/button.tsx';
import { useTranslate } from '../../../../_components/language.tsx';
import type { PolicyEditor } from './policy-editor.ts';
import { Around, NumberSentence, OptionalSentence, Under, useIds } from './sentence.tsx';

interface Props {
  editor: PolicyEditor;
  isDisabled: boolean;
}

/** From which networks check-ins are expected. */
export function NetworksSentence({ editor, isDisabled }: Props) {
  const t = useTranslate();
  const ids = useIds();
  const field = 'allowedNetworks';
  return (
    <div data-sentence className="py-1.5">
      <Around id={ids.sentence} field={field}>
        <TextField
          name={field}
          aria-label={t('settings.allowedNetworks.label')}
          aria-describedby={`${ids.sentence} ${ids.problem}`}
          isDisabled={isDisabled}
          isInvalid={editor.problems[field] !== undefined}
          validationBehavior="aria"
          value={editor.draft[field]}
          onChange={(value) => {
            editor.change((before) => ({ ...before, [field]: value }));
          }}
        >
          <TextArea
            rows={1}
            autoComplete="off"
            spellCheck={false}
            className="field-sizing-content max-h-48 min-h-8 w-full resize-y rounded-sm border border-edge bg-paper px-2 py-0.5 leading-6 font-medium tabular-nums data-[disabled]:border-line data-[disabled]:bg-sunken data-[invalid]:border-danger"
          />
        </TextField>
      </Around>
      <Under
        field={field}
        editor={editor}
        isDisabled={isDisabled}
        problemId={ids.problem}
        hint={
          <>
            {t('settings.allowedNetworks.hint')}
            {editor.ownAddress !== null && (
              <> {t('settings.allowedNetworks.own', { address: editor.ownAddress })}</>
            )}
          </>
        }
      />
    </div>
  );
}

/** Whether phones ask how far they are from the room, and where that is. */
export function RoomSentence(props: Props) {
  const t = useTranslate();
  const { editor, isDisabled } = props;
  return (
    <>
      <OptionalSentence {...props} field="roomPosition" hint={t('settings.roomPosition.hint')}>
        {!isDisabled && <UseOwnPosition editor={editor} />}
      </OptionalSentence>
      {editor.draft.isOn.roomPosition && (
        <div className="pl-7.5">
          <NumberSentence {...props} field="roomRadiusMeters" />
        </div>
      )}
    </>
  );
}

const patienceMs = 15_000;

/** Fills in where the teacher stands, when the browser tells it. */
function UseOwnPosition({ editor }: Pick<Props, 'editor'>) {
  const t = useTranslate();
  const [search, setSearch] = useState<
    { kind: 'idle' | 'looking' | 'failed' } | { kind: 'found'; accuracyMeters: number }
  >({ kind: 'idle' });

  function look() {
    setSearch({ kind: 'looking' });
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setSearch({ kind: 'found', accuracyMeters: Math.ceil(coords.accuracy) });
        editor.change((before) => ({
          ...before,
          roomPosition: spellPosition(coords),
          isOn: { ...before.isOn, roomPosition: true },
        }));
      },
      () => {
        setSearch({ kind: 'failed' });
      },
      { enableHighAccuracy: true, timeout: patienceMs, maximumAge: 0 },
    );
  }

  return (
    <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1">
      <button
        type="button"
        aria-disabled={search.kind === 'looking'}
        onClick={search.kind === 'looking' ? undefined : look}
        className={`${buttonStyle({ kind: 'second', size: 'small' })} aria-disabled:cursor-default aria-disabled:opacity-55`}
      >
        <LocateFixed aria-hidden className="size-4" />
        {t('settings.roomPosition.locate')}
      </button>
      <p role="status" className="text-sm text-quiet">
        {search.kind === 'looking' && t('settings.roomPosition.looking')}
        {search.kind === 'failed' && t('settings.roomPosition.failed')}
        {search.kind === 'found' && t('settings.roomPosition.found', { meters: search.accuracyMeters })}
      </p>
    </div>
  );
}
