'use client';

import { CircleCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useTranslate } from '../../../../../_components/language.tsx';
import { UndoToast } from '../../../../../_components/undo-toast.tsx';
import { OpenExcuse } from './open-excuse.tsx';
import { Queue } from './queue.tsx';
import type { ToldExcuse } from './tell-excuse.ts';
import { TickedDecision } from './ticked-decision.tsx';
import { useDesk } from './use-desk.ts';

/** The queue of excuses, and beside it the one that is open. */
export function Desk({
  heading,
  pages,
  ...given
}: {
  courseId: string;
  show: 'waiting' | 'decided' | 'all';
  excuses: readonly ToldExcuse[];
  opened: ToldExcuse | undefined;
  firstOpen: string | undefined;
  mayDecide: boolean;
  maxNote: number;
  heading: ReactNode;
  /** The way to further ones. */
  pages: ReactNode;
}) {
  const t = useTranslate();
  const desk = useDesk(given);
  const { queue, shown, ticked, alert, done, moves } = desk;
  const { show } = given;
  const title = useRef<HTMLHeadingElement>(null);

  // What was pressed may be gone: whoever works with the keyboard goes on where there is something to read.
  useEffect(() => {
    if (moves > 0) title.current?.focus();
  }, [moves]);

  return (
    <>
      <div className="flex min-h-14 flex-wrap items-center justify-between gap-x-6 gap-y-2 pt-4">
        {heading}
        {/* On a phone it lies over the page: nothing below moves when it comes and goes. */}
        <div className="pointer-events-none flex justify-end max-sm:fixed max-sm:inset-x-3 max-sm:bottom-3 max-sm:z-10 max-sm:justify-center sm:min-w-0 sm:flex-1">
          {done !== undefined && (
            <UndoToast key={done.id} what={done.what} onUndo={desk.undo} onEnd={desk.forgetDone} />
          )}
        </div>
      </div>
      <p role="status" data-testid="said" className="sr-only">
        {desk.said}
      </p>
      <div className="mt-4 grid items-start gap-x-6 gap-y-6 min-[42rem]:grid-cols-[17rem_minmax(0,1fr)]">
        {(queue.length > 0 || shown !== undefined) && (
          <div>
            <Queue {...given} desk={desk} />
            {pages}
          </div>
        )}
        {ticked.length > 0 || shown !== undefined ? (
          <div className="min-w-0">
            {alert?.kind === 'some' && (
              <p role="alert" className="mb-4 rounded-md border border-danger bg-danger-soft p-3">
                {t('desk-excuse.ticked.some', { done: alert.done, left: alert.left })}
              </p>
            )}
            {ticked.length > 0 && <TickedDecision desk={desk} maxNote={given.maxNote} />}
            {shown !== undefined && (
              <OpenExcuse {...given} key={shown.id} excuse={shown} desk={desk} title={title} />
            )}
          </div>
        ) : (
          <section className="col-span-full rounded-md bg-sunken p-6 text-center">
            <CircleCheck aria-hidden className="mx-auto mb-2 size-8 text-present" />
            <h2 ref={title} tabIndex={-1} className="text-lg font-semibold outline-none">
              {t(`desk-excuse.none.${show}.title`)}
            </h2>
            <p className="mx-auto mt-1 max-w-xl">{t(`desk-excuse.none.${show}.lead`)}</p>
          </section>
        )}
      </div>
    </>
  );
}
