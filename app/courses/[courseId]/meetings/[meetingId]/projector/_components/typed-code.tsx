'use client';

import { useTranslate } from '../../../../../../_components/language.tsx';

/** Where the code is typed, as it stands on the wall. */
export function addressOf(publicUrl: string): string {
  return `${publicUrl.replace(/^https?:\/\//, '')}/c`;
}

/**
 * The code that is typed, in two halves. A screen reader hears it letter by letter; it changes without being announced,
 * because nobody could type while it is told anew.
 */
export function TypedCode({ typed, className }: { typed: string; className: string }) {
  const t = useTranslate();
  const [first = '', second = ''] = typed.split('-');
  const spelled = [first, second].map((half) => Array.from(half).join(' ')).join(', ');
  return (
    <>
      <p className="sr-only" data-testid="spelled-code">{`${t('wall.code')}: ${spelled}`}</p>
      <p
        data-testid="typed-code"
        aria-hidden
        className={`flex gap-x-[0.4em] font-mono leading-none font-bold tracking-[0.08em] slashed-zero ${className}`}
      >
        <span>{first}</span>
        {/* Typed or not, it makes no difference; copied, it parts the two. */}
        <span className="sr-only">-</span>
        <span>{second}</span>
      </p>
    </>
  );
}
