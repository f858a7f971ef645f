import type { ReactNode } from 'react';

/** The first of a list's lines; the rest is a click away, so that a long course stays a short page. */
export function OwnMeetingList({
  lines,
  atOnce,
  tellRest,
}: {
  lines: readonly ReactNode[];
  atOnce: number;
  tellRest: (count: number) => string;
}) {
  const rest = lines.slice(atOnce);
  return (
    <>
      <ul className="mt-2 border-t border-line">{lines.slice(0, atOnce)}</ul>
      {rest.length > 0 && (
        <details>
          <summary className="w-fit cursor-pointer px-2 py-2.5 text-brand">{tellRest(rest.length)}</summary>
          <ul className="border-t border-line">{rest}</ul>
        </details>
      )}
    </>
  );
}
