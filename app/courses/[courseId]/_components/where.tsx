import { Video } from 'lucide-react';
import type { Translate } from '#lib/i18n/translate.ts';
import { RoomLabel } from './room-label.tsx';

export interface WhereHeld {
  room: string | null;
  onlineUrl: string | null;
  onlinePlatform: string | null;
}

/** Where a meeting is held: its room, its link, both or neither. The link opens a page of somebody else. */
export function Where({ meeting, t }: { meeting: WhereHeld; t: Translate }) {
  const { room, onlineUrl, onlinePlatform } = meeting;
  return (
    <>
      {room !== null && <RoomLabel room={room} t={t} />}
      {onlineUrl !== null && (
        <a
          href={onlineUrl}
          target="_blank"
          rel="noopener noreferrer"
          className="relative inline-flex min-w-0 items-baseline gap-1 py-0.5 text-brand underline"
        >
          <Video aria-hidden className="size-3.5 shrink-0 translate-y-0.5" />
          <span className="truncate">
            {t('where.online', { place: onlinePlatform ?? new URL(onlineUrl).hostname })}
          </span>
        </a>
      )}
    </>
  );
}
