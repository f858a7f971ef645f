'use client';

import { CirclePause, DoorClosed, LoaderCircle, QrCode } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { buttonStyle } from '../../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../../_components/language.tsx';

const title = 'text-[clamp(1.75rem,5dvh,3.5rem)] leading-tight font-semibold';
const lead = 'max-w-2xl text-[clamp(1rem,2.6dvh,1.5rem)] text-quiet';
const middle = 'm-auto flex flex-col items-center gap-[2.4dvh] p-6 text-center';

/** Closed: start again, see the list, or go. */
export function ClosedCheckIn({
  place: { courseId, meetingId },
  isOver,
  isBusy,
  onStart,
  children,
}: {
  place: { courseId: string; meetingId: string };
  isOver: boolean;
  isBusy: boolean;
  onStart: () => void;
  /** Who is here. */
  children: ReactNode;
}) {
  const t = useTranslate();
  return (
    <div className={middle}>
      <CirclePause aria-hidden className="size-[8dvh] text-quiet" />
      <h2 className={title}>{t('wall.closed.title')}</h2>
      <p className={lead}>{t(isOver ? 'wall.closed.over' : 'wall.closed.lead')}</p>
      {children}
      {!isOver && (
        <button
          type="button"
          disabled={isBusy}
          onClick={onStart}
          className={buttonStyle({ kind: 'primary', size: 'large' })}
        >
          <QrCode aria-hidden className="size-6" />
          {t('wall.closed.again')}
        </button>
      )}
      <div className="flex flex-wrap justify-center gap-2">
        <Link
          href={`/courses/${courseId}/meetings/${meetingId}`}
          className={buttonStyle({ kind: isOver ? 'primary' : 'quiet' })}
        >
          {t('wall.closed.register')}
        </Link>
        <button
          type="button"
          // Browsers close only windows that a page opened, as ours was.
          onClick={() => {
            window.close();
          }}
          className={buttonStyle({ kind: 'quiet' })}
        >
          {t('wall.closed.close')}
        </button>
      </div>
    </div>
  );
}

/** The network has been away for longer than codes were in hand. */
export function OutOfCodes() {
  const t = useTranslate();
  return (
    <div className={middle}>
      <LoaderCircle aria-hidden className="size-[8dvh] animate-spin text-quiet" />
      <h2 className={title}>{t('wall.out.title')}</h2>
      <p className={lead}>{t('wall.out.lead')}</p>
    </div>
  );
}

/** The sign-in is over, or this course is no longer theirs. */
export function EndedLogin() {
  const t = useTranslate();
  return (
    <div className={middle} role="alert">
      <DoorClosed aria-hidden className="size-[8dvh] text-quiet" />
      <h2 className={title}>{t('wall.refused.title')}</h2>
      <p className={lead}>{t('wall.refused.todo')}</p>
    </div>
  );
}
