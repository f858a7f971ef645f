'use client';

import { Pencil } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import type { SpanDraft } from '../../_components/span-draft.ts';
import { SpanForm } from './span-form.tsx';

/** When a member belongs to the course: as sentences, or as a form in their place. */
export function Spans({
  courseId,
  membershipId,
  initial,
  version,
  sections,
  mayEdit,
  children,
}: {
  courseId: string;
  membershipId: string;
  initial: SpanDraft[];
  version: string;
  sections: { id: string; name: string }[];
  mayEdit: boolean;
  /** The sentences. */
  children: ReactNode;
}) {
  const t = useTranslate();
  const [state, setState] = useState<'shown' | 'edited' | 'saved' | 'cancelled'>('shown');
  const editButton = useRef<HTMLButtonElement>(null);

  // The form is gone, and the keyboard with it: back to where it was opened.
  useEffect(() => {
    if (state === 'saved' || state === 'cancelled') editButton.current?.focus();
  }, [state]);

  if (state === 'edited') {
    return (
      <SpanForm
        courseId={courseId}
        membershipId={membershipId}
        initial={initial}
        version={version}
        sections={sections}
        onDone={setState}
      />
    );
  }
  return (
    <>
      {children}
      <p role="status" className="mt-2 text-present">
        {state === 'saved' && t('member-spans.saved')}
      </p>
      {mayEdit && (
        <button
          ref={editButton}
          type="button"
          className={`${buttonStyle({ kind: 'second', size: 'small' })} mt-1`}
          onClick={() => {
            setState('edited');
          }}
        >
          <Pencil aria-hidden className="size-4" />
          {t('member-spans.edit')}
        </button>
      )}
    </>
  );
}
