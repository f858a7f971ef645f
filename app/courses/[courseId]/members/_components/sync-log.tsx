import type { RosterLog } from '#lib/rosters/load-roster-log.ts';
import { tellMoment } from './format-when.ts';
import type { Clock } from './format-when.ts';
import { tellSync } from './sync-words.ts';

/** What the last readings of the roster brought, folded away. */
export function SyncLog({ log, platform, clock }: { log: RosterLog; platform: string; clock: Clock }) {
  const { t } = clock;
  return (
    <details className="mt-8 border-t border-line pt-3">
      <summary className="cursor-pointer font-medium">{t('members.log.title')}</summary>
      {log.past.length === 0 ? (
        <p className="mt-2 text-quiet">{t('members.log.none')}</p>
      ) : (
        <ol className="mt-2">
          {log.past.map((sync) => (
            <li key={sync.id} className="border-b border-line py-2 [overflow-wrap:anywhere]">
              <p>{tellSync(sync, platform, t)}</p>
              <p className="text-sm text-quiet tabular-nums">
                {tellMoment(sync.startedAt, clock)}, {t(`members.log.by.${sync.askedBy}`)}
                {sync.source === 'rest' && `, ${t('members.log.rest')}`}
              </p>
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}
