import { CircleCheck, CircleX, Hourglass, Undo2 } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ExcuseState } from '#lib/excuses/rules.ts';
import { IconLabel } from '../../../_components/icon-label.tsx';

const styles: Record<ExcuseState, { Icon: LucideIcon; soft: string }> = {
  submitted: { Icon: Hourglass, soft: 'bg-late-soft text-late' },
  accepted: { Icon: CircleCheck, soft: 'bg-present-soft text-present' },
  declined: { Icon: CircleX, soft: 'bg-absent-soft text-absent' },
  withdrawn: { Icon: Undo2, soft: 'bg-untaken-soft text-untaken' },
};

/** An excuse's state as a small label. The caller gives the word, in the page's language. */
export function ExcuseStateLabel({ state, word }: { state: ExcuseState; word: string }) {
  const { Icon, soft } = styles[state];
  return <IconLabel Icon={Icon} soft={soft} word={word} />;
}
