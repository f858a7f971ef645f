'use client';

import { useTranslate } from '../../../../../../_components/language.tsx';
import type { RegisterRow } from '#lib/attendance/load-register.ts';

/** "19 of 31 here", and who came last, unless names are hidden (`newest` undefined). */
export function WhoIsHere({
  count,
  expected,
  newest,
}: {
  count: number;
  expected: number;
  newest: RegisterRow[] | undefined;
}) {
  const t = useTranslate();
  // Guests and late enrolments may stand in the register without having been expected.
  const all = Math.max(count, expected);
  return (
    <div className="min-w-0">
      <p
        data-testid="here"
        className="text-[clamp(1.5rem,min(9cqi,5dvh),4rem)] leading-tight font-semibold tabular-nums"
      >
        {t('wall.here', { here: count, expected: all })}
      </p>
      {newest !== undefined && (
        <>
          <h2 className="sr-only">{t('wall.names')}</h2>
          <ul
            data-testid="newest"
            className="mt-[0.5dvh] text-[clamp(1rem,min(5cqi,2.6dvh),1.75rem)] text-quiet"
          >
            {newest.length === 0 ? (
              <li>{t('wall.names.none')}</li>
            ) : (
              newest.map(({ membershipId, name }) => (
                <li key={membershipId} className="truncate">
                  {name}
                </li>
              ))
            )}
          </ul>
        </>
      )}
    </div>
  );
}
