'use client';

import { ArrowRight, CircleDashed, Pencil, Plus, TriangleAlert } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { useId, useState } from 'react';
import { buttonStyle } from '../../../../_components/button.tsx';
import { useTranslate } from '../../../../_components/language.tsx';
import type { ToldImport, ToldRow } from './tell-import.ts';

const looks: Record<Exclude<ToldRow['kind'], 'unchanged'>, { Icon: LucideIcon; style: string }> = {
  new: { Icon: Plus, style: 'bg-present-soft text-present' },
  changed: { Icon: Pencil, style: 'bg-excused-soft text-excused' },
  problem: { Icon: TriangleAlert, style: 'bg-absent-soft text-absent' },
  'left-out': { Icon: CircleDashed, style: 'bg-untaken-soft text-untaken' },
};

/** What a file would do, row by row, with a tick at each that it may do. */
export function ImportRows({
  preview,
  from,
  isBusy,
  onImport,
  onOther,
}: {
  preview: ToldImport;
  from: string;
  isBusy: boolean;
  onImport: (marks: readonly string[]) => void;
  onOther: () => void;
}) {
  const t = useTranslate();
  const heading = useId();
  const marks = preview.rows.flatMap(({ mark }) => (mark === null ? [] : [mark]));
  const [ticked, setTicked] = useState<ReadonlySet<string>>(
    () => new Set(preview.rows.flatMap(({ mark, isTicked }) => (mark !== null && isTicked ? [mark] : []))),
  );
  const shown = preview.rows.filter(({ kind }) => kind !== 'unchanged');
  const unchanged = preview.rows.filter(({ kind }) => kind === 'unchanged');

  function tick(mark: string, isTicked: boolean) {
    setTicked((before) => {
      const after = new Set(before);
      if (isTicked) after.add(mark);
      else after.delete(mark);
      return after;
    });
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy && ticked.size > 0) onImport([...ticked]);
      }}
    >
      <p className="mt-2 font-medium break-words">{t('import.of', { name: from })}</p>
      <p role="status">{preview.summary}</p>
      <p className="text-sm text-quiet">{t('import.zone', { zone: preview.timeZone })}</p>
      <h2 id={heading} className="sr-only">
        {t('import.rows')}
      </h2>
      {marks.length === 0 && shown.length === 0 && <p className="mt-4">{t('import.nothing')}</p>}
      {marks.length > 1 && (
        <div className="mt-3 flex flex-wrap gap-2">
          <button
            type="button"
            onClick={() => {
              setTicked(new Set(marks));
            }}
            className={buttonStyle({ kind: 'quiet', size: 'small' })}
          >
            {t('import.all')}
          </button>
          <button
            type="button"
            onClick={() => {
              setTicked(new Set());
            }}
            className={buttonStyle({ kind: 'quiet', size: 'small' })}
          >
            {t('import.none')}
          </button>
        </div>
      )}
      {shown.length > 0 && (
        <ul aria-labelledby={heading} className="mt-2 border-t border-line">
          {shown.map((row, at) => (
            <Row
              key={row.mark ?? `row ${String(at)}`}
              row={row}
              isTicked={row.mark !== null && ticked.has(row.mark)}
              onTick={tick}
            />
          ))}
        </ul>
      )}
      {unchanged.length > 0 && (
        <details className="mt-3">
          <summary className="cursor-pointer py-1 text-quiet">
            {t('import.unchanged', { count: unchanged.length })}
          </summary>
          <ul>
            {unchanged.map(({ line, when, name }) => (
              <li key={line + (when ?? '')} className="py-1 pl-4 text-quiet">
                <span className="tabular-nums">{when}</span> {name}
              </li>
            ))}
          </ul>
        </details>
      )}
      <div className="sticky bottom-0 mt-4 flex flex-wrap gap-3 border-t border-line bg-ground py-3">
        {marks.length > 0 && (
          <button
            type="submit"
            aria-disabled={isBusy || ticked.size === 0}
            className={`${buttonStyle({ kind: 'primary' })} ${ticked.size === 0 ? 'opacity-55' : ''}`}
          >
            {isBusy ? t('import.going') : t('import.go', { count: ticked.size })}
          </button>
        )}
        <button type="button" onClick={onOther} className={buttonStyle({ kind: 'second' })}>
          {t('import.other')}
        </button>
      </div>
    </form>
  );
}

function Row({
  row,
  isTicked,
  onTick,
}: {
  row: ToldRow;
  isTicked: boolean;
  onTick: (mark: string, isTicked: boolean) => void;
}) {
  const t = useTranslate();
  const { kind, mark, line, when, name, where, changes, remarks } = row;
  const { Icon, style } = looks[kind === 'unchanged' ? 'left-out' : kind];
  const words = (
    <>
      {when !== null && <span className="mr-1.5 font-medium tabular-nums">{when}</span>} <bdi>{name}</bdi>
      {where !== null && (
        <span className="text-quiet">
          {' · '}
          <bdi className="break-all">{where}</bdi>
        </span>
      )}
    </>
  );
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 border-b border-line py-2.5">
      {mark === null ? (
        <p className="min-w-0 flex-1 basis-60 pl-8 break-words">{words}</p>
      ) : (
        <label className="flex min-w-0 flex-1 basis-60 cursor-pointer gap-3 break-words">
          <input
            type="checkbox"
            checked={isTicked}
            onChange={(event) => {
              onTick(mark, event.target.checked);
            }}
            className="mt-0.5 size-5 shrink-0 accent-brand"
          />
          <span className="min-w-0">{words}</span>
        </label>
      )}
      <span className="flex shrink-0 items-center gap-3 pl-8 text-sm text-quiet sm:pl-0">
        {line}
        <span className={`inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 font-medium ${style}`}>
          <Icon aria-hidden className="size-4 shrink-0" />
          {t(`import.kind.${kind}`)}
        </span>
      </span>
      {changes.length > 0 && (
        <dl className="w-full pl-8 text-sm">
          {changes.map(({ field, before, after }) => (
            <div key={field} className="flex flex-wrap items-center gap-x-2">
              <dt className="font-medium">{field}:</dt>
              <dd className="flex min-w-0 flex-wrap items-center gap-x-2 break-words">
                <span className="sr-only">{t('import.was')}</span>
                <s className="text-quiet">
                  <bdi>{before}</bdi>
                </s>
                <ArrowRight aria-hidden className="size-4 shrink-0 text-quiet" />
                <span className="sr-only">{t('import.becomes')}</span>
                <bdi>{after}</bdi>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {remarks.map((remark) => (
        <p key={remark} className={`w-full pl-8 text-sm ${kind === 'left-out' ? 'text-quiet' : 'text-late'}`}>
          {remark}
        </p>
      ))}
    </li>
  );
}
