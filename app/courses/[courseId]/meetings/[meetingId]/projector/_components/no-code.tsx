'use client';

import { CalendarX, CirclePause, Clock, DoorClosed, LoaderCircle, QrCode } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { buttonStyle } from '../../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../../_components/language.tsx';
import type { Direction } from '#lib/check-in-windows/input.ts';

// All of it grows with the screen: in 4K, too, it is read from the last row.
const title = 'text-[max(1.75rem,min(6dvh,4.5vw))] leading-tight font-semibold';
const lead = 'max-w-[45em] text-[max(1rem,min(3dvh,2.2vw))] text-quiet';
const middle =
  'm-auto flex flex-col items-center gap-[2.4dvh] p-6 text-center [&_:is(a,button)]:min-h-[max(2.75rem,4.2dvh)] [&_:is(a,button)]:gap-[0.5em] [&_:is(a,button)]:text-[max(1rem,1.9dvh)] [&_:is(a,button)_svg]:size-[1.4em]';

interface Way {
  courseId: string;
  meetingId: string;
  direction: Direction;
}

/** The way away from here: to the list, or out of the window. */
function Leave({ way: { courseId, meetingId }, isMain }: { way: Way; isMain: boolean }) {
  const t = useTranslate();
  return (
    <div className="flex flex-wrap justify-center gap-2">
      <Link
        href={`/courses/${courseId}/meetings/${meetingId}`}
        className={buttonStyle({ kind: isMain ? 'primary' : 'quiet' })}
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
  );
}

function StartButton({ isBusy, onStart, word }: { isBusy: boolean; onStart: () => void; word: string }) {
  return (
    <button
      type="button"
      disabled={isBusy}
      onClick={onStart}
      className={buttonStyle({ kind: 'primary', size: 'large' })}
    >
      <QrCode aria-hidden className="size-6" />
      {word}
    </button>
  );
}

/** Closed: start again, see the list, or go. */
export function ClosedCheckIn({
  way,
  isOver,
  isBusy,
  onStart,
  children,
}: {
  way: Way;
  isOver: boolean;
  isBusy: boolean;
  onStart: () => void;
  /** Who is here. */
  children: ReactNode;
}) {
  const t = useTranslate();
  const isOut = way.direction === 'out';
  return (
    <div className={middle}>
      <CirclePause aria-hidden className="size-[8dvh] text-quiet" />
      <h2 className={title}>{t(isOut ? 'wall.closed.title.out' : 'wall.closed.title')}</h2>
      <p className={lead}>
        {t(isOver ? (isOut ? 'wall.closed.over.out' : 'wall.closed.over') : 'wall.closed.lead')}
      </p>
      {children}
      {!isOver && (
        <StartButton
          isBusy={isBusy}
          onStart={onStart}
          word={t(isOut ? 'wall.closed.start.out' : 'wall.closed.again')}
        />
      )}
      <Leave way={way} isMain={isOver} />
    </div>
  );
}

/** Called off, perhaps while it hung here: nobody starts anything any more. */
export function CancelledMeeting({ way }: { way: Way }) {
  const t = useTranslate();
  return (
    <div className={middle}>
      <CalendarX aria-hidden className="size-[8dvh] text-quiet" />
      <h2 className={title}>{t('register.cancelled.title')}</h2>
      <p className={lead}>{t('register.cancelled.lead')}</p>
      <Leave way={way} isMain />
    </div>
  );
}

/** It opens by itself: when, and the way to open it now. */
export function PlannedCheckIn({
  way,
  opensAt,
  isBusy,
  onStart,
}: {
  way: Way;
  /** The time, in words. */
  opensAt: string;
  isBusy: boolean;
  onStart: () => void;
}) {
  const t = useTranslate();
  return (
    <div className={middle}>
      <Clock aria-hidden className="size-[8dvh] text-brand" />
      <h2 className={title}>{t(`wall.planned.title.${way.direction}`, { time: opensAt })}</h2>
      <p className={lead}>{t('wall.planned.lead')}</p>
      <StartButton isBusy={isBusy} onStart={onStart} word={t('wall.planned.now')} />
      <Leave way={way} isMain={false} />
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

/** The sign-in is over, or this course is no longer theirs; or the meeting itself is gone. */
export function NothingToShow({ because }: { because: 'refused' | 'gone' }) {
  const t = useTranslate();
  return (
    <div className={middle} role="alert">
      <DoorClosed aria-hidden className="size-[8dvh] text-quiet" />
      <h2 className={title}>{t(`wall.${because}.title`)}</h2>
      <p className={lead}>{t(`wall.${because}.todo`)}</p>
    </div>
  );
}
