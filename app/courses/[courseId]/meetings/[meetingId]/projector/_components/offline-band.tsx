'use client';

import { WifiOff } from 'lucide-react';
import { useTranslate } from '../../../../../../_components/language.tsx';

/** The network is away: how long the codes in hand still last. Undefined: none are shown. */
export function OfflineBand({ secondsInHand }: { secondsInHand: number | undefined }) {
  const t = useTranslate();
  return (
    <p className="mx-[2vw] mt-2 flex items-center justify-center gap-3 rounded-md border border-danger bg-danger-soft px-4 py-2 text-[clamp(1rem,2.6dvh,1.5rem)] font-medium text-danger tabular-nums">
      <WifiOff aria-hidden className="size-[1.2em] shrink-0" />
      {secondsInHand === undefined
        ? t('wall.offline.none')
        : secondsInHand > 0
          ? t('wall.offline', { seconds: secondsInHand })
          : t('wall.offline.out')}
    </p>
  );
}
