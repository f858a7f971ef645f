'use client';

import { CalendarX, Trash2, Undo2 } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef, useState, useTransition } from 'react';
import type { ReactNode } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { buttonStyle } from '../../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../../_components/language.tsx';
import { lostAnswer } from '../../../../../../_components/new-version.tsx';
import type { MeetingDraft } from '../../../../_components/meeting-draft.ts';
import { MeetingForm, scopesOf } from '../../../../_components/meeting-form.tsx';
import { callOff, planAgain, putBack, remove } from '../../../actions.ts';
import type { Commanded } from '../../../actions.ts';

type Deed = 'cancelled' | 'reactivated' | 'deleted' | 'restored';

/** What was done last, told with its undo. */
type Note =
  { deed: Deed; meetingIds: string[]; kept: number } | Exclude<Commanded, { kind: 'done' }> | 'unreachable';

/** A meeting's form, and what else can be done with it: each at once, each to be taken back. */
export function EditMeeting({
  courseId,
  meeting,
  sections,
  series,
  initial,
}: {
  courseId: string;
  meeting: { id: string; timeZone: string; revision: number; isCancelled: boolean };
  sections: readonly { id: string; name: string }[];
  series: { others: number; following: number };
  initial: MeetingDraft;
}) {
  const t = useTranslate();
  const home = `/courses/${courseId}`;
  const noteBox = useRef<HTMLDivElement>(null);
  const [note, setNote] = useState<Note>();
  const [isBusy, startWork] = useTransition();
  const isJustCancelled = typeof note === 'object' && 'deed' in note && note.deed === 'cancelled';
  const isGone =
    typeof note === 'object' &&
    'deed' in note &&
    note.deed === 'deleted' &&
    note.meetingIds.includes(meeting.id);

  useEffect(() => {
    if (note !== undefined) noteBox.current?.focus();
  }, [note]);

  function act(deed: Deed, work: () => Promise<Commanded>) {
    if (isBusy) return;
    startWork(async () => {
      try {
        const done = await work();
        setNote(done.kind === 'done' ? { deed, meetingIds: done.meetingIds, kept: done.kept } : done);
      } catch {
        setNote('unreachable');
      }
    });
  }

  function undo(deed: Deed, meetingIds: string[]) {
    if (deed === 'deleted') act('restored', () => putBack(courseId, meetingIds));
    else act('reactivated', () => planAgain(courseId, meetingIds));
  }

  const choice = (scope: string) => ({ courseId, meetingId: meeting.id, scope });
  return (
    <>
      {note !== undefined && (
        <div
          ref={noteBox}
          role="status"
          tabIndex={-1}
          className="mb-6 max-w-2xl rounded-md border border-line bg-sunken p-4"
        >
          <NoteText note={note} />
          <div className="mt-3 flex flex-wrap gap-3">
            {typeof note === 'object' &&
              'deed' in note &&
              (note.deed === 'cancelled' || note.deed === 'deleted') &&
              note.meetingIds.length > 0 && (
                <button
                  type="button"
                  aria-disabled={isBusy}
                  onClick={() => {
                    undo(note.deed, note.meetingIds);
                  }}
                  className={buttonStyle({ kind: 'second', size: 'small' })}
                >
                  <Undo2 aria-hidden className="size-4" />
                  {t('form.undo')}
                </button>
              )}
            <Link href={home} className={buttonStyle({ kind: 'quiet', size: 'small' })}>
              {t('form.to-meetings')}
            </Link>
          </div>
        </div>
      )}
      {!isGone && (
        <>
          {meeting.isCancelled && !isJustCancelled && (
            <div className="mb-6 flex max-w-2xl flex-wrap items-center justify-between gap-3 rounded-md border border-line bg-warning-soft p-4">
              <p className="min-w-0 flex-1 basis-64">{t('form.cancelled')}</p>
              <button
                type="button"
                aria-disabled={isBusy}
                onClick={() => {
                  act('reactivated', () => planAgain(courseId, [meeting.id]));
                }}
                className={buttonStyle({ kind: 'second', size: 'small' })}
              >
                {t('form.reactivate')}
              </button>
            </div>
          )}
          <MeetingForm
            // What was planned again or called off has another revision; the form begins with it.
            key={String(meeting.isCancelled)}
            courseId={courseId}
            timeZone={meeting.timeZone}
            sections={sections}
            initial={initial}
            existing={{ meetingId: meeting.id, revision: meeting.revision, series }}
            doneHref={home}
          />
          <div className="mt-8 flex max-w-2xl flex-wrap gap-3 border-t border-line pt-5">
            {(!meeting.isCancelled || series.others > 0) && (
              <ScopedButton
                series={series}
                isBusy={isBusy}
                onChoose={(scope) => {
                  act('cancelled', () => callOff(choice(scope)));
                }}
              >
                <CalendarX aria-hidden className="size-4" />
                {t('form.call-off')}
              </ScopedButton>
            )}
            <ScopedButton
              series={series}
              isBusy={isBusy}
              onChoose={(scope) => {
                act('deleted', () => remove(choice(scope)));
              }}
            >
              <Trash2 aria-hidden className="size-4" />
              {t('form.delete')}
            </ScopedButton>
          </div>
        </>
      )}
    </>
  );
}

function NoteText({ note }: { note: Note }) {
  const t = useTranslate();
  if (note === 'unreachable') return <p>{t(lostAnswer('form.unreachable'))}</p>;
  if ('code' in note) {
    return (
      <>
        <p className="font-semibold">{t(`errors.${note.code}.title`)}</p>
        <p>{t('form.action-failed')}</p>
        <p>{t(`errors.${note.code}.todo`)}</p>
      </>
    );
  }
  const { deed, meetingIds, kept } = note;
  return (
    <>
      {(meetingIds.length > 0 || kept === 0) && (
        <p className="font-semibold">{t(`form.done.${deed}`, { count: meetingIds.length })}</p>
      )}
      {kept > 0 && <p>{t('form.done.kept', { count: kept })}</p>}
    </>
  );
}

/** Does it at once for a meeting by itself; asks how much of a series is meant. */
function ScopedButton({
  series,
  isBusy,
  onChoose,
  children,
}: {
  series: { others: number; following: number };
  isBusy: boolean;
  onChoose: (scope: string) => void;
  children: ReactNode;
}) {
  const t = useTranslate();
  if (series.others === 0) {
    return (
      <button
        type="button"
        aria-disabled={isBusy}
        onClick={() => {
          onChoose('one');
        }}
        className={buttonStyle({ kind: 'danger', size: 'small' })}
      >
        {children}
      </button>
    );
  }
  return (
    <MenuTrigger>
      <Button className={buttonStyle({ kind: 'danger', size: 'small' })}>{children}</Button>
      <Popover className="rounded-md border border-line bg-paper p-1 shadow-pop">
        <Menu
          className="outline-none"
          onAction={(scope) => {
            onChoose(String(scope));
          }}
        >
          {scopesOf(series).map((scope) => (
            <MenuItem
              key={scope}
              id={scope}
              className="cursor-pointer rounded-sm px-3 py-2 outline-none data-[focused]:bg-brand-soft"
            >
              {t(`form.scope.${scope}`, {
                count: scope === 'all' ? series.others + 1 : series.following,
              })}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
