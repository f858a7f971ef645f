'use client';

import { UsersRound } from 'lucide-react';
import {
  startTransition,
  useCallback,
  useDeferredValue,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { KeyboardEvent } from 'react';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { UndoToast } from '../../../../../_components/undo-toast.tsx';
import { useUndoKey } from '../../../../../_components/use-undo-key.ts';
import { BulkBar } from './bulk-bar.tsx';
import { Counters, Finder, everybody, fitsChoice } from './list-tools.tsx';
import type { Choice } from './list-tools.tsx';
import { withChanges } from './marks/mark-change.ts';
import { changeOfPress, statusOf } from './register-entry.ts';
import type { Entry, Press } from './register-entry.ts';
import { RegisterRow, SelectBox, rowGrid } from './register-row.tsx';
import { RowEditor } from './row-editor.tsx';
import type { EditorFocus } from './row-editor.tsx';
import { SaveState } from './save-state.tsx';
import { tellRecord } from './tell-record.ts';
import type { Register } from './use-register.ts';

const pressOfKey: Partial<Record<string, Press>> = {
  p: 'present',
  l: 'late',
  e: 'partial',
  a: 'absent',
  x: 'excused',
  backspace: 'take-back',
  delete: 'take-back',
};
/** So many rows come with the page, a few more than its box shows; the browser adds the others at once. */
const firstRows = 20;
/** A page of the list, for PageUp and PageDown. */
const pageRows = 10;

interface Editing {
  membershipId: string;
  focus: EditorFocus;
}

/** The members with their marks. One stop in the tab order; arrows move within, letters mark (ARIA grid of rows). */
export function RegisterList({
  courseId,
  register,
  isRunning,
  now,
}: {
  courseId: string;
  register: Register;
  isRunning: boolean;
  /** The server's time, epoch milliseconds. */
  now: () => number;
}) {
  const t = useTranslate();
  const { entries, judging, queue, mark, say } = register;
  const { meeting, mayMark } = register.view;
  const [choice, setChoice] = useState(everybody);
  const [activeId, setActiveId] = useState('');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  /** Marked while this status is chosen: they stay in sight, so that a slip of the finger can be mended. */
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [editing, setEditing] = useState<Editing>();
  const [isWhole, setIsWhole] = useState(false);
  const grid = useRef<HTMLDivElement>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const editButton = useRef<HTMLElement | null>(null);
  const anchor = useRef('');
  /** Enter was pressed in the search while the list was still that of an earlier wish: its first row is somebody else. */
  const leavesSearch = useRef(false);
  const headingId = useId();
  const keysId = useId();

  // Typing stays ahead of a long list.
  const wish = useDeferredValue(choice);
  const ofSection = useMemo(
    () => entries.filter((entry) => fitsChoice(entry, { ...everybody, section: wish.section })),
    [entries, wish.section],
  );
  const fitting = useMemo(() => entries.filter((entry) => fitsChoice(entry, wish)), [entries, wish]);
  const shown = useMemo(
    () =>
      fitting.filter(
        (entry) =>
          wish.status === 'all' || statusOf(entry) === wish.status || touched.has(entry.row.membershipId),
      ),
    [fitting, wish.status, touched],
  );
  useEffect(() => {
    startTransition(() => {
      setIsWhole(true);
    });
  }, []);
  const shownNow = useRef(shown);
  useEffect(() => {
    shownNow.current = shown;
  }, [shown]);
  useUndoKey(register.undo);
  const inPage = isWhole ? shown : shown.slice(0, firstRows);
  const tabId = shown.some(({ row }) => row.membershipId === activeId)
    ? activeId
    : shown[0]?.row.membershipId;
  const chosen = shown.filter(({ row }) => selected.has(row.membershipId));
  const edited = entries.find(({ row }) => row.membershipId === editing?.membershipId);
  const isStuck = queue.phase.kind === 'unreachable' || queue.phase.kind === 'refused';

  const choose = (next: Choice) => {
    leavesSearch.current = false;
    setChoice(next);
    if (next.status !== choice.status) setTouched(new Set());
  };

  const edit = useCallback((membershipId: string, focus: EditorFocus) => {
    const row = grid.current?.querySelector(`[data-membership="${membershipId}"]`);
    editButton.current = row?.querySelector<HTMLElement>('[data-edit]') ?? null;
    setActiveId(membershipId);
    setEditing({ membershipId, focus });
  }, []);

  const press = useCallback(
    (targets: readonly Entry[], wanted: Press) => {
      const nowMs = isRunning ? now() : undefined;
      const marks = targets.flatMap((entry) => {
        const change = changeOfPress(wanted, entry, judging, nowMs);
        return change === undefined ? [] : [{ entry, changes: [change] }];
      });
      const [first] = marks;
      const [target] = targets;
      if (first === undefined) {
        // The teacher alone knows when.
        if (target !== undefined && targets.length === 1 && (wanted === 'late' || wanted === 'partial')) {
          edit(target.row.membershipId, wanted === 'late' ? 'from' : 'to');
        }
        return;
      }
      setTouched((known) => new Set([...known, ...targets.map(({ row }) => row.membershipId)]));
      const after = withChanges(first.entry.record, first.changes, judging);
      const what =
        wanted === 'take-back'
          ? t('register.said.taken-back')
          : marks.length === 1
            ? tellRecord(after, meeting, t)
            : t(`status.${wanted}`);
      mark(
        marks,
        marks.length === 1
          ? t('register.said.one', { name: first.entry.row.name, what })
          : t('register.said.many', { count: marks.length, what }),
      );
    },
    [isRunning, now, judging, edit, mark, meeting, t],
  );

  const select = useCallback((entry: Entry, isRange: boolean) => {
    const id = entry.row.membershipId;
    const ids = shownNow.current.map(({ row }) => row.membershipId);
    const [at, from] = [ids.indexOf(id), ids.indexOf(anchor.current)];
    const range = isRange && from >= 0 ? ids.slice(Math.min(at, from), Math.max(at, from) + 1) : [id];
    setActiveId(id);
    setSelected((known) => {
      const next = new Set(known);
      const isOn = isRange || !known.has(id);
      for (const one of range) {
        if (isOn) next.add(one);
        else next.delete(one);
      }
      return next;
    });
    if (!isRange) anchor.current = id;
  }, []);
  const pressOne = useCallback(
    (entry: Entry, wanted: Press) => {
      press([entry], wanted);
    },
    [press],
  );
  const editOne = useCallback(
    ({ row }: Entry) => {
      edit(row.membershipId, 'first');
    },
    [edit],
  );

  const focusRow = (membershipId: string | undefined) => {
    grid.current?.querySelector<HTMLElement>(`[data-membership="${membershipId ?? ''}"]`)?.focus();
  };

  useEffect(() => {
    if (!leavesSearch.current || wish !== choice) return;
    leavesSearch.current = false;
    focusRow(shown[0]?.row.membershipId);
  }, [wish, choice, shown]);

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    const target = event.target as HTMLElement;
    const rowElement = target.closest<HTMLElement>('[data-membership]');
    const at = shown.findIndex(({ row }) => row.membershipId === rowElement?.dataset.membership);
    const entry = shown[at];
    if (rowElement === null || entry === undefined) return;
    const isOnRow = target === rowElement;

    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a' && mayMark) {
      event.preventDefault();
      setSelected(new Set(shown.map(({ row }) => row.membershipId)));
      say(t('register.said.selected', { count: shown.length }));
      return;
    }
    // Letters with Ctrl, Alt or Command belong to the browser.
    if (event.ctrlKey || event.metaKey || event.altKey) return;

    const next = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: Math.min(shown.length - 1, at + pageRows),
      PageUp: Math.max(0, at - pageRows),
      Home: 0,
      End: shown.length - 1,
    }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      const to = shown[next];
      if (to === undefined) return;
      if (event.shiftKey && mayMark) {
        if (anchor.current === '') anchor.current = entry.row.membershipId;
        select(to, true);
      }
      moveTo(to.row.membershipId, rowElement, target);
      return;
    }
    if (event.key === 'ArrowRight' || event.key === 'ArrowLeft') {
      event.preventDefault();
      const stops = [rowElement, ...rowElement.querySelectorAll<HTMLElement>('[data-stop]')];
      stops[stops.indexOf(target) + (event.key === 'ArrowRight' ? 1 : -1)]?.focus();
      return;
    }
    if (event.key === '/') {
      event.preventDefault();
      searchField.current?.focus();
      return;
    }
    if (event.key === 'F2' || (event.key === 'Enter' && isOnRow)) {
      event.preventDefault();
      edit(entry.row.membershipId, 'first');
      return;
    }
    if (!mayMark) return;
    if (event.key === ' ' && isOnRow) {
      event.preventDefault();
      select(entry, event.shiftKey);
      return;
    }
    if (event.key === 'Escape' && selected.size > 0) {
      setSelected(new Set());
      return;
    }
    const wanted = pressOfKey[event.key.toLowerCase()];
    if (wanted === undefined) return;
    event.preventDefault();
    const isOfMany = chosen.length > 1 && selected.has(entry.row.membershipId);
    press(isOfMany ? chosen : [entry], wanted);
  }

  /** To another row: to the same button there, or to the row itself. */
  function moveTo(membershipId: string, from: HTMLElement, target: HTMLElement) {
    const stop = [...from.querySelectorAll('[data-stop]')].indexOf(target);
    const to = grid.current?.querySelector<HTMLElement>(`[data-membership="${membershipId}"]`);
    (to?.querySelectorAll<HTMLElement>('[data-stop]')[stop] ?? to)?.focus();
  }

  if (entries.length === 0) {
    return (
      <section className="rounded-md border border-dashed border-edge p-8 text-center">
        <UsersRound aria-hidden className="mx-auto mb-3 size-8 text-quiet" />
        <h2 className="text-lg font-semibold">{t('register.empty.title')}</h2>
        <p className="mx-auto mt-1 max-w-lg text-quiet">{t('register.empty.todo')}</p>
      </section>
    );
  }

  return (
    <section aria-labelledby={headingId} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4">
        <h2 id={headingId} className="text-lg font-semibold">
          {t('register.members')}
        </h2>
        <SaveState queue={queue} onTry={register.tryNow} />
      </div>
      <Counters entries={ofSection} choice={choice} onChoose={choose} />
      <div className="flex flex-wrap items-center justify-end gap-2">
        {mayMark && (
          <BulkBar
            shown={fitting}
            selected={chosen}
            isRunning={isRunning}
            onPress={press}
            onClear={() => {
              setSelected(new Set());
              focusRow(tabId);
            }}
          />
        )}
        <Finder
          entries={entries}
          choice={choice}
          onChoose={choose}
          searchField={searchField}
          onLeaveSearch={() => {
            if (wish === choice) focusRow(shown[0]?.row.membershipId);
            else leavesSearch.current = true;
          }}
        />
      </div>
      {!mayMark && <p className="text-quiet">{t('register.read-only')}</p>}
      {/* The list scrolls in itself: in the platform's frame, which is as high as its page, what stands around a long
          list would else be out of sight. A short one leaves room for the editor. */}
      <div className="relative min-h-96">
        <div
          ref={grid}
          role="grid"
          aria-labelledby={headingId}
          aria-describedby={keysId}
          {...(mayMark ? { 'aria-multiselectable': true } : {})}
          onKeyDown={onKeyDown}
          onFocus={({ target }) => {
            const id = target.closest<HTMLElement>('[data-membership]')?.dataset.membership;
            if (id !== undefined) setActiveId(id);
          }}
          className="max-h-160 overflow-y-auto rounded-md border border-line"
        >
          <div role="rowgroup" className="sticky top-0 z-1 border-b border-line bg-sunken">
            <div
              role="row"
              className={`flex items-center gap-x-3 px-2 text-sm font-medium text-quiet ${mayMark ? rowGrid.marking : rowGrid.reading}`}
            >
              {mayMark && (
                <div role="columnheader">
                  <SelectBox
                    isOn={chosen.length === 0 ? false : chosen.length === shown.length ? true : 'some'}
                    label={t('register.select.all')}
                    inTabOrder
                    onToggle={() => {
                      setSelected(
                        chosen.length === shown.length
                          ? new Set()
                          : new Set(shown.map(({ row }) => row.membershipId)),
                      );
                    }}
                  />
                </div>
              )}
              <div role="columnheader" className="py-2">
                {t('register.column.name')}
              </div>
              {mayMark && (
                <div role="columnheader" className="w-49 max-sm:sr-only">
                  {t('register.column.mark')}
                </div>
              )}
              <div role="columnheader" className="max-sm:sr-only">
                {t('register.column.status')}
              </div>
              <div role="columnheader" className="hidden text-right md:block">
                {t('register.column.minutes')}
              </div>
              <div role="columnheader" className="sr-only">
                {t('register.column.edit')}
              </div>
            </div>
          </div>
          <div role="rowgroup">
            {inPage.map((entry) => (
              <RegisterRow
                key={entry.row.membershipId}
                entry={entry}
                meeting={meeting}
                judging={judging}
                mayMark={mayMark}
                isActive={entry.row.membershipId === tabId}
                isSelected={selected.has(entry.row.membershipId)}
                isWaiting={isStuck && entry.queued?.trouble === null}
                onPress={pressOne}
                onSelect={select}
                onEdit={editOne}
                onInsist={register.insist}
                onGiveUp={register.giveUp}
              />
            ))}
          </div>
        </div>
        {shown.length === 0 && (
          <p className="p-6 text-center text-quiet">
            {t('register.none-shown')}{' '}
            <button
              type="button"
              className={buttonStyle({ kind: 'quiet', size: 'small' })}
              onClick={() => {
                choose(everybody);
              }}
            >
              {t('register.show-all')}
            </button>
          </p>
        )}
        <div className="pointer-events-none absolute inset-x-3 -bottom-5 z-1 flex justify-center">
          {register.done !== undefined && (
            <UndoToast
              key={register.done.id}
              what={register.done.what}
              onUndo={() => {
                register.undo();
                focusRow(tabId);
              }}
              onEnd={register.forgetDone}
            />
          )}
        </div>
      </div>
      <p id={keysId} className="text-sm text-quiet max-sm:sr-only">
        {mayMark && t('register.keys')}
      </p>
      <p aria-live="polite" data-testid="said" className="sr-only">
        {register.said}
      </p>
      {edited !== undefined && editing !== undefined && (
        <RowEditor
          key={editing.membershipId}
          courseId={courseId}
          entry={edited}
          view={register.view}
          judging={judging}
          focus={editing.focus}
          anchor={editButton}
          onApply={(seen, changes) => {
            const after = withChanges(seen.record, changes, judging);
            const what = changes.some(({ kind }) => kind === 'times')
              ? tellRecord(after, meeting, t)
              : t('register.said.edited');
            mark([{ entry: seen, changes }], t('register.said.one', { name: seen.row.name, what }));
          }}
          onClose={() => {
            setEditing(undefined);
            focusRow(editing.membershipId);
          }}
        />
      )}
    </section>
  );
}
