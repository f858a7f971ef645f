import type { ReactNode } from 'react';
import { PrintButton } from './print-button.tsx';

/** A page as it will be on paper: black on white, whatever the screen's colours are. */
export function Paper({
  printWord,
  isList = false,
  children,
}: {
  printWord: string;
  /** Of several pages, which are numbered. */
  isList?: boolean;
  children: ReactNode;
}) {
  return (
    <main className={`min-h-dvh bg-[#fff] text-[#000] scheme-light ${isList ? 'print:[page:numbered]' : ''}`}>
      <div className="mx-auto max-w-[19cm] p-6 print:max-w-none print:p-0">
        <div className="mb-4 flex justify-end">
          <PrintButton word={printWord} />
        </div>
        {children}
      </div>
    </main>
  );
}
