'use client';

import { Plus, X } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { RefObject, SyntheticEvent } from 'react';
import { Dialog, Heading, Popover } from 'react-aria-components';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { TextAreaField, TimeField, namesOfHalfFilled } from '../../../../../_components/fields.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { StatusLabel } from '../../../../../_components/status.tsx';
import type { RegisterView } from '#lib/attendance/load-register.ts';
import { computeTeachingMinutes, decideFromTimes } from '#lib/attendance/rules.ts';
import { maxNoteLength } from '#lib/base/note-length.ts';
import { formatMinutes, formatTime } from '#lib/i18n/format.ts';
import type { RecordView } from '#lib/live/notices.ts';
import { HistoryPanel } from '../../../_components/history-panel.tsx';
import type { Change, Judging } from './marks/mark-change.ts';
import type { Entry } from './register-entry.ts';
import { ReplacesField } from './replaces-field.tsx';
import { readPair } from './wall-times.ts';
import type { TypedPair } from './wall-times.ts';

/** Where the keyboard stands when it opens. */
export type EditorFocus = 'from' | 'to' | 'first';

/** From so many characters before the end on, a note's length is told. */
const toldBeforeEnd = 200;
const maxPairs = 20;

type Line = TypedPair & { id: number };

function linesOf(record: RecordView | null, focus: EditorFocus, { meeting }: RegisterView): Line[] {
  const clock = (at: string) => formatTime(new Date(at), meeting.timeZone, 'de');
  const lines = (record?.spans ?? []).map((span, id): Line => {
    const typed = { from: clock(span.from), to: span.to === null ? '' : clock(span.to) };
    return { id, ...typed, seen: { ...typed, span } };
  });
  if (lines.length > 0 || focus === 'first') return lines;
  return [{ id: 0, from: focus === 'to' ? clock(meeting.startsAt) : '', to: '' }];
}

/**
 * A member's times and note, above the row, so that nothing moves below it. What the times amount to is shown while
 * they are typed; nothing is entered before it is applied.
 */
export function RowEditor({
  courseId,
  entry,
  view,
  judging,
  focus,
  anchor,
  onApply,
  onClose,
}: {
  courseId: string;
  entry: Entry;
  view: RegisterView;
  judging: Judging;
  focus: EditorFocus;
  anchor: RefObject<HTMLElement | null>;
  /** With the member as they were seen. */
  onApply: (seen: Entry, changes: Change[]) => void;
  onClose: () => void;
}) {
  const t = useTranslate();
  const { meeting, mayMark } = view;
  const { row } = entry;
  // What it began with: others may mark meanwhile, and its revision tells them apart.
  const [opened] = useState(entry);
  const { record } = opened;
  const [lines, setLines] = useState(() => linesOf(record, focus, view));
  const [note, setNote] = useState(record?.note ?? '');
  const [replaces, setReplaces] = useState(record?.replacesMeetingId ?? null);
  const [problems, setProblems] = useState<Partial<Record<string, string>>>({});
  const form = useRef<HTMLFormElement>(null);

  const readings = useMemo(() => lines.map((line) => readPair(line, meeting)), [lines, meeting]);
  const spans = readings
    .flatMap((reading) => (reading.ok ? [reading.span] : []))
    .sort((a, b) => a.from.getTime() - b.from.getTime());
  const isWhole = lines.length > 0 && spans.length === lines.length;
  const decided = isWhole ? decideFromTimes(judging.meeting, spans, judging.policy) : undefined;
  const status = decided?.status ?? (lines.length === 0 ? record?.status : undefined);
  const minutes = decided?.provenMinutes ?? (lines.length === 0 ? record?.provenMinutes : undefined);
  const noteLength = note.trim().length;

  // Once it stands there, the keyboard goes to where something is to be entered.
  useEffect(() => {
    const timer = setTimeout(() => {
      const field = focus === 'to' ? 'to-0' : 'from-0';
      form.current
        ?.querySelector<HTMLElement>(`[data-field="${field}"] [role="spinbutton"], textarea`)
        ?.focus();
    }, 0);
    return () => {
      clearTimeout(timer);
    };
  }, [focus]);

  function change(id: number, field: 'from' | 'to', value: string) {
    setLines((known) => known.map((line) => (line.id === id ? { ...line, [field]: value } : line)));
    setProblems({});
  }

  function findProblems(): Partial<Record<string, string>> {
    const found: Partial<Record<string, string>> = {};
    readings.forEach((reading, index) => {
      if (!reading.ok) found[`${reading.problem.at}-${String(lines[index]?.id)}`] = t(reading.problem.key);
    });
    for (const name of form.current === null ? [] : namesOfHalfFilled(form.current)) {
      // A field without anything in it is empty, not half filled.
      if (isHalf(form.current, name)) found[name] = t('register.times.problem.half');
    }
    if (noteLength > maxNoteLength) {
      found.note = t('register.note.problem.long', { max: maxNoteLength, count: noteLength });
    } else if (noteLength > 0 && record === null && lines.length === 0) {
      found.note = t('register.note.problem.no-record');
    }
    return found;
  }

  function apply(event: SyntheticEvent) {
    event.preventDefault();
    const found = findProblems();
    setProblems(found);
    if (Object.keys(found).length > 0) {
      setTimeout(() => {
        form.current
          ?.querySelector<HTMLElement>('textarea[aria-invalid="true"], [data-invalid] [role="spinbutton"]')
          ?.focus();
      }, 0);
      return;
    }
    const typed = spans.map(({ from, to }) => ({
      from: from.toISOString(),
      to: to?.toISOString() ?? null,
    }));
    const isSame = JSON.stringify(typed) === JSON.stringify(record?.spans ?? []);
    const changes: Change[] = [
      ...(lines.length === 0 || isSame ? [] : [{ kind: 'times' as const, spans: typed }]),
      ...(note.trim() === (record?.note ?? '') ? [] : [{ kind: 'note' as const, note: note.trim() }]),
      ...(replaces === (record?.replacesMeetingId ?? null)
        ? []
        : [{ kind: 'replaces' as const, meetingId: replaces }]),
    ];
    // A mark of our own that was on its way has arrived since.
    if (changes.length > 0) onApply(opened.queued === undefined ? opened : entry, changes);
    onClose();
  }

  return (
    <Popover
      triggerRef={anchor}
      isOpen
      onOpenChange={(isOpen) => {
        if (!isOpen) onClose();
      }}
      placement="bottom end"
      className="w-[min(30rem,calc(100vw-1.5rem))] overflow-y-auto rounded-md border border-line bg-paper shadow-pop"
    >
      <Dialog className="p-4 outline-none">
        <form
          ref={form}
          noValidate
          onSubmit={apply}
          onKeyDownCapture={(event) => {
            // The parts of a time are no inputs: of themselves they send no form, and they tell no key.
            if (event.key !== 'Enter' || !(event.target as HTMLElement).matches('[role="spinbutton"]'))
              return;
            event.preventDefault();
            form.current?.requestSubmit();
          }}
          className="flex flex-col gap-4"
        >
          <div className="flex items-start gap-3">
            <div className="min-w-0 flex-1">
              <Heading slot="title" className="text-lg font-semibold [overflow-wrap:anywhere]">
                <bdi>{row.name}</bdi>
              </Heading>
              <p aria-live="polite" className="mt-1 flex min-h-7 flex-wrap items-center gap-x-3 text-quiet">
                {status !== undefined && <StatusLabel status={status} word={t(`status.${status}`)} />}
                {minutes !== undefined && (
                  <span className="tabular-nums" data-testid="counted">
                    {t('register.editor.counts', {
                      minutes: formatMinutes(minutes),
                      all: formatMinutes(computeTeachingMinutes(judging.meeting)),
                    })}
                  </span>
                )}
              </p>
            </div>
            <HistoryPanel
              courseId={courseId}
              meetingId={meeting.id}
              membershipId={row.membershipId}
              name={row.name}
            />
          </div>
          {record?.source === 'excuse' && (
            <p className="text-sm">
              <Link
                href={`/courses/${courseId}/members/${row.membershipId}#excuses`}
                className="text-brand underline"
              >
                {t('desk-excuse.of-record')}
              </Link>
            </p>
          )}
          {record?.isOpen === true && (
            <p className="text-sm text-late">
              {t('register.open-record', { minutes: formatMinutes(record.provenMinutes) })}
            </p>
          )}
          <fieldset disabled={!mayMark} className="flex flex-col gap-3">
            {lines.length === 0 && (
              <p className="text-sm text-quiet">
                {t(record === null ? 'register.editor.undated' : 'register.editor.by-word')}
              </p>
            )}
            {lines.map((line, index) => (
              <div
                key={line.id}
                role="group"
                aria-label={t('register.editor.pair', { number: index + 1 })}
                className="grid grid-cols-[1fr_1fr_2.25rem] items-start gap-3"
              >
                <TimeField
                  name={`from-${String(line.id)}`}
                  label={t('register.editor.from')}
                  value={line.from}
                  problem={problems[`from-${String(line.id)}`]}
                  onChange={(value) => {
                    change(line.id, 'from', value);
                  }}
                />
                <TimeField
                  name={`to-${String(line.id)}`}
                  label={t('register.editor.to')}
                  hint={index === lines.length - 1 ? t('register.editor.to.hint') : undefined}
                  value={line.to}
                  problem={problems[`to-${String(line.id)}`]}
                  onChange={(value) => {
                    change(line.id, 'to', value);
                  }}
                />
                {(lines.length > 1 || (record?.spans ?? []).length === 0) && (
                  <button
                    type="button"
                    aria-label={t('register.editor.remove')}
                    title={t('register.editor.remove')}
                    onClick={() => {
                      setLines((known) => known.filter(({ id }) => id !== line.id));
                      setProblems({});
                    }}
                    className="mt-7 grid size-9 place-items-center rounded-sm text-quiet hover:bg-sunken"
                  >
                    <X aria-hidden className="size-4.5" />
                  </button>
                )}
              </div>
            ))}
            {mayMark && lines.length < maxPairs && (
              <button
                type="button"
                onClick={() => {
                  setLines((known) => [
                    ...known,
                    { id: Math.max(-1, ...known.map(({ id }) => id)) + 1, from: '', to: '' },
                  ]);
                }}
                className={`${buttonStyle({ kind: 'quiet', size: 'small' })} self-start`}
              >
                <Plus aria-hidden className="size-4" />
                {t('register.editor.add')}
              </button>
            )}
          </fieldset>
          {mayMark && !row.isExpected && record !== null && (
            <ReplacesField
              courseId={courseId}
              meetingId={meeting.id}
              membershipId={row.membershipId}
              value={replaces}
              onChange={setReplaces}
            />
          )}
          {mayMark ? (
            <TextAreaField
              name="note"
              label={t('register.editor.note')}
              hint={
                noteLength > maxNoteLength - toldBeforeEnd
                  ? t('register.editor.note.left', { count: Math.max(0, maxNoteLength - noteLength) })
                  : undefined
              }
              problem={problems.note}
              value={note}
              onChange={(value) => {
                setNote(value);
                setProblems({});
              }}
            />
          ) : (
            note !== '' && (
              <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
                {note}
              </p>
            )
          )}
          <div className="flex flex-wrap gap-3">
            {mayMark && (
              <button type="submit" className={buttonStyle({ kind: 'primary' })}>
                {t('register.editor.apply')}
              </button>
            )}
            <button type="button" onClick={onClose} className={buttonStyle({ kind: 'quiet' })}>
              {t(mayMark ? 'register.editor.cancel' : 'register.undo.close')}
            </button>
          </div>
        </form>
      </Dialog>
    </Popover>
  );
}

function isHalf(form: HTMLElement | null, name: string): boolean {
  const parts = [...(form?.querySelectorAll(`[data-field="${name}"] [role="spinbutton"]`) ?? [])];
  const empty = parts.filter((part) => part.hasAttribute('data-placeholder')).length;
  return empty > 0 && empty < parts.length;
}
