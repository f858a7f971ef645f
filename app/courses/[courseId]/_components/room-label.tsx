import { MapPin } from 'lucide-react';
import type { Translate } from '#lib/i18n/translate.ts';

/** Where a meeting is held, in the teacher's own words: "301", "Aula", "Werkstatt 2". */
export function RoomLabel({ room, t }: { room: string; t: Translate }) {
  return (
    <span className="inline-flex items-baseline gap-1 text-quiet">
      <MapPin aria-hidden className="size-3.5 translate-y-0.5" />
      <span className="sr-only">{t('form.room')} </span>
      {room}
    </span>
  );
}
