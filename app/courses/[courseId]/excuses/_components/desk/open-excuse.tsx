'use client';

import { ArrowUp, Check, CircleAlert, Undo2, UserRound, X } from 'lucide-react';
import Link from 'next/link';
import type { RefObject } from 'react';
import { isolated } from '#lib/i18n/format.ts';
import { ActionAlert } from '../../../../../_components/action-alert.tsx';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { TextAreaField } from '../../../../../_components/fields.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { ExcuseStateLabel } from '../../../_components/excuse-state.tsx';
import { DocumentViewer } from './document-viewer.tsx';
import { MeetingsToDecide } from './meetings-to-decide.tsx';
import type { ToldExcuse } from './tell-excuse.ts';
import type { useDesk } from './use-desk.ts';

interface Props {
  courseId: string;
  excuse: ToldExcuse;
  desk: ReturnType<typeof useDesk>;
  mayDecide: boolean;
  maxNote: number;
  title: RefObject<HTMLHeadingElement | null>;
}

/** An excuse with its documents, and what is decided about each of its meetings. */
export function OpenExcuse({ courseId, excuse, desk, mayDecide, maxNote, title }: Props) {
  const t = useTranslate();
  const { alert, draft, ticked } = desk;
  const { name, state, text, reason, submitted, days, membershipId } = excuse;
  const waits = state === 'submitted';
  const hasConflict = alert?.kind === 'conflict' && alert.excuseId === excuse.id;
  return (
    <article aria-labelledby="open-excuse" data-testid="open-excuse" data-state={state}>
      <div className="flex flex-wrap items-start justify-between gap-x-4">
        <h2
          ref={title}
          id="open-excuse"
          tabIndex={-1}
          className="min-w-0 scroll-mt-4 text-lg font-semibold outline-none [overflow-wrap:anywhere]"
        >
          <bdi className="line-clamp-3">{name}</bdi>
        </h2>
        <ExcuseStateLabel state={state} word={t(`excuse.state.${state}`)} />
      </div>
      <p className="text-quiet tabular-nums">
        {[reason, ...(days === null ? [] : [days]), t('desk-excuse.handed-in', { when: submitted })].join(
          ' · ',
        )}
      </p>
      <p className="flex flex-wrap gap-x-4 text-sm">
        <Link
          href={`/courses/${courseId}/members/${membershipId}`}
          prefetch={false}
          className="inline-flex items-center gap-1.5 py-1 text-brand hover:underline"
        >
          <UserRound aria-hidden className="size-4 shrink-0" />
          {t('desk-excuse.member', { name: isolated(name) })}
        </Link>
        <a
          href="#queue"
          className="inline-flex items-center gap-1.5 py-1 text-brand hover:underline min-[42rem]:hidden"
        >
          <ArrowUp aria-hidden className="size-4 shrink-0" />
          {t('desk-excuse.queue.back')}
        </a>
      </p>
      {hasConflict && (
        <div role="alert" className="mt-3 flex gap-2.5 rounded-md border border-danger bg-danger-soft p-3">
          <CircleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-danger" />
          <div className="min-w-0">
            <p>{t('desk-excuse.conflict')}</p>
            {!waits && draft.note !== '' && (
              <>
                <p className="mt-1">{t('desk-excuse.kept-note')}</p>
                <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
                  {draft.note}
                </p>
              </>
            )}
          </div>
        </div>
      )}
      {text !== null && (
        <p
          dir="auto"
          className="mt-3 border-l-3 border-line pl-3 whitespace-pre-wrap [overflow-wrap:anywhere]"
        >
          {text}
        </p>
      )}
      <h3 className="mt-5 mb-1 font-semibold">{t('desk-excuse.documents')}</h3>
      <DocumentViewer courseId={courseId} documents={excuse.documents} />
      <h3 id="excuse-meetings" className="mt-5 font-semibold">
        {t('desk-excuse.meetings')}
      </h3>
      {waits && mayDecide && ticked.length === 0 ? (
        <Decision excuse={excuse} desk={desk} maxNote={maxNote} />
      ) : (
        <>
          <MeetingsToDecide excuse={excuse} />
          {waits && !mayDecide && <p className="mt-3 text-quiet">{t('desk-excuse.look-only')}</p>}
        </>
      )}
      {!waits && <Outcome excuse={excuse} desk={desk} mayDecide={mayDecide} />}
    </article>
  );
}

function Decision({
  excuse: { meetings },
  excuse,
  desk,
  maxNote,
}: Pick<Props, 'excuse' | 'desk' | 'maxNote'>) {
  const t = useTranslate();
  const { draft, isBusy } = desk;
  const accepted = meetings.filter(({ id }) => !draft.declined.includes(id)).map(({ id }) => id);
  const isLong = draft.note.trim().length > maxNote;
  const mayAccept = accepted.length > 0 && !isLong;
  const isPart = accepted.length < meetings.length;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (mayAccept) desk.decideShown(accepted);
      }}
    >
      <MeetingsToDecide
        excuse={excuse}
        accepted={accepted}
        onTick={(meetingId, isTicked) => {
          const others = draft.declined.filter((id) => id !== meetingId);
          desk.change({ declined: isTicked ? others : [...others, meetingId] });
        }}
      />
      <TextAreaField
        name="note"
        label={t('desk-excuse.note')}
        hint={t('desk-excuse.note.hint')}
        problem={isLong ? t('desk-excuse.note.long', { max: maxNote }) : undefined}
        value={draft.note}
        onChange={(note) => {
          desk.change({ note });
        }}
        className="mt-4"
      />
      <p role="status" className="mt-2 text-sm text-quiet empty:hidden">
        {isPart && t(accepted.length === 0 ? 'desk-excuse.nothing-ticked' : 'desk-excuse.not-ticked')}
      </p>
      <ActionAlert problem={desk.problem} unreachable="form.unreachable" />
      <div className="mt-3 flex flex-wrap gap-3">
        <button
          type="submit"
          data-decision="accept"
          aria-disabled={isBusy || !mayAccept}
          className={`${buttonStyle({ kind: 'primary' })} aria-disabled:cursor-default aria-disabled:opacity-55`}
        >
          <Check aria-hidden className="size-4" />
          {isPart && accepted.length > 0
            ? t('desk-excuse.accept-some', { count: accepted.length, all: meetings.length })
            : t('desk-excuse.accept')}
        </button>
        <button
          type="button"
          data-decision="decline"
          aria-disabled={isBusy || isLong}
          className={buttonStyle({ kind: 'danger' })}
          onClick={() => {
            if (!isLong) desk.decideShown([]);
          }}
        >
          <X aria-hidden className="size-4" />
          {t(meetings.length > 1 ? 'desk-excuse.decline-all' : 'desk-excuse.decline')}
        </button>
      </div>
    </form>
  );
}

/** What was decided, and the way back. */
function Outcome({ excuse, desk, mayDecide }: Pick<Props, 'excuse' | 'desk' | 'mayDecide'>) {
  const t = useTranslate();
  const { state, outcome, note } = excuse;
  return (
    <>
      {outcome !== null && <p className="mt-4">{outcome}</p>}
      {note !== null && (
        <>
          <h3 className="mt-3 font-semibold">{t('desk-excuse.decided.note')}</h3>
          <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
            {note}
          </p>
        </>
      )}
      {mayDecide && state !== 'withdrawn' && (
        <>
          <ActionAlert problem={desk.problem} unreachable="form.unreachable" />
          <button
            type="button"
            data-decision="take-back"
            aria-disabled={desk.isBusy}
            className={`${buttonStyle({ kind: 'second' })} mt-4`}
            onClick={desk.takeBackShown}
          >
            <Undo2 aria-hidden className="size-4" />
            {t('desk-excuse.take-back')}
          </button>
          <p className="mt-1 text-sm text-quiet">{t('desk-excuse.take-back.hint')}</p>
        </>
      )}
    </>
  );
}
