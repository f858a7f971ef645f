'use client';

import { Printer } from 'lucide-react';
import { buttonStyle } from '../../../../../../_components/button.tsx';

/** Opens the browser's own print dialog; not itself on the paper. */
export function PrintButton({ word }: { word: string }) {
  return (
    <button
      type="button"
      onClick={() => {
        window.print();
      }}
      className={`${buttonStyle({ kind: 'primary' })} print:hidden`}
    >
      <Printer aria-hidden className="size-5" />
      {word}
    </button>
  );
}
