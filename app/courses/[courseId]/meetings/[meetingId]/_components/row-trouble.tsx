'use client';

import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import type { RegisterView } from '#lib/attendance/load-register.ts';
import type { MessageKey } from '#lib/i18n/translate.ts';
import { withChanges } from './marks/mark-change.ts';
import type { Judging } from './marks/mark-change.ts';
import { changesOf } from './marks/mark-queue.ts';
import type { QueuedMark, Trouble } from './marks/mark-queue.ts';
import type { Entry } from './register-entry.ts';
import { tellStanding, tellWanted } from './tell-record.ts';

const wordsOf: Record<Trouble['kind'], { again: MessageKey; leave: MessageKey }> = {
  conflict: { again: 'register.conflict.enter', leave: 'register.conflict.keep' },
  'no-record': { again: 'register.trouble.again', leave: 'register.trouble.give-up' },
  'not-replaceable': { again: 'register.trouble.again', leave: 'register.trouble.give-up' },
  refused: { again: 'register.trouble.again', leave: 'register.trouble.give-up' },
};

/** What stands there, what was wanted, and the two ways on. Nothing is entered or dropped by itself. */
export function RowTrouble({
  entry: { row },
  queued,
  trouble,
  meeting,
  judging,
  onInsist,
  onGiveUp,
}: {
  entry: Entry;
  queued: QueuedMark;
  trouble: Trouble;
  meeting: RegisterView['meeting'];
  judging: Judging;
  onInsist: () => void;
  onGiveUp: () => void;
}) {
  const t = useTranslate();
  const changes = changesOf(queued);
  const wanted = tellWanted(withChanges(row.record, changes, judging), changes, meeting, t);
  const words = wordsOf[trouble.kind];
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 rounded-sm bg-warning-soft px-3 py-2 text-sm"
    >
      <p className="min-w-0 flex-1 basis-56 [overflow-wrap:anywhere]">
        {trouble.kind === 'conflict'
          ? t('register.conflict.now', { what: tellStanding(row.record, changes, meeting, t) })
          : t(`register.trouble.${trouble.kind}`)}{' '}
        {t('register.conflict.wanted', { what: wanted })}
      </p>
      <div className="flex flex-wrap gap-1">
        <button
          type="button"
          data-stop=""
          className={buttonStyle({ kind: 'second', size: 'small' })}
          onClick={onInsist}
        >
          {t(words.again)}
        </button>
        <button
          type="button"
          data-stop=""
          className={buttonStyle({ kind: 'second', size: 'small' })}
          onClick={onGiveUp}
        >
          {t(words.leave)}
        </button>
      </div>
    </div>
  );
}
