'use client';

import { useState } from 'react';
import { formatDay, formatMinutes, formatRate } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import type { ChangedMember, ChangedRecord } from '#lib/settings/rules.ts';
import { buttonStyle } from '../../../../_components/button.tsx';
import { useTranslate } from '../../../../_components/language.tsx';
import type { EnteredPolicy } from './policy-draft.ts';
import type { Preview } from './use-preview.ts';

/** So many are shown at once, that what stands below stays near. */
const firstMembers = 6;

/** Beside the sentences: whom they would change, from what to what. */
export function PolicyPreview({
  preview,
  entered,
  onRetry,
}: {
  preview: Preview;
  entered: EnteredPolicy;
  onRetry: () => void;
}) {
  const t = useTranslate();
  const [showsAll, setShowsAll] = useState(false);
  const shown = preview.kind === 'loading' ? preview.last : preview;
  return (
    <section
      aria-label={t('settings.preview.title')}
      aria-busy={preview.kind === 'loading'}
      className="rounded-md border border-line bg-sunken p-4"
    >
      <h2 className="font-semibold">{t('settings.preview.title')}</h2>
      <p role="status" className="text-quiet">
        {headline(preview, t)}
      </p>
      {preview.kind === 'failed' && (
        <button
          type="button"
          onClick={onRetry}
          className={`mt-2 ${buttonStyle({ kind: 'second', size: 'small' })}`}
        >
          {t('settings.preview.retry')}
        </button>
      )}
      {shown?.kind === 'preview' && shown.changed > 0 && (
        <ul
          className={`mt-3 grid gap-3 border-t border-line pt-3 ${preview.kind === 'loading' ? 'opacity-60' : ''}`}
        >
          {shown.members.slice(0, showsAll ? undefined : firstMembers).map((member) => (
            <Member key={member.membershipId} member={member} entered={entered} />
          ))}
          {!showsAll && shown.members.length > firstMembers && (
            <li>
              <button
                type="button"
                className={buttonStyle({ kind: 'second', size: 'small' })}
                onClick={() => {
                  setShowsAll(true);
                }}
              >
                {t('settings.preview.show-all', { count: shown.members.length })}
              </button>
            </li>
          )}
          {showsAll && shown.changed > shown.members.length && (
            <li className="text-quiet">
              {t('settings.preview.more-members', { count: shown.changed - shown.members.length })}
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function headline(preview: Preview, t: Translate): string {
  switch (preview.kind) {
    case 'idle':
      return t('settings.preview.idle');
    case 'loading':
      return t('settings.preview.loading');
    case 'failed':
      return t('settings.preview.failed');
    case 'invalid':
      return t('settings.preview.invalid');
    case 'preview':
      return preview.changed === 0
        ? `${t('settings.preview.nobody')} ${t('settings.preview.nobody.lead')}`
        : t('settings.preview.count', { count: preview.changed, students: preview.students });
  }
}

function Member({ member, entered }: { member: ChangedMember; entered: EnteredPolicy }) {
  const t = useTranslate();
  const { name, rate, standing, records, recordCount } = member;
  const shown = (tenths: number | null) =>
    tenths === null ? t('settings.preview.no-rate') : formatRate(tenths, t.language);
  const rateText = rate.isSame
    ? shown(rate.after)
    : rate.before === rate.after
      ? t('settings.preview.hardly', { rate: shown(rate.after) })
      : t('settings.preview.change', { before: shown(rate.before), after: shown(rate.after) });
  const standingText =
    standing.before === standing.after
      ? undefined
      : t(`settings.preview.standing.${standing.after}`, { percent: String(entered.requiredPercent) });
  return (
    <li>
      <p className="font-medium">{name}</p>
      <p className="tabular-nums">
        {rateText}
        {standingText !== undefined && (
          <>
            {', '}
            <strong className={standing.after === 'fine' ? 'text-present' : 'text-danger'}>
              {standingText}
            </strong>
          </>
        )}
      </p>
      {recordCount > 0 && (
        <ul className="text-sm text-quiet">
          {records.map((record) => (
            <li key={record.meetingId}>{recordText(record, t)}</li>
          ))}
          {recordCount > records.length && (
            <li>{t('settings.preview.more-records', { count: recordCount - records.length })}</li>
          )}
        </ul>
      )}
    </li>
  );
}

/** "late → absent on Sat, 28 Nov". */
function recordText({ status, provenMinutes, isOpen, localStart }: ChangedRecord, t: Translate): string {
  const changed = [
    ...(status.before === status.after
      ? []
      : [{ before: t(`status.${status.before}`), after: t(`status.${status.after}`) }]),
    ...(provenMinutes.before === provenMinutes.after
      ? []
      : [{ before: formatMinutes(provenMinutes.before), after: formatMinutes(provenMinutes.after) }]),
  ];
  const changes = changed.map((change) => t('settings.preview.change', change));
  if (isOpen.before !== isOpen.after) {
    changes.push(t(isOpen.after ? 'settings.preview.open' : 'settings.preview.no-longer-open'));
  }
  return t('settings.preview.record', {
    change: changes.join(', '),
    day: formatDay(new Date(`${localStart.slice(0, 10)}T00:00:00Z`), 'UTC', t.language),
  });
}
