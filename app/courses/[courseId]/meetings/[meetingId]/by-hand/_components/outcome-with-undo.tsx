'use client';

import { CircleAlert, CircleCheck, Info, Undo2 } from 'lucide-react';
import { buttonStyle } from '../../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../../_components/language.tsx';
import { lostAnswer } from '../../../../../../_components/new-version.tsx';
import { useEnding } from '../../../../../../_components/use-ending.ts';
import { formatTime, isolated } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import { tellError } from '#lib/i18n/tell-error.ts';
import type { Help, Outcome } from './use-help.ts';

const looks = {
  good: { Icon: CircleCheck, text: 'text-present', edge: 'border-present bg-present-soft' },
  note: { Icon: Info, text: 'text-brand', edge: 'border-brand bg-brand-soft' },
  bad: { Icon: CircleAlert, text: 'text-danger', edge: 'border-danger bg-danger-soft' },
} as const;

/** What came of the last press or scan, above the names; with the way back for ten seconds. */
export function OutcomeWithUndo({
  outcome,
  timeZone,
  onUndo,
  onEnd,
}: {
  outcome: Help['outcome'];
  timeZone: string;
  onUndo: () => void;
  onEnd: () => void;
}) {
  const t = useTranslate();
  return (
    <div className="sticky top-0 z-10 mt-2 flex min-h-28 items-center bg-ground py-2 sm:min-h-20">
      {/* It stands there before there is anything to say: nothing below moves, and a screen reader hears it. */}
      <div role="status" aria-live="polite" className="w-full">
        {outcome === undefined ? (
          <p className="text-quiet">{t('help.hint')}</p>
        ) : (
          <Toast key={outcome.id} {...{ told: outcome.told, timeZone, onUndo, onEnd, t }} />
        )}
      </div>
    </div>
  );
}

function Toast({
  told,
  timeZone,
  onUndo,
  onEnd,
  t,
}: {
  told: Outcome;
  timeZone: string;
  onUndo: () => void;
  onEnd: () => void;
  t: Translate;
}) {
  const waiting = useEnding(onEnd);
  const { look, text } = tell(told, timeZone, t);
  const { Icon, text: ink, edge } = looks[look];
  const canUndo = told.kind === 'checked-in' || told.kind === 'checked-out' || told.kind === 'unpaired';
  return (
    <div
      data-testid="outcome"
      data-kind={told.kind}
      {...waiting}
      className={`flex items-center gap-2 rounded-md border py-2 pr-2 pl-3 ${edge}`}
    >
      <Icon aria-hidden className={`size-6 shrink-0 ${ink}`} />
      <span className="min-w-0 flex-1 font-medium [overflow-wrap:anywhere]">{text}</span>
      {canUndo && (
        <button type="button" onClick={onUndo} className={`${buttonStyle({ kind: 'second' })} shrink-0`}>
          <Undo2 aria-hidden className="size-4" />
          {t('help.undo')}
        </button>
      )}
    </div>
  );
}

function tell(told: Outcome, timeZone: string, t: Translate): { look: keyof typeof looks; text: string } {
  switch (told.kind) {
    case 'checked-in':
    case 'checked-out': {
      const time = formatTime(told.at, timeZone, t.language);
      return { look: 'good', text: t(`help.done.${told.kind}`, { name: isolated(told.name), time }) };
    }
    case 'known':
    case 'already':
      return {
        look: 'good',
        text: t(`help.done.already.${told.direction}`, { name: isolated(told.name) }),
      };
    case 'noted':
    case 'unpaired':
      return { look: 'note', text: t(`help.done.${told.kind}`, { name: isolated(told.name) }) };
    case 'undone':
      return { look: 'note', text: t('help.undone', { name: isolated(told.name) }) };
    case 'undo-too-late':
      return { look: 'bad', text: t('help.undo.late', { name: isolated(told.name) }) };
    case 'failed':
      return {
        look: 'bad',
        text: told.code === 'unreachable' ? t(lostAnswer('help.unreachable')) : tellError(told.code, t),
      };
    default:
      return { look: 'bad', text: t(`help.refused.${told.kind}`) };
  }
}
