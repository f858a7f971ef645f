'use client';

import { useTranslate } from '../../../../../../_components/language.tsx';
import type { RegisterRow } from '#lib/attendance/load-register.ts';
import type { Direction } from '#lib/check-in-windows/input.ts';

/** "19 of 31 here", and who came or left last, unless names are hidden (`newest` undefined). */
export function WhoIsHere({
  direction,
  count,
  newest,
}: {
  direction: Direction;
  count: string;
  newest: RegisterRow[] | undefined;
}) {
  const t = useTranslate();
  return (
    <div className="min-w-0">
      <p
        data-testid="here"
        className="text-[clamp(1.5rem,min(9cqi,5dvh),7rem)] portrait:text-[clamp(1.5rem,5.5cqi,7rem)] leading-tight font-semibold tabular-nums"
      >
        {count}
      </p>
      {newest !== undefined && (
        <>
          <h2 className="sr-only">{t(`wall.names.${direction}`)}</h2>
          <ul
            data-testid="newest"
            className="mt-[0.5dvh] text-[clamp(1rem,min(5cqi,2.6dvh),4rem)] portrait:text-[clamp(1rem,3.2cqi,4rem)] text-quiet"
          >
            {newest.length === 0 ? (
              <li>{t('wall.names.none')}</li>
            ) : (
              newest.map(({ membershipId, name }) => (
                <li key={membershipId} className="truncate">
                  <bdi>{name}</bdi>
                </li>
              ))
            )}
          </ul>
        </>
      )}
    </div>
  );
}
