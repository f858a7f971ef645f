'use client';

import { Search, UsersRound } from 'lucide-react';
import { useCallback, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import type { RegisterRow as Row, RegisterView } from '#lib/attendance/load-register.ts';
import { Counters } from './counters.tsx';
import type { Filter } from './counters.tsx';
import { RegisterRow } from './register-row.tsx';
import { SaveState } from './save-state.tsx';
import { saysTeacher, useMarks } from './use-marks.ts';
import type { Answer, Wanted } from './use-marks.ts';

/** From so many members on, one looks for a name rather than reads. */
const searchFrom = 15;
const keyOfStatus: Partial<Record<string, Wanted>> = {
  p: 'present',
  a: 'absent',
  x: 'excused',
  backspace: null,
  delete: null,
};
const headings = ['name', 'status', 'times', 'minutes', 'mark'] as const;

/** The members with their marks. One stop in the tab order; arrows move within, letters mark (ARIA grid). */
export function RegisterList({
  courseId,
  register,
  onMarked,
}: {
  courseId: string;
  register: RegisterView;
  onMarked: (answer: Answer) => void;
}) {
  const t = useTranslate();
  const { rows, meeting } = register;
  const { marks, send, dismiss } = useMarks({ courseId, meetingId: meeting.id }, onMarked);
  const [filter, setFilter] = useState<Filter>('all');
  const [search, setSearch] = useState('');
  const [active, setActive] = useState({ id: '', column: 0, hasFocus: false });
  /** Marked while this filter stands: they stay in sight, so that a slip of the finger can be mended. */
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const table = useRef<HTMLTableElement>(null);
  const headingId = useId();
  const keysId = useId();

  const wish = search.trim().toLocaleLowerCase();
  const shown = rows.filter(
    ({ membershipId, name, record }) =>
      name.toLocaleLowerCase().includes(wish) &&
      (filter === 'all' ||
        (record?.status ?? 'untaken') === filter ||
        touched.has(membershipId) ||
        (active.hasFocus && active.id === membershipId)),
  );
  const activeId = shown.some(({ membershipId }) => membershipId === active.id)
    ? active.id
    : shown[0]?.membershipId;

  const choose = (next: Filter) => {
    setFilter(next);
    setTouched(new Set());
  };
  const markRow = useCallback(
    (row: Row, wanted: Wanted) => {
      setTouched((known) => new Set(known).add(row.membershipId));
      send(row, wanted);
      // Its own button goes with the mark that it takes back; the focus must not go with it.
      const focused = document.activeElement;
      if (wanted === null && focused?.getAttribute('data-column') === '3') {
        focused.parentElement?.querySelector<HTMLElement>('[data-column="0"]')?.focus();
      }
    },
    [send],
  );

  function move(event: KeyboardEvent<HTMLTableElement>) {
    // Letters with Ctrl, Alt or Command belong to the browser.
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const button = (event.target as HTMLElement).closest<HTMLElement>('[data-column]');
    const id = (event.target as HTMLElement).closest<HTMLElement>('[data-membership]')?.dataset.membership;
    const at = shown.findIndex(({ membershipId }) => membershipId === id);
    const row = shown[at];
    if (button === null || row === undefined) return;
    const column = Number(button.dataset.column);

    const wanted = keyOfStatus[event.key.toLowerCase()];
    if (wanted !== undefined) {
      event.preventDefault();
      if (marks.get(row.membershipId)?.kind === 'pending') return;
      if (!saysTeacher(row.record, wanted)) markRow(row, wanted);
      return;
    }
    const lastColumn = (of: Row | undefined) => (of?.record?.source === 'teacher' ? 3 : 2);
    const target = {
      ArrowDown: [at + 1, column],
      ArrowUp: [at - 1, column],
      ArrowLeft: [at, column - 1],
      ArrowRight: [at, column + 1],
      Home: [0, column],
      End: [shown.length - 1, column],
    }[event.key];
    const [toRow = -1, toColumn = 0] = target ?? [];
    const next = shown[toRow];
    if (next === undefined) return;
    event.preventDefault();
    focusButton(next.membershipId, Math.max(0, Math.min(toColumn, lastColumn(next))));
  }

  function focusButton(membershipId: string, column: number) {
    table.current
      ?.querySelector<HTMLElement>(`[data-membership="${membershipId}"] [data-column="${String(column)}"]`)
      ?.focus();
  }

  if (rows.length === 0) {
    return (
      <section className="rounded-md border border-dashed border-edge p-8 text-center">
        <UsersRound aria-hidden className="mx-auto mb-3 size-8 text-quiet" />
        <h2 className="text-lg font-semibold">{t('register.empty.title')}</h2>
        <p className="mx-auto mt-1 max-w-lg text-quiet">{t('register.empty.todo')}</p>
      </section>
    );
  }

  return (
    <section aria-labelledby={headingId} className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 id={headingId} className="text-lg font-semibold">
          {t('register.members')}
        </h2>
        <SaveState marks={marks} />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Counters rows={rows} filter={filter} onFilter={choose} />
        {rows.length >= searchFrom && (
          <label className="relative max-sm:w-full">
            <span className="sr-only">{t('register.search')}</span>
            <Search
              aria-hidden
              className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-quiet"
            />
            <input
              type="search"
              value={search}
              autoComplete="off"
              placeholder={t('register.search')}
              onChange={(event) => {
                setSearch(event.target.value);
              }}
              className="min-h-9 w-full rounded-full border border-edge bg-paper pr-3 pl-9 text-sm placeholder:text-quiet"
            />
          </label>
        )}
      </div>
      {shown.length === 0 ? (
        <p className="rounded-md border border-line p-6 text-center text-quiet">
          {t('register.none-shown')}{' '}
          <button
            type="button"
            className={buttonStyle({ kind: 'quiet', size: 'small' })}
            onClick={() => {
              choose('all');
              setSearch('');
            }}
          >
            {t('register.show-all')}
          </button>
        </p>
      ) : (
        <table
          ref={table}
          role="grid"
          aria-labelledby={headingId}
          aria-describedby={keysId}
          onKeyDown={move}
          onFocus={({ target }) => {
            const id = target.closest<HTMLElement>('[data-membership]')?.dataset.membership;
            const column = target.closest<HTMLElement>('[data-column]')?.dataset.column;
            if (id !== undefined) setActive({ id, column: Number(column ?? 0), hasFocus: true });
          }}
          onBlur={({ currentTarget, relatedTarget }) => {
            if (!currentTarget.contains(relatedTarget)) setActive((last) => ({ ...last, hasFocus: false }));
          }}
          className="w-full border-collapse rounded-md border border-line max-sm:block max-sm:border-0"
        >
          <thead role="rowgroup" className="max-sm:sr-only">
            <tr role="row" className="border-b border-line bg-sunken text-sm text-quiet">
              {headings.map((heading) => (
                <th
                  key={heading}
                  role="columnheader"
                  scope="col"
                  className={`px-3 py-2 font-medium ${heading === 'minutes' || heading === 'mark' ? 'text-right' : 'text-left'}`}
                >
                  {t(`register.column.${heading}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody role="rowgroup" className="max-sm:block">
            {shown.map((row) => (
              <RegisterRow
                key={row.membershipId}
                row={row}
                endsAt={meeting.endsAt}
                timeZone={meeting.timeZone}
                mark={marks.get(row.membershipId)}
                tabStop={
                  row.membershipId === activeId
                    ? Math.min(active.column, row.record?.source === 'teacher' ? 3 : 2)
                    : undefined
                }
                onMark={markRow}
                onDismiss={dismiss}
              />
            ))}
          </tbody>
        </table>
      )}
      <p id={keysId} className="text-sm text-quiet max-sm:sr-only">
        {t('register.keys')}
      </p>
    </section>
  );
}
