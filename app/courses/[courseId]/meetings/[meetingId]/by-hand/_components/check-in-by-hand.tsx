'use client';

import { ArrowLeft, ScanLine, Search } from 'lucide-react';
import Link from 'next/link';
import { useDeferredValue, useMemo, useState } from 'react';
import { buttonStyle } from '../../../../../../_components/button.tsx';
import { RadioField } from '../../../../../../_components/fields.tsx';
import { useTranslate } from '../../../../../../_components/language.tsx';
import { useLiveMeeting } from '../../../../../../_components/use-live-meeting.ts';
import { byGermanName } from '#lib/base/by-german-name.ts';
import type { Direction } from '#lib/check-in-windows/input.ts';
import type { HelperView } from '#lib/helping/load-helper.ts';
import { formatDay, formatTimeRange, meetingName } from '#lib/i18n/format.ts';
import { matchesName } from '#lib/i18n/matches-name.ts';
import { OutcomeWithUndo } from './outcome-with-undo.tsx';
import { isDoneAlready, presenceOf } from './read-presence.ts';
import { Scanner } from './scanner.tsx';
import { StudentRow } from './student-row.tsx';
import type { Student } from './student-row.tsx';
import { useHelp } from './use-help.ts';

/** More would be scrolled through, where a letter more finds them. */
const mostRows = 40;

/** Finds a student by name, card or code, and checks them in with one touch. */
export function CheckInByHand({
  courseId,
  initial,
  startsWith,
}: {
  courseId: string;
  /** A HelperView as JSON. */
  initial: string;
  startsWith: Direction;
}) {
  const t = useTranslate();
  const view = useMemo(() => JSON.parse(initial) as HelperView, [initial]);
  const { register, connection } = useLiveMeeting(courseId, view.register);
  const { meeting } = register;
  const [direction, setDirection] = useState(startsWith);
  const [typed, setTyped] = useState('');
  const [isScanning, setScanning] = useState(false);
  const { outcome, busyWith, press, undo, tell } = useHelp({ courseId, meetingId: meeting.id });

  const students = useMemo(() => {
    const listed = new Set(register.rows.map(({ membershipId }) => membershipId));
    const others = view.others
      .filter(({ membershipId }) => !listed.has(membershipId))
      .map((student): Student => ({ ...student, state: presenceOf(null), isDue: false }));
    return register.rows
      .map(({ membershipId, name, sections, record, isExpected }): Student => ({
        ...{ membershipId, name, sections, state: presenceOf(record), isDue: isExpected },
      }))
      .concat(others)
      .sort((a, b) => byGermanName.compare(a.name, b.name));
  }, [register.rows, view.others]);
  const searched = useDeferredValue(typed);
  const found = students.filter(({ name }) => matchesName(name, searched));
  const shown = found.slice(0, mostRows);
  const choose = ({ membershipId, name, state }: Student) => {
    if (isDoneAlready(state, direction)) tell({ kind: 'known', name, direction });
    else press({ direction, whom: { membershipId } });
  };
  /** The only one who fits; else it is a card's number, as hand-held scanners send it too: like keys, and Enter. */
  const enter = (text: string) => {
    const [one, other] = students.filter(({ name }) => matchesName(name, text));
    if (text.trim() === '' || other !== undefined) return;
    if (one === undefined) press({ direction, whom: { scanned: text } });
    else choose(one);
  };
  const here = register.rows.filter(
    ({ record }) => record !== null && ['present', 'late', 'partial'].includes(record.status),
  ).length;

  return (
    <main className="mx-auto max-w-xl pb-4">
      <p className="pt-4">
        <Link
          href={`/courses/${courseId}/meetings/${meeting.id}`}
          className="inline-flex min-h-8 items-center gap-1.5 text-brand hover:underline"
        >
          <ArrowLeft aria-hidden className="size-4" />
          {t('help.back')}
        </Link>
      </p>
      <h1 className="mt-1 text-xl font-semibold">{t('help.title')}</h1>
      <p className="text-quiet">
        <bdi>{meetingName(meeting, t)}</bdi>
        {` · ${formatDay(new Date(meeting.startsAt), meeting.timeZone, t.language)}, ${formatTimeRange(
          new Date(meeting.startsAt),
          new Date(meeting.endsAt),
          meeting.timeZone,
          t.language,
        )} · `}
        <span className="whitespace-nowrap tabular-nums">
          {t('help.counter', { here, expected: register.expected })}
        </span>
      </p>
      {connection === 'lost' && (
        <p role="status" className="mt-2 rounded-md bg-warning-soft px-3 py-2 text-sm">
          {t('help.offline')}
        </p>
      )}
      <RadioField
        name="direction"
        label={t('help.direction')}
        value={direction}
        onChange={setDirection}
        className="mt-4"
        choices={[
          { value: 'in', label: t('help.direction.in') },
          { value: 'out', label: t('help.direction.out') },
        ]}
      />
      <div className="mt-4">
        {isScanning ? (
          <Scanner
            address={`/courses/${courseId}/meetings/${meeting.id}/by-hand`}
            onScan={(scanned) => {
              press({ direction, whom: { scanned } });
            }}
            onStop={() => {
              setScanning(false);
            }}
          />
        ) : (
          <button
            type="button"
            onClick={() => {
              setScanning(true);
            }}
            className={`${buttonStyle({ kind: 'primary' })} min-h-12 w-full`}
          >
            <ScanLine aria-hidden className="size-5" />
            {t('help.scan')}
          </button>
        )}
      </div>
      <label className="relative mt-4 block">
        <span className="sr-only">{t('help.search')}</span>
        <Search
          aria-hidden
          className="pointer-events-none absolute top-1/2 left-3.5 size-5 -translate-y-1/2 text-quiet"
        />
        <input
          type="search"
          value={typed}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={t('help.search')}
          enterKeyHint="go"
          onChange={(event) => {
            setTyped(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
            enter(event.currentTarget.value);
            event.currentTarget.select();
          }}
          // Who looks for the next one types over the last.
          onFocus={(event) => {
            event.target.select();
          }}
          className="min-h-12 w-full rounded-md border border-edge bg-paper pr-3 pl-11 text-lg placeholder:text-quiet"
        />
      </label>
      <OutcomeWithUndo
        outcome={outcome}
        timeZone={meeting.timeZone}
        onUndo={undo}
        onEnd={() => {
          tell(undefined);
        }}
      />
      {students.length === 0 && <p className="mt-4 text-quiet">{t('help.empty')}</p>}
      <p role="status" className={found.length === 0 && students.length > 0 ? 'mt-4 text-quiet' : 'sr-only'}>
        {found.length === 0 && students.length > 0 && t('help.none')}
      </p>
      <ul aria-label={t('help.list')} className="border-t border-line">
        {shown.map((student) => (
          <StudentRow
            key={student.membershipId}
            student={student}
            direction={direction}
            timeZone={meeting.timeZone}
            isBusy={busyWith.has(student.membershipId)}
            onPress={() => {
              choose(student);
            }}
          />
        ))}
      </ul>
      {found.length > shown.length && (
        <p className="mt-3 text-quiet">{t('help.more', { count: found.length - shown.length })}</p>
      )}
    </main>
  );
}
