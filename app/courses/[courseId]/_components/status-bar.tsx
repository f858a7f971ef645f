import { statusStyles } from '../../../_components/status.tsx';
import { statuses } from '#lib/base/statuses.ts';
import type { Status } from '#lib/base/statuses.ts';

export type StatusCounts = Partial<Record<Status, number>>;

/** How a meeting's (or a person's) statuses share the whole. A picture only: the figures stand beside it. */
export function StatusBar({ counts, total }: { counts: StatusCounts; total: number }) {
  if (total === 0) return null;
  return (
    <span aria-hidden className="flex h-1.5 w-full gap-px overflow-hidden rounded-full bg-line">
      {statuses.map((status) => {
        const count = counts[status] ?? 0;
        if (count === 0) return null;
        return (
          <span
            key={status}
            className={statusStyles[status].bar}
            style={{ width: `${String((count / total) * 100)}%` }}
          />
        );
      })}
    </span>
  );
}

/** Everybody who was there, for however long. */
export function countAttended(counts: StatusCounts): number {
  return (counts.present ?? 0) + (counts.late ?? 0) + (counts.partial ?? 0);
}
