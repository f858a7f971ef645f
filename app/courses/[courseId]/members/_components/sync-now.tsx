'use client';

import { RefreshCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { ActionAlert } from '../../../../_components/action-alert.tsx';
import { buttonStyle } from '../../../../_components/button.tsx';
import { useTranslate } from '../../../../_components/language.tsx';
import { askForRoster } from '../actions.ts';
import { useAction } from '../../../../_components/use-action.ts';

const lookAgainMs = 1_500;
/** A job that nobody takes up is not waited for any longer. */
const longestMs = 3 * 60_000;

/** Asks for the platform's list, and looks until it has been read. The page shows how far it is. */
export function SyncNow({
  courseId,
  isRunning,
  lastId,
}: {
  courseId: string;
  isRunning: boolean;
  /** The last reading that is over: another one means that ours is done. */
  lastId: string | undefined;
}) {
  const t = useTranslate();
  const router = useRouter();
  const { isBusy, problem, run } = useAction();
  const [askedAfter, setAskedAfter] = useState<{ lastId: string | undefined }>();
  const isWaiting = isRunning || (askedAfter !== undefined && askedAfter.lastId === lastId);

  useEffect(() => {
    if (!isWaiting) return;
    const looking = setInterval(() => {
      router.refresh();
    }, lookAgainMs);
    const givingUp = setTimeout(() => {
      clearInterval(looking);
      setAskedAfter(undefined);
    }, longestMs);
    return () => {
      clearInterval(looking);
      clearTimeout(givingUp);
    };
  }, [isWaiting, router]);

  return (
    <div>
      <button
        type="button"
        aria-disabled={isBusy || isWaiting}
        className={buttonStyle({ kind: 'second', size: 'small' })}
        onClick={() => {
          if (isWaiting) return;
          run(
            () => askForRoster(courseId),
            (asked) => {
              if (asked.kind === 'asked') setAskedAfter({ lastId });
              router.refresh();
            },
          );
        }}
      >
        <RefreshCw aria-hidden className={`size-4 ${isWaiting ? 'animate-spin' : ''}`} />
        {t(isBusy || isWaiting ? 'member-sync.asked' : 'member-sync.now')}
      </button>
      <ActionAlert problem={problem} />
    </div>
  );
}
