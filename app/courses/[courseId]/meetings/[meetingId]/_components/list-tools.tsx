'use client';

import { Flag, Search } from 'lucide-react';
import type { RefObject } from 'react';
import { matchesName } from '#lib/i18n/matches-name.ts';
import { useTranslate } from '../../../../../_components/language.tsx';
import { statusStyles } from '../../../../../_components/status.tsx';
import type { ShownStatus } from '../../../../../_components/status.tsx';
import { statusOf } from './register-entry.ts';
import type { Entry } from './register-entry.ts';

export interface Choice {
  status: ShownStatus | 'all';
  onlyFlagged: boolean;
  /** Empty: all of them. */
  section: string;
  name: string;
}

export const everybody: Choice = { status: 'all', onlyFlagged: false, section: '', name: '' };

const statuses = ['present', 'late', 'partial', 'absent', 'excused', 'untaken'] as const;

/** Whether a member belongs to the choice, their status apart. */
export function fitsChoice({ row, record }: Entry, { onlyFlagged, section, name }: Choice): boolean {
  return (
    (!onlyFlagged || (record?.flags.length ?? 0) > 0) &&
    (section === '' || row.sections.includes(section)) &&
    matchesName(row.name, name)
  );
}

/** Sections, and finding by typing. */
export function Finder({
  entries,
  choice,
  onChoose,
  searchField,
  onLeaveSearch,
}: {
  entries: readonly Entry[];
  choice: Choice;
  onChoose: (choice: Choice) => void;
  searchField: RefObject<HTMLInputElement | null>;
  /** The name is found: on to the list. */
  onLeaveSearch: () => void;
}) {
  const t = useTranslate();
  const sections = [...new Set(entries.flatMap(({ row }) => row.sections))].sort((a, b) =>
    a.localeCompare(b),
  );
  return (
    <div className="flex items-center gap-2 max-md:w-full">
      {sections.length > 1 && (
        <select
          aria-label={t('register.filter.section')}
          value={choice.section}
          onChange={(event) => {
            onChoose({ ...choice, section: event.target.value });
          }}
          className="min-h-9 min-w-0 rounded-full border border-edge bg-paper px-3 text-sm max-md:flex-1 md:max-w-40"
        >
          <option value="">{t('register.filter.section.all')}</option>
          {sections.map((section) => (
            <option key={section}>{section}</option>
          ))}
        </select>
      )}
      <label className="relative min-w-0 max-md:flex-1">
        <span className="sr-only">{t('register.search')}</span>
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-quiet"
        />
        <input
          ref={searchField}
          type="search"
          value={choice.name}
          autoComplete="off"
          placeholder={t('register.search')}
          aria-keyshortcuts="/"
          onChange={(event) => {
            onChoose({ ...choice, name: event.target.value });
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' && event.key !== 'ArrowDown') return;
            event.preventDefault();
            onLeaveSearch();
          }}
          className="min-h-9 w-full rounded-full border border-edge bg-paper pr-3 pl-9 text-sm placeholder:text-quiet md:w-48"
        />
      </label>
    </div>
  );
}

/** How many of each; pressed, the list shows those alone. */
export function Counters({
  entries,
  choice,
  onChoose,
}: {
  entries: readonly Entry[];
  choice: Choice;
  onChoose: (choice: Choice) => void;
}) {
  const t = useTranslate();
  const counts = new Map<string, number>([['all', entries.length]]);
  for (const entry of entries) counts.set(statusOf(entry), (counts.get(statusOf(entry)) ?? 0) + 1);
  const flagged = entries.filter(({ record }) => (record?.flags.length ?? 0) > 0).length;
  const pill = (isOn: boolean, soft: string) =>
    `inline-flex min-h-9 items-center gap-1.5 rounded-full border px-3 text-sm ${
      isOn ? `border-current font-medium ${soft}` : 'border-line bg-paper hover:bg-sunken'
    }`;
  return (
    <div role="group" aria-label={t('register.filter')} className="flex flex-wrap gap-1.5">
      {(['all', ...statuses] as const).map((status) => {
        const style = status === 'all' ? undefined : statusStyles[status];
        const isOn = choice.status === status;
        // Leaving early is rare: it has no place of its own until it happens.
        if (status === 'partial' && !isOn && !counts.has(status)) return null;
        return (
          <button
            key={status}
            type="button"
            aria-pressed={isOn}
            data-count={status}
            onClick={() => {
              onChoose({ ...choice, status: isOn ? 'all' : status });
            }}
            className={pill(isOn, style?.soft ?? 'bg-brand-soft text-brand')}
          >
            {style !== undefined && <style.Icon aria-hidden className={`size-4 ${style.text}`} />}
            <span className="font-semibold tabular-nums">{counts.get(status) ?? 0}</span>
            {status === 'all' ? t('register.filter.all') : t(`status.${status}`)}
          </button>
        );
      })}
      {(flagged > 0 || choice.onlyFlagged) && (
        <button
          type="button"
          aria-pressed={choice.onlyFlagged}
          data-count="flag"
          onClick={() => {
            onChoose({ ...choice, onlyFlagged: !choice.onlyFlagged });
          }}
          className={pill(choice.onlyFlagged, 'bg-late-soft text-late')}
        >
          <Flag aria-hidden className="size-4 text-late" />
          <span className="font-semibold tabular-nums">{flagged}</span>
          {t('register.filter.flag')}
        </button>
      )}
    </div>
  );
}
