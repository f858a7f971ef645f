'use client';

import { Ban, Check, MessageCircleQuestion, Undo2 } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { Decision } from '#lib/reviews/load-review.ts';
import { buttonStyle } from '../../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../../_components/language.tsx';
import { useDesk } from './desk.tsx';

const styles: Record<Decision, { Icon: LucideIcon; soft: string }> = {
  fine: { Icon: Check, soft: 'bg-present-soft text-present' },
  ask: { Icon: MessageCircleQuestion, soft: 'bg-late-soft text-late' },
  'set-aside': { Icon: Ban, soft: 'bg-absent-soft text-absent' },
};

export interface DecisionProps {
  checkInIds: string[];
  name: string;
  decision: Decision | null;
  /** What may be decided, in this order. */
  choices: readonly Decision[];
}

/** What is decided about somebody's check-in, and what else can be. */
export function DecisionButtons({ checkInIds, name, decision, choices }: DecisionProps) {
  const t = useTranslate();
  const { isBusy, onDecide } = useDesk();
  const decided =
    decision === null ? undefined : { ...styles[decision], word: t(`reviewing.is.${decision}`) };
  // Whoever is still to be asked is decided about after that; else the way leads back first.
  const offered =
    decision === null ? choices : decision === 'ask' ? choices.filter((one) => one !== 'ask') : [];
  const press = (wanted: Decision | null) => () => {
    onDecide({ checkInIds, names: [name], decision: wanted, was: decision });
  };
  return (
    <div className="flex flex-wrap items-center gap-2">
      {decided !== undefined && (
        <span
          className={`inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-sm font-medium ${decided.soft}`}
        >
          <decided.Icon aria-hidden className="size-4 shrink-0" />
          {decided.word}
        </span>
      )}
      {offered.map((choice) => {
        const { Icon } = styles[choice];
        const what = t(`reviewing.${choice}`);
        return (
          <button
            key={choice}
            type="button"
            data-decision={choice}
            aria-disabled={isBusy}
            aria-label={t('reviewing.of', { what, name })}
            className={buttonStyle({ kind: choice === 'set-aside' ? 'danger' : 'second', size: 'small' })}
            onClick={press(choice)}
          >
            <Icon aria-hidden className="size-4" />
            {what}
          </button>
        );
      })}
      {decision !== null && (
        <button
          type="button"
          data-decision="undo"
          aria-disabled={isBusy}
          aria-label={t('reviewing.of', { what: t('reviewing.undo'), name })}
          className={buttonStyle({ kind: 'quiet', size: 'small' })}
          onClick={press(null)}
        >
          <Undo2 aria-hidden className="size-4" />
          {t('reviewing.undo')}
        </button>
      )}
    </div>
  );
}

/** One press for all on a card who still wait. */
export function AllFine({ checkInIds, names }: { checkInIds: string[]; names: string[] }) {
  const t = useTranslate();
  const { isBusy, onDecide } = useDesk();
  return (
    <button
      type="button"
      data-decision="all-fine"
      aria-disabled={isBusy}
      className={buttonStyle({ kind: 'second', size: 'small' })}
      onClick={() => {
        onDecide({ checkInIds, names, decision: 'fine', was: null });
      }}
    >
      <Check aria-hidden className="size-4" />
      {t('reviewing.all-fine')}
    </button>
  );
}
