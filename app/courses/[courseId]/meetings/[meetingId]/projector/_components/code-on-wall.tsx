'use client';

import type { ReactNode } from 'react';
import { useTranslate } from '../../../../../../_components/language.tsx';
import { QrPicture } from '../../../../../../_components/qr-picture.tsx';
import type { CodesView } from '#lib/check-in-windows/load-codes.ts';
import { LifeRing } from './life-ring.tsx';
import { addressOf, TypedCode } from './typed-code.tsx';

/**
 * The QR code as large as the screen allows; beside it, or below on an upright screen, what is typed instead, to be read
 * from the last row.
 */
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
    <div className="w-full flex-1 items-center gap-[2vw] px-[2vw] py-[1.5dvh] landscape:grid landscape:grid-cols-[min(62cqw,calc(100cqh-3dvh),90dvh)_minmax(0,1fr)] [@media(height<30rem)]:items-start portrait:flex portrait:flex-col">
      <div
        data-testid="qr"
        data-code-url={url}
        className="relative w-full overflow-hidden landscape:aspect-square portrait:max-h-[96vw] portrait:min-h-[min(96vw,max(36dvh,20rem))] portrait:flex-1 rounded-md bg-[#fff]"
      >
        <QrPicture url={url} label={t('wall.qr')} className="absolute inset-0 size-full" />
      </div>
      <div className="@container flex min-w-0 flex-col portrait:w-full justify-center gap-[2.2dvh] portrait:gap-[1dvh] portrait:items-center portrait:text-center">
        <div className="text-[clamp(1.125rem,min(6.4cqi,3.2dvh),5rem)] portrait:text-[clamp(1.125rem,3.2cqi,5rem)] leading-snug">
          <p className="text-balance">{t('wall.scan')}</p>
          <p>{t('wall.type')}</p>
          <p data-testid="address" className="font-semibold [overflow-wrap:anywhere]">
            {addressOf(publicUrl)}
          </p>
        </div>
        <TypedCode
          typed={code.typed}
          className="flex-wrap text-[clamp(3.5rem,min(33cqi,19dvh),30rem)] portrait:justify-center portrait:text-[clamp(2.75rem,13cqi,30rem)]"
        />
        {stepSeconds === null ? (
          <p className="text-[clamp(1rem,min(4.6cqi,2.6dvh),4rem)] text-quiet portrait:text-[clamp(1rem,3cqi,4rem)]">
            {t('wall.static')}
          </p>
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
