import { CircleCheck, CircleDashed, CircleX, Clock, FileCheck, LogOut } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { Status } from '#lib/base/statuses.ts';
import { IconLabel } from './icon-label.tsx';

export type ShownStatus = Status | 'untaken';

/** Each status by icon and colour; the word always stands beside them. */
export const statusStyles: Record<
  ShownStatus,
  { Icon: LucideIcon; soft: string; bar: string; text: string }
> = {
  present: {
    Icon: CircleCheck,
    soft: 'bg-present-soft text-present',
    bar: 'bg-present',
    text: 'text-present',
  },
  late: { Icon: Clock, soft: 'bg-late-soft text-late', bar: 'bg-late', text: 'text-late' },
  partial: { Icon: LogOut, soft: 'bg-partial-soft text-partial', bar: 'bg-partial', text: 'text-partial' },
  absent: { Icon: CircleX, soft: 'bg-absent-soft text-absent', bar: 'bg-absent', text: 'text-absent' },
  excused: { Icon: FileCheck, soft: 'bg-excused-soft text-excused', bar: 'bg-excused', text: 'text-excused' },
  untaken: {
    Icon: CircleDashed,
    soft: 'bg-untaken-soft text-untaken',
    bar: 'bg-untaken',
    text: 'text-untaken',
  },
};

/** A status as a small label. The caller gives the word, in the page's language. */
export function StatusLabel({ status, word }: { status: ShownStatus; word: string }) {
  const { Icon, soft } = statusStyles[status];
  return <IconLabel Icon={Icon} soft={soft} word={word} />;
}
