'use client';

import { Check, CloudOff, Flag, Pencil } from 'lucide-react';
import { memo } from 'react';
import { useTranslate } from '../../../../../_components/language.tsx';
import { StatusLabel } from '../../../../../_components/status.tsx';
import type { RegisterView } from '#lib/attendance/load-register.ts';
import { formatMinutes } from '#lib/i18n/format.ts';
import type { Judging } from './marks/mark-change.ts';
import { PressButtons } from './press-buttons.tsx';
import { statusOf } from './register-entry.ts';
import type { Entry, Press } from './register-entry.ts';
import { RowTrouble } from './row-trouble.tsx';
import { tellTimes } from './tell-record.ts';

/** Name, buttons, status with times, minutes, way to times and note; before them the box, where one may mark. */
export const rowGrid = {
  marking:
    'sm:grid sm:grid-cols-[2.25rem_minmax(0,1fr)_auto_10.5rem_2.25rem] md:grid-cols-[2.25rem_minmax(0,1fr)_auto_11rem_5.5rem_2.25rem]',
  reading:
    'sm:grid sm:grid-cols-[minmax(0,1fr)_11rem_2.25rem] md:grid-cols-[minmax(0,1fr)_11rem_5.5rem_2.25rem]',
} as const;

/** So many stretches of presence fit in a row; the others are counted. */
const shownStretches = 1;

export interface RowActions {
  onPress: (entry: Entry, press: Press) => void;
  onSelect: (entry: Entry, isRange: boolean) => void;
  onEdit: (entry: Entry) => void;
  onInsist: (entry: Entry) => void;
  onGiveUp: (entry: Entry) => void;
}

interface Props extends RowActions {
  entry: Entry;
  meeting: RegisterView['meeting'];
  judging: Judging;
  mayMark: boolean;
  /** The one row that takes part in the tab order. */
  isActive: boolean;
  isSelected: boolean;
  /** Its marks wait for the network or for a sign-in. */
  isWaiting: boolean;
}

/** One member. Everything keeps its place whatever is known, so that nothing moves under the pointer. */
export const RegisterRow = memo(function RegisterRow(props: Props) {
  const { entry, meeting, judging, mayMark, isActive, isSelected, isWaiting, ...actions } = props;
  const t = useTranslate();
  const { row, record, queued } = entry;
  const { membershipId, name } = row;
  const trouble = queued?.trouble ?? null;
  const status = statusOf(entry);
  const times = record === null ? [] : tellTimes(record, meeting, t);
  const minutes = record === null || record.provenMinutes === 0 ? '' : formatMinutes(record.provenMinutes);
  const isOpen = record?.isOpen === true;
  const [shown, more] = [times.slice(0, shownStretches).join(', '), times.length - shownStretches];
  const when =
    times.length > 0
      ? `${shown}${more > 0 ? ` +${String(more)}` : ''}`
      : status === 'present'
        ? t('register.whole')
        : '';
  return (
    <div
      role="row"
      data-membership={membershipId}
      tabIndex={isActive ? 0 : -1}
      aria-label={[
        name,
        t(`status.${status}`),
        times.join(', '),
        minutes,
        isWaiting ? t('register.unsaved.row') : '',
      ]
        .filter((part) => part !== '')
        .join(', ')}
      {...(mayMark ? { 'aria-selected': isSelected } : {})}
      className={`grid grid-cols-[2rem_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1.5 border-b border-line px-2 py-2 outline-offset-[-3px] [contain-intrinsic-size:auto_3.75rem] [content-visibility:auto] last:border-b-0 sm:min-h-15 sm:py-1.5 ${
        mayMark ? rowGrid.marking : `max-sm:grid-cols-[minmax(0,1fr)_auto_2.5rem] ${rowGrid.reading}`
      } ${isSelected ? 'bg-brand-soft' : 'hover:bg-sunken'}`}
    >
      {mayMark && (
        <div role="gridcell" className="grid place-items-center">
          <SelectBox
            isOn={isSelected}
            label={t('register.select.row', { name })}
            onToggle={(isRange) => {
              actions.onSelect(entry, isRange);
            }}
          />
        </div>
      )}
      <div role="rowheader" className="min-w-0">
        <span className="flex items-center gap-1.5 font-medium">
          <bdi
            className="min-w-0 truncate max-sm:line-clamp-2 max-sm:[overflow-wrap:anywhere] max-sm:whitespace-normal"
            title={name}
          >
            {name}
          </bdi>
          {record !== null && record.flags.length > 0 && (
            <span title={t('register.flag')} className="shrink-0 text-late">
              <Flag aria-hidden className="size-4" />
              <span className="sr-only">{t('register.flag')}</span>
            </span>
          )}
        </span>
        <Second entry={entry} />
      </div>
      {mayMark && (
        <div role="gridcell" className="max-sm:col-span-full max-sm:col-start-1 max-sm:row-start-2">
          <div role="group" aria-label={t('register.mark.group', { name })} className="flex gap-1">
            <PressButtons
              pressed={record?.status}
              inTabOrder={false}
              onPress={(press) => {
                actions.onPress(entry, press);
              }}
            />
          </div>
        </div>
      )}
      <div role="gridcell" className="min-w-0 max-sm:justify-self-end max-sm:text-right">
        <StatusLabel status={status} word={t(`status.${status}`)} />
        <span className="block min-h-5 truncate text-sm text-quiet tabular-nums">
          {isWaiting ? (
            <span className="inline-flex items-center gap-1 text-late">
              <CloudOff aria-hidden className="size-3.5 shrink-0" />
              {t('register.unsaved.row')}
            </span>
          ) : (
            <>
              <span title={times.join(', ')}>{when}</span>
              {minutes !== '' && <span className="md:hidden">{when === '' ? minutes : ` · ${minutes}`}</span>}
            </>
          )}
        </span>
      </div>
      <div role="gridcell" className="hidden text-right whitespace-nowrap tabular-nums md:block">
        {minutes}
      </div>
      <div
        role="gridcell"
        className={
          mayMark ? 'max-sm:col-start-3 max-sm:row-start-2 max-sm:justify-self-end' : 'max-sm:col-start-3'
        }
      >
        <button
          type="button"
          data-stop=""
          data-edit=""
          tabIndex={-1}
          aria-label={t('register.mark.edit', { name })}
          title={`${t('register.column.edit')} (F2)`}
          onClick={() => {
            actions.onEdit(entry);
          }}
          className="grid size-9 place-items-center rounded-sm text-quiet hover:bg-sunken max-sm:size-10"
        >
          <Pencil aria-hidden className="size-4.5" />
        </button>
      </div>
      {isOpen && (
        <p role="gridcell" className="col-span-full text-sm text-late sm:col-start-2">
          {t('register.open-record', { minutes: formatMinutes(record.provenMinutes) })}
        </p>
      )}
      {queued !== undefined && trouble !== null && (
        <div role="gridcell" className="col-span-full sm:col-start-2">
          <RowTrouble
            entry={entry}
            queued={queued}
            trouble={trouble}
            meeting={meeting}
            judging={judging}
            onInsist={() => {
              actions.onInsist(entry);
            }}
            onGiveUp={() => {
              actions.onGiveUp(entry);
            }}
          />
        </div>
      )}
    </div>
  );
});

/** Section, who is a guest here, and the note's beginning. */
function Second({ entry: { row, record } }: { entry: Entry }) {
  const t = useTranslate();
  const facts = [...row.sections, ...(row.isExpected ? [] : [t('register.guest')])];
  const note = record?.note ?? null;
  return (
    <span className="flex min-h-5 gap-1.5 text-sm text-quiet">
      {facts.length > 0 && <bdi className="max-w-full shrink-0 truncate">{facts.join(', ')}</bdi>}
      {note !== null && note !== '' && (
        <span dir="auto" className="min-w-0 truncate italic">
          {note}
        </span>
      )}
    </span>
  );
}

/** A box that Shift can stretch to a range. */
export function SelectBox({
  isOn,
  label,
  inTabOrder = false,
  onToggle,
}: {
  /** `some`: of those that it stands for. */
  isOn: boolean | 'some';
  label: string;
  inTabOrder?: boolean;
  onToggle: (isRange: boolean) => void;
}) {
  return (
    <button
      type="button"
      role="checkbox"
      data-stop=""
      tabIndex={inTabOrder ? 0 : -1}
      aria-checked={isOn === 'some' ? 'mixed' : isOn}
      aria-label={label}
      title={label}
      onClick={(event) => {
        onToggle(event.shiftKey);
      }}
      className="grid size-9 place-items-center rounded-sm select-none"
    >
      <span
        aria-hidden
        className={`grid size-5 place-items-center rounded-sm border ${
          isOn === false ? 'border-edge bg-paper' : 'border-brand bg-brand text-on-brand'
        }`}
      >
        {isOn === true && <Check className="size-4" />}
        {isOn === 'some' && <span className="h-0.5 w-2.5 bg-current" />}
      </span>
    </button>
  );
}
