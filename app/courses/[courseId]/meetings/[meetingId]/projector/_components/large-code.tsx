'use client';

import { useTranslate } from '../../../../../../_components/language.tsx';
import { addressOf, TypedCode } from './typed-code.tsx';

/** The typed code as large as the screen allows, black on white or white on black: for whoever cannot scan. */
export function LargeCode({
  typed,
  publicUrl,
  isDark,
}: {
  typed: string;
  publicUrl: string;
  isDark: boolean;
}) {
  const t = useTranslate();
  return (
    <div
      data-testid="large-code"
      className={`m-[1.5dvh_2vw] flex flex-1 flex-col items-center justify-center gap-[2dvh] overflow-hidden rounded-md p-[2dvh] text-center min-h-80 ${
        isDark ? 'bg-[#000] text-[#fff]' : 'bg-[#fff] text-[#000]'
      }`}
    >
      <p className="text-[clamp(1.25rem,min(5dvh,3.6vw),7rem)] leading-tight">
        {t('wall.type.large')}{' '}
        <span data-testid="address" className="font-semibold [overflow-wrap:anywhere]">
          {addressOf(publicUrl)}
        </span>
      </p>
      <TypedCode typed={typed} className="flex-col text-[min(30vw,33dvh)]" />
    </div>
  );
}
