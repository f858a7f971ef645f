import Link from 'next/link';
import type { Translate } from '#lib/i18n/translate.ts';

const rooms = ['waiting', 'decided', 'all', 'who'] as const;

/** What the pages of excuses are, and the way between them. */
export function DeskHeading({
  courseId,
  here,
  waiting,
  t,
}: {
  courseId: string;
  here: (typeof rooms)[number];
  waiting: number;
  t: Translate;
}) {
  const home = `/courses/${courseId}/excuses`;
  return (
    <div>
      <h1 className="text-xl font-semibold">{t('desk-excuse.title')}</h1>
      <nav aria-label={t('desk-excuse.show')} className="mt-2">
        <ul className="flex flex-wrap gap-1.5">
          {rooms.map((room) => (
            <li key={room}>
              <Link
                href={room === 'who' ? `${home}/who` : room === 'waiting' ? home : `${home}?show=${room}`}
                aria-current={room === here ? 'page' : undefined}
                className={`inline-flex min-h-9 items-center rounded-full border px-3.5 text-sm ${
                  room === here
                    ? 'border-brand bg-brand-soft font-medium text-brand'
                    : 'border-line hover:bg-sunken'
                }`}
              >
                {t(`desk-excuse.show.${room}`, { count: waiting })}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}
