'use client';

import { WifiOff } from 'lucide-react';
import { useTranslate } from '../../../../../_components/language.tsx';
import type { Connection } from '../../../../../_components/use-live-meeting.ts';

/** Says quietly that the list may be behind; nothing while all is well. */
export function ConnectionBand({ connection }: { connection: Connection }) {
  const t = useTranslate();
  return (
    <div role="status" className="sticky bottom-2 empty:hidden">
      {connection !== 'live' && (
        <p className="mx-auto flex w-fit items-center gap-2 rounded-md border border-line bg-paper px-4 py-2 text-sm shadow-pop">
          <WifiOff aria-hidden className="size-4 shrink-0 text-late" />
          {t(connection === 'lost' ? 'register.live.lost' : 'register.live.refused')}
        </p>
      )}
    </div>
  );
}
