'use client';

import type { ReactNode } from 'react';
import { useTranslate } from '../../../../../../_components/language.tsx';
import { QrPicture } from '../../../../../../_components/qr-picture.tsx';
import type { CodesView } from '#lib/check-in-windows/load-codes.ts';
import { LifeRing } from './life-ring.tsx';
import { addressOf, TypedCode } from './typed-code.tsx';

/** The QR code as large as the height allows; beside it what is typed instead, to be read from the last row. */
export function CodeOnWall({
  code,
  publicUrl,
  stepSeconds,
  nowMs,
  children,
}: {
  code: CodesView['codes'][number];
  publicUrl: string;
  /** Null: it stays the same. */
  stepSeconds: number | null;
  nowMs: number;
  children: ReactNode;
}) {
  const t = useTranslate();
  const url = `${publicUrl}/c/${code.code}`;
  return (
    <div className="grid w-full flex-1 items-center gap-[2vw] px-[2vw] py-[1.5dvh] max-md:gap-4 md:grid-cols-[min(62cqw,calc(100cqh-3dvh))_minmax(0,1fr)]">
      <div
        data-testid="qr"
        data-code-url={url}
        className="aspect-square w-full overflow-hidden rounded-md bg-[#fff]"
      >
        <QrPicture url={url} label={t('wall.qr')} className="size-full" />
      </div>
      <div className="@container flex min-w-0 flex-col justify-center gap-[2.2dvh] max-md:items-center max-md:text-center">
        <div className="text-[clamp(1.125rem,min(6.4cqi,3.2dvh),5rem)] leading-snug">
          <p className="text-balance">{t('wall.scan')}</p>
          <p>{t('wall.type')}</p>
          <p data-testid="address" className="font-semibold [overflow-wrap:anywhere]">
            {addressOf(publicUrl)}
          </p>
        </div>
        <TypedCode typed={code.typed} className="text-[clamp(3.5rem,min(33cqi,19dvh),30rem)]" />
        {stepSeconds === null ? (
          <p className="text-[clamp(1rem,min(4.6cqi,2.6dvh),4rem)] text-quiet">{t('wall.static')}</p>
        ) : (
          <LifeRing
            secondsLeft={Math.ceil((Date.parse(code.until) - nowMs) / 1000)}
            ofSeconds={stepSeconds}
          />
        )}
        {children}
      </div>
    </div>
  );
}
