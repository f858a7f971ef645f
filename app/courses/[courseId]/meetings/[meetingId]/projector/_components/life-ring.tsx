'use client';

import { useTranslate } from '../../../../../../_components/language.tsx';

const radius = 20;
const round = 2 * Math.PI * radius;

/** How long the QR code still hangs there: a ring that empties, and the seconds in words. */
export function LifeRing({ secondsLeft, ofSeconds }: { secondsLeft: number; ofSeconds: number }) {
  const t = useTranslate();
  const seconds = Math.max(0, Math.min(ofSeconds, secondsLeft));
  const isFull = seconds === ofSeconds;
  return (
    <p className="flex items-center gap-3 text-[clamp(1rem,min(4.6cqi,2.6dvh),4rem)] text-quiet portrait:justify-center portrait:text-[clamp(1rem,3cqi,4rem)]">
      <svg viewBox="0 0 48 48" aria-hidden className="size-[2em] shrink-0 -rotate-90">
        <circle cx="24" cy="24" r={radius} fill="none" strokeWidth="6" className="stroke-line" />
        <circle
          cx="24"
          cy="24"
          r={radius}
          fill="none"
          strokeWidth="6"
          strokeDasharray={round}
          strokeDashoffset={round * (1 - seconds / ofSeconds)}
          // It empties smoothly and fills at once.
          className={`stroke-brand ${isFull ? '' : 'transition-[stroke-dashoffset] duration-1000 ease-linear'}`}
        />
      </svg>
      <span className="tabular-nums">{t('wall.code-life', { seconds })}</span>
    </p>
  );
}
