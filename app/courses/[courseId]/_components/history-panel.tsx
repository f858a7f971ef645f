'use client';

import { History, X } from 'lucide-react';
import { useState, useTransition } from 'react';
import { Button, Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { buttonStyle } from '../../../_components/button.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import { readHistory } from './history-actions.ts';
import type { ToldHistory } from './history-actions.ts';
import { HistoryEntries } from './history-entries.tsx';
import { HistoryMore } from './history-more.tsx';

/**
 * A button that opens the history of one member's record in a panel at the side. It is read anew each time; whatever
 * is marked meanwhile goes on behind it.
 */
export function HistoryPanel({
  courseId,
  meetingId,
  membershipId,
  name,
}: {
  courseId: string;
  meetingId: string;
  membershipId: string;
  /** The member, as the list calls them. */
  name: string;
}) {
  const t = useTranslate();
  const of = { kind: 'record' as const, meetingId, membershipId };
  const [history, setHistory] = useState<ToldHistory | 'failed' | undefined>(undefined);
  const [, startLoading] = useTransition();
  const load = () => {
    setHistory(undefined);
    startLoading(async () => {
      const read = await readHistory(courseId, of).catch(() => undefined);
      setHistory(read?.ok === true ? read.value : 'failed');
    });
  };
  return (
    <DialogTrigger
      onOpenChange={(isOpen) => {
        if (isOpen) load();
      }}
    >
      <Button
        aria-label={t('history-panel.open-of', { name })}
        className="grid size-9 place-items-center rounded-sm text-quiet data-[hovered]:bg-sunken"
      >
        <History aria-hidden className="size-4.5" />
      </Button>
      {/* Above the library's popovers (100000), from one of which it may be opened. */}
      <ModalOverlay isDismissable className="fixed inset-0 z-[100001] bg-[rgb(0_0_0/0.3)]">
        <Modal className="fixed inset-y-0 right-0 w-full max-w-96 border-l border-line bg-paper shadow-pop">
          <Dialog className="flex h-full flex-col outline-none">
            <div className="flex items-start justify-between gap-3 border-b border-line py-3 pr-3 pl-4">
              <Heading slot="title" className="min-w-0 text-lg font-semibold [overflow-wrap:anywhere]">
                {t('history-panel.open-of', { name })}
              </Heading>
              <Button
                slot="close"
                aria-label={t('history-panel.close')}
                className={buttonStyle({ kind: 'quiet', size: 'small' })}
              >
                <X aria-hidden className="size-5" />
              </Button>
            </div>
            <div className="min-h-0 flex-1 overflow-y-auto p-4">
              {history === undefined ? (
                <p role="status" className="text-quiet">
                  {t('history-panel.loading')}
                </p>
              ) : history === 'failed' ? (
                <div role="alert">
                  <p>{t('history-panel.failed')}</p>
                  <Button className={`${buttonStyle({ kind: 'second', size: 'small' })} mt-3`} onPress={load}>
                    {t('history-panel.retry')}
                  </Button>
                </div>
              ) : history.entries.length === 0 ? (
                <p className="text-quiet">{t('history-panel.none')}</p>
              ) : (
                <>
                  <HistoryEntries courseId={courseId} entries={history.entries} />
                  <HistoryMore courseId={courseId} of={of} about="nothing" older={history.older} />
                </>
              )}
            </div>
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}
