'use client';

import { FilePlus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { tellError } from '#lib/i18n/tell-error.ts';
import type { MessageKey } from '#lib/i18n/translate.ts';
import { buttonStyle } from '../../../../_components/button.tsx';
import { useTranslate } from '../../../../_components/language.tsx';
import { lostAnswer } from '../../../../_components/new-version.tsx';
import { useAction } from '../../../../_components/use-action.ts';
import { addToExcuse } from '../actions.ts';
import { DocumentsField } from './documents/documents-field.tsx';
import { hasArrived } from './documents/uploads.ts';
import { useUploads } from './documents/use-uploads.ts';

interface Place {
  courseId: string;
  excuseId: string;
  /** How many more there may be. */
  room: number;
  maxFileBytes: number;
}

/** Brings documents to an excuse that waits. */
export function AddDocuments(place: Place) {
  const t = useTranslate();
  const [state, setState] = useState<'closed' | 'open' | 'added'>('closed');
  const told = useRef<HTMLParagraphElement>(null);

  // The button that was pressed is gone: the keyboard goes on from what is said of it.
  useEffect(() => {
    if (state === 'added') told.current?.focus();
  }, [state]);

  if (state === 'open') return <NewDocuments {...place} onEnd={setState} />;
  return (
    <>
      {place.room > 0 && (
        <button
          type="button"
          className={buttonStyle({ kind: 'second' })}
          onClick={() => {
            setState('open');
          }}
        >
          <FilePlus aria-hidden className="size-4" />
          {t('my-excuse.add')}
        </button>
      )}
      {state === 'added' && (
        <p ref={told} role="status" tabIndex={-1} className="w-full">
          {t('my-excuse.add.done')}
        </p>
      )}
    </>
  );
}

function NewDocuments({
  courseId,
  excuseId,
  room,
  maxFileBytes,
  onEnd,
}: Place & { onEnd: (state: 'closed' | 'added') => void }) {
  const t = useTranslate();
  const { uploads, list } = useUploads({ courseId, maxFileBytes }, { room });
  const { isBusy, problem, run } = useAction();
  const [isWaiting, setWaiting] = useState(false);
  const [wrong, setWrong] = useState<MessageKey>();

  async function send() {
    if (isBusy || isWaiting) return;
    setWrong(undefined);
    setWaiting(true);
    await uploads.settled();
    setWaiting(false);
    const documents = uploads.list();
    if (documents.length === 0 || !documents.every(hasArrived)) {
      setWrong(documents.length === 0 ? 'my-excuse.add.nothing' : 'my-excuse.problem.documents');
      return;
    }
    const fileIds = documents.map(({ id }) => id);
    run(
      () => addToExcuse({ courseId, excuseId }, fileIds),
      ({ kind }) => {
        switch (kind) {
          // The page comes anew with them in its list.
          case 'added':
            onEnd('added');
            break;
          case 'file-missing':
            uploads.noteGone(fileIds);
            setWrong('my-excuse.problem.gone');
            break;
          case 'too-many':
            setWrong('my-excuse.problem.files');
            break;
          case 'decided-already':
            setWrong('my-excuse.decided-already');
            break;
        }
      },
    );
  }

  return (
    <div className="w-full">
      <DocumentsField
        courseId={courseId}
        uploads={uploads}
        list={list}
        room={room}
        maxFileBytes={maxFileBytes}
        problem={undefined}
      />
      {(wrong !== undefined || problem !== undefined) && (
        <p role="alert" className="mt-2 font-medium text-danger">
          {wrong !== undefined
            ? t(wrong, { room })
            : problem === 'unreachable'
              ? t(lostAnswer('my-excuse.unreachable'))
              : problem !== undefined && tellError(problem, t)}
        </p>
      )}
      <div className="mt-3 flex flex-wrap gap-3">
        <button
          type="button"
          aria-disabled={isBusy || isWaiting}
          className={buttonStyle({ kind: 'primary' })}
          onClick={() => void send()}
        >
          {t(isBusy ? 'my-excuse.send.busy' : isWaiting ? 'my-excuse.send.uploading' : 'my-excuse.add.send')}
        </button>
        <button
          type="button"
          className={buttonStyle({ kind: 'second' })}
          onClick={() => {
            for (const { id } of list) uploads.remove(id);
            onEnd('closed');
          }}
        >
          {t('my-excuse.add.close')}
        </button>
      </div>
    </div>
  );
}
