import type { LucideIcon } from 'lucide-react';

/** A small label by icon, colour and word; the word in the page's language. */
export function IconLabel({ Icon, soft, word }: { Icon: LucideIcon; soft: string; word: string }) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full px-2.5 py-0.5 text-sm font-medium ${soft}`}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      {word}
    </span>
  );
}
