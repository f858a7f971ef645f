'use client';

import { CheckCheck, Dices, PenLine, Trash2 } from 'lucide-react';
import { useOptimistic, useState, useTransition } from 'react';
import { buttonStyle } from '../../../../../../_components/button.tsx';
import { NumberField } from '../../../../../../_components/fields.tsx';
import { useTranslate } from '../../../../../../_components/language.tsx';
import { drop, end, markAbsent, start, tick } from '../actions.ts';
import { useDesk } from './desk.tsx';

/** Says what no longer was as it was shown. */
function useSteps() {
  const { place, isBusy, run, attempt } = useDesk();
  const [isChanged, setChanged] = useState(false);
  const note = ({ kind }: { kind: string }) => {
    setChanged(kind === 'changed');
  };
  return { place, isBusy, run, attempt, isChanged, note };
}

function Changed({ isShown }: { isShown: boolean }) {
  const t = useTranslate();
  return (
    <p role="status" className="mt-2 text-sm text-late empty:hidden">
      {isShown ? t('spot.changed') : ''}
    </p>
  );
}

export function StartSpotCheck({ usual, max }: { usual: number; max: number }) {
  const t = useTranslate();
  const { place, isBusy, run } = useDesk();
  const [size, setSize] = useState(usual);
  const [isNobody, setNobody] = useState(false);
  const isPossible = Number.isInteger(size) && size >= 1 && size <= max;
  return (
    <div className="mt-3 flex flex-wrap items-end gap-3">
      <NumberField
        label={t('spot.size')}
        name="size"
        value={size}
        minValue={1}
        maxValue={max}
        onChange={setSize}
        className="w-44"
      />
      <button
        type="button"
        aria-disabled={isBusy || !isPossible}
        className={buttonStyle({ kind: 'primary' })}
        onClick={() => {
          if (!isPossible) return;
          run(
            () => start(place, size),
            ({ kind }) => {
              setNobody(kind === 'nobody');
            },
          );
        }}
      >
        <Dices aria-hidden className="size-4" />
        {t('spot.start')}
      </button>
      <p role="status" className="w-full text-sm empty:hidden">
        {isNobody ? t('spot.nobody') : ''}
      </p>
    </div>
  );
}

/** The names to call out, each with a box to tick; what one person ticks the others see. */
export function CallOut({
  spotCheckId,
  picks,
}: {
  spotCheckId: string;
  picks: { membershipId: string; name: string; isThere: boolean; left: string | undefined }[];
}) {
  const t = useTranslate();
  const { place, isBusy, run, attempt, isChanged, note } = useSteps();
  const [, startTick] = useTransition();
  // Ticked at once, however fast one follows the other: they are sent one after another.
  const [ticked, setTicked] = useOptimistic(
    new Map(picks.map(({ membershipId, isThere }) => [membershipId, isThere])),
    (shown, [membershipId, isThere]: [string, boolean]) => new Map(shown).set(membershipId, isThere),
  );
  return (
    <>
      <ol className="mt-2 max-w-xl">
        {picks.map(({ membershipId, name, left }) => (
          <li key={membershipId} className="border-t border-line first:border-t-0">
            <label className="flex min-h-12 cursor-pointer items-center gap-3 px-1 hover:bg-sunken">
              <input
                type="checkbox"
                className="size-5 shrink-0 accent-brand"
                checked={ticked.get(membershipId) === true}
                onChange={(event) => {
                  const isThere = event.currentTarget.checked;
                  startTick(async () => {
                    setTicked([membershipId, isThere]);
                    await attempt(() => tick(place, { spotCheckId, membershipId, isThere }), note);
                  });
                }}
              />
              <span>
                <bdi className="text-lg [overflow-wrap:anywhere]">{name}</bdi>
                <span className="block text-sm text-quiet empty:hidden">{left}</span>
              </span>
            </label>
          </li>
        ))}
      </ol>
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <button
          type="button"
          aria-disabled={isBusy}
          className={buttonStyle({ kind: 'primary' })}
          onClick={() => {
            run(() => end(place, spotCheckId, true), note);
          }}
        >
          <CheckCheck aria-hidden className="size-4" />
          {t('spot.end')}
        </button>
        <button
          type="button"
          aria-disabled={isBusy}
          className={buttonStyle({ kind: 'quiet' })}
          onClick={() => {
            run(() => drop(place, spotCheckId), note);
          }}
        >
          <Trash2 aria-hidden className="size-4" />
          {t('spot.drop')}
        </button>
        <span className="text-sm text-quiet">{t('spot.end.hint')}</span>
      </div>
      <Changed isShown={isChanged} />
    </>
  );
}

/** The way back into a spot check that has ended. */
export function CorrectSpotCheck({ spotCheckId }: { spotCheckId: string }) {
  const t = useTranslate();
  const { place, isBusy, run, isChanged, note } = useSteps();
  return (
    <>
      <button
        type="button"
        aria-disabled={isBusy}
        className={buttonStyle({ kind: 'quiet', size: 'small' })}
        onClick={() => {
          run(() => end(place, spotCheckId, false), note);
        }}
      >
        <PenLine aria-hidden className="size-4" />
        {t('spot.correct')}
      </button>
      <Changed isShown={isChanged} />
    </>
  );
}

export function MarkAbsent(pick: { membershipId: string; name: string; revision: number }) {
  const t = useTranslate();
  const { place, isBusy, run, isChanged, note } = useSteps();
  const what = t('spot.mark-absent');
  return (
    <>
      <button
        type="button"
        aria-disabled={isBusy}
        aria-label={t('reviewing.of', { what, name: pick.name })}
        className={buttonStyle({ kind: 'second', size: 'small' })}
        onClick={() => {
          const { membershipId, revision } = pick;
          run(
            () => markAbsent(place, { membershipId, revision }),
            (kind) => {
              note({ kind: kind === 'marked' ? 'done' : 'changed' });
            },
          );
        }}
      >
        {what}
      </button>
      <Changed isShown={isChanged} />
    </>
  );
}
