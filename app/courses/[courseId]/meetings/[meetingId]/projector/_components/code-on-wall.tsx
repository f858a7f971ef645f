'use client';

import { QRCodeSVG } from 'qrcode.react';
import type { ReactNode } from 'react';
import { useTranslate } from '../../../../../../_components/language.tsx';
import type { CodesView } from '#lib/check-in-windows/load-codes.ts';
import { LifeRing } from './life-ring.tsx';

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
  stepSeconds: number;
  nowMs: number;
  children: ReactNode;
}) {
  const t = useTranslate();
  const address = `${publicUrl.replace(/^https?:\/\//, '')}/c`;
  const url = `${publicUrl}/c/${code.code}`;
  const [first, second] = code.typed.split('-');
  return (
    <div className="grid w-full flex-1 items-center gap-[2vw] px-[2vw] py-[1.5dvh] max-md:gap-4 md:grid-cols-[min(62cqw,calc(100cqh-3dvh))_minmax(0,1fr)]">
      {/* Black on white with its quiet zone, also on a dark screen: many phones read nothing else. */}
      <div
        data-testid="qr"
        data-code-url={url}
        className="aspect-square w-full overflow-hidden rounded-md bg-[#fff]"
      >
        <QRCodeSVG
          value={url}
          level="M"
          marginSize={4}
          bgColor="#ffffff"
          fgColor="#000000"
          role="img"
          aria-label={t('wall.qr')}
          className="size-full"
        />
      </div>
      <div className="@container flex min-w-0 flex-col justify-center gap-[2.2dvh] max-md:items-center max-md:text-center">
        <div className="text-[clamp(1.125rem,min(6.4cqi,3.2dvh),2.5rem)] leading-snug">
          <p>{t('wall.scan')}</p>
          <p>{t('wall.type')}</p>
          <p data-testid="address" className="font-semibold [overflow-wrap:anywhere]">
            {address}
          </p>
        </div>
        <p
          data-testid="typed-code"
          aria-label={`${t('wall.code')}: ${code.typed}`}
          className="font-mono text-[clamp(3.5rem,min(29cqi,19dvh),18rem)] leading-none font-bold tracking-[0.08em] slashed-zero"
        >
          <span className="block">{first}</span>
          {/* Typed or not, it makes no difference; read aloud and copied, it parts the two. */}
          <span className="sr-only">-</span>
          <span className="block">{second}</span>
        </p>
        <LifeRing secondsLeft={Math.ceil((Date.parse(code.until) - nowMs) / 1000)} ofSeconds={stepSeconds} />
        {children}
      </div>
    </div>
  );
}
