'use client';

import { Undo2 } from 'lucide-react';
import { memo } from 'react';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { StatusLabel, statusStyles } from '../../../../../_components/status.tsx';
import type { RegisterRow as Row } from '#lib/attendance/load-register.ts';
import { formatMinutes, formatTimeRange } from '#lib/i18n/format.ts';
import { saysTeacher } from './use-marks.ts';
import type { MarkState, Wanted } from './use-marks.ts';

/** In the order of the buttons. */
const wantedStatuses = ['present', 'absent', 'excused'] as const;

interface Props {
  row: Row;
  endsAt: string;
  timeZone: string;
  mark: MarkState | undefined;
  /** Which button takes part in the tab order; undefined in all rows but one. */
  tabStop: number | undefined;
  onMark: (row: Row, wanted: Wanted) => void;
  onDismiss: (membershipId: string) => void;
}

/** One member. Buttons stay in place whatever is known, so that nothing moves under the pointer. */
export const RegisterRow = memo(function RegisterRow({
  row,
  endsAt,
  timeZone,
  mark,
  tabStop,
  onMark,
  onDismiss,
}: Props) {
  const t = useTranslate();
  const { record, name, sections, membershipId } = row;
  const isPending = mark?.kind === 'pending';
  // What is being entered is shown at once; what became of it follows.
  const status = (isPending ? mark.wanted : null) ?? record?.status ?? 'untaken';
  const span = record?.spans[0];
  const times =
    span === undefined
      ? undefined
      : formatTimeRange(new Date(span.from), new Date(span.to ?? endsAt), timeZone, t.language);

  return (
    <tr
      role="row"
      data-membership={membershipId}
      aria-busy={isPending}
      className="border-b border-line align-middle last:border-b-0 max-sm:grid max-sm:grid-cols-[1fr_auto] max-sm:gap-x-3 max-sm:gap-y-1 max-sm:py-2"
    >
      <th role="rowheader" scope="row" className="px-3 py-2 text-left font-medium max-sm:p-0">
        <span className="[overflow-wrap:anywhere]">{name}</span>
        {sections.length > 0 && (
          <span className="block text-sm font-normal text-quiet">{sections.join(', ')}</span>
        )}
        {record !== null && record.note !== null && record.note !== '' && (
          <span className="block text-sm font-normal text-quiet italic">{record.note}</span>
        )}
      </th>
      <td role="gridcell" className="px-3 py-2 whitespace-nowrap max-sm:p-0 max-sm:text-right">
        <StatusLabel status={status} word={t(`status.${status}`)} />
      </td>
      <td role="gridcell" className="px-3 py-2 whitespace-nowrap max-sm:p-0 max-sm:text-sm">
        <span className="tabular-nums">{times}</span>
        {record !== null && (
          <span className="block text-sm text-quiet">{t(`register.source.${record.source}`)}</span>
        )}
      </td>
      <td
        role="gridcell"
        className="px-3 py-2 text-right whitespace-nowrap tabular-nums max-sm:p-0 max-sm:text-sm"
      >
        {record !== null && record.provenMinutes > 0 && formatMinutes(record.provenMinutes)}
      </td>
      <td role="gridcell" className="px-3 py-2 max-sm:col-span-2 max-sm:p-0">
        <div
          role="group"
          aria-label={t('register.mark.group', { name })}
          className="flex justify-end gap-1 max-sm:justify-start"
        >
          {wantedStatuses.map((wanted, column) => {
            const { Icon, soft } = statusStyles[wanted];
            const isPressed = isPending ? mark.wanted === wanted : saysTeacher(record, wanted);
            return (
              <button
                key={wanted}
                type="button"
                data-column={column}
                tabIndex={tabStop === column ? 0 : -1}
                aria-pressed={isPressed}
                aria-disabled={isPending}
                aria-label={t(`register.mark.${wanted}`)}
                title={t(`register.mark.${wanted}`)}
                onClick={() => {
                  if (!isPending && !saysTeacher(record, wanted)) onMark(row, wanted);
                }}
                className={`grid size-9 place-items-center rounded-sm border ${
                  isPressed
                    ? `border-current ${soft}`
                    : 'border-line text-quiet hover:border-edge hover:bg-sunken'
                }`}
              >
                <Icon aria-hidden className="size-4.5" />
              </button>
            );
          })}
          <button
            type="button"
            data-column={3}
            tabIndex={tabStop === 3 ? 0 : -1}
            aria-disabled={isPending}
            aria-label={t('register.mark.undo')}
            title={t('register.mark.undo')}
            onClick={() => {
              if (!isPending) onMark(row, null);
            }}
            className={`grid size-9 place-items-center rounded-sm text-quiet hover:bg-sunken ${
              record?.source === 'teacher' ? '' : 'invisible'
            }`}
          >
            <Undo2 aria-hidden className="size-4.5" />
          </button>
        </div>
        {mark !== undefined && (mark.kind === 'conflict' || mark.kind === 'failed') && (
          <Trouble
            row={row}
            mark={mark}
            onAgain={() => {
              onMark(row, mark.wanted);
            }}
            onDismiss={() => {
              onDismiss(membershipId);
            }}
          />
        )}
      </td>
    </tr>
  );
});

/** What stands there, what was wanted, and the two ways on. */
function Trouble({
  row: { record },
  mark,
  onAgain,
  onDismiss,
}: {
  row: Row;
  mark: Extract<MarkState, { kind: 'conflict' | 'failed' }>;
  onAgain: () => void;
  onDismiss: () => void;
}) {
  const t = useTranslate();
  const word = (status: Wanted | NonNullable<Row['record']>['status']) =>
    status === null ? t('register.conflict.nothing') : t(`status.${status}`);
  const sentence =
    mark.kind === 'conflict'
      ? `${t('register.conflict.now', { status: word(record?.status ?? null) })} ${t('register.conflict.wanted', { status: word(mark.wanted) })}`
      : mark.code === 'offline'
        ? t('register.failed.offline')
        : t(`errors.${mark.code}.title`);
  return (
    <div role="alert" className="mt-2 max-w-xs rounded-sm bg-warning-soft p-2 text-sm sm:ml-auto">
      <p>{sentence}</p>
      <div className="mt-1 flex flex-wrap gap-1">
        <button type="button" className={buttonStyle({ kind: 'second', size: 'small' })} onClick={onAgain}>
          {t(mark.kind === 'conflict' ? 'register.conflict.enter' : 'register.failed.retry')}
        </button>
        <button type="button" className={buttonStyle({ kind: 'quiet', size: 'small' })} onClick={onDismiss}>
          {t(mark.kind === 'conflict' ? 'register.conflict.keep' : 'register.failed.dismiss')}
        </button>
      </div>
    </div>
  );
}
