'use client';

import { CircleCheck, CircleDashed, LoaderCircle, LogOut } from 'lucide-react';
import { useTranslate } from '../../../../../../_components/language.tsx';
import { statusStyles } from '../../../../../../_components/status.tsx';
import type { Direction } from '#lib/check-in-windows/input.ts';
import { formatTime } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import type { Presence } from './read-presence.ts';

export interface Student {
  membershipId: string;
  /** Family name first. */
  name: string;
  sections: readonly string[];
  state: Presence;
  /** Expected at this meeting. */
  isDue: boolean;
}

/** One student, as large as a thumb. */
export function StudentRow({
  student: { name, sections, state, isDue },
  direction,
  timeZone,
  isBusy,
  onPress,
}: {
  student: Student;
  direction: Direction;
  timeZone: string;
  isBusy: boolean;
  onPress: () => void;
}) {
  const t = useTranslate();
  const told = isBusy ? t('help.busy') : tellState(state, timeZone, t);
  const facts = [...sections, ...(isDue ? [] : [t('help.not-due')])];
  return (
    <li className="border-b border-line">
      <button
        type="button"
        aria-disabled={isBusy}
        onClick={isBusy ? undefined : onPress}
        className="flex min-h-14 w-full items-center gap-3 px-1 py-2 text-left select-none hover:bg-sunken active:bg-brand-soft"
      >
        <span className="sr-only">{t(`help.direction.${direction}`)}: </span>
        <StateIcon state={state} isBusy={isBusy} />
        <span className="min-w-0 flex-1">
          <bdi className="block text-lg leading-snug font-medium [overflow-wrap:anywhere]">{name}</bdi>
          <span className="block text-sm text-quiet">{[told, ...facts].join(' · ')}</span>
        </span>
      </button>
    </li>
  );
}

function StateIcon({ state, isBusy }: { state: Presence; isBusy: boolean }) {
  const size = 'size-6 shrink-0';
  if (isBusy) return <LoaderCircle aria-hidden className={`${size} text-quiet motion-safe:animate-spin`} />;
  switch (state.kind) {
    case 'away':
      return <CircleDashed aria-hidden className={`${size} text-quiet`} />;
    case 'here':
      return <CircleCheck aria-hidden className={`${size} text-present`} />;
    case 'left':
      return <LogOut aria-hidden className={`${size} text-quiet`} />;
    case 'marked': {
      const { Icon, text } = statusStyles[state.status];
      return <Icon aria-hidden className={`${size} ${text}`} />;
    }
  }
}

function tellState(state: Presence, timeZone: string, t: Translate): string {
  const time = (at: Date) => formatTime(at, timeZone, t.language);
  switch (state.kind) {
    case 'away':
      return t('help.state.away');
    case 'here':
      return t('help.state.here', { time: time(state.since) });
    case 'left':
      return t('help.state.left', { time: time(state.at) });
    case 'marked':
      return t('help.state.marked', { status: t(`status.${state.status}`) });
  }
}
