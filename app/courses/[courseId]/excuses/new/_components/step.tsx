import { useId } from 'react';
import type { ReactNode } from 'react';

/** One of the steps that stand below each other. */
export function Step({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const heading = useId();
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading} className="mb-2 text-lg font-semibold">
        {title}
      </h2>
      {lead !== undefined && <p className="mb-3 text-quiet">{lead}</p>}
      {children}
    </section>
  );
}
