import { Download } from 'lucide-react';
import type { MyExcusesView } from '#lib/excuses/load-my-excuses.ts';
import { formatBytes } from '#lib/i18n/format.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import { DocumentPicture } from './documents/document-picture.tsx';
import { documentUrl } from './documents/send-document.ts';

/** The documents of an excuse: to be opened, or when they were deleted. */
export function MyDocuments({
  courseId,
  files,
  tellDay,
  t,
}: {
  courseId: string;
  files: MyExcusesView['excuses'][number]['files'];
  tellDay: (at: Date) => string;
  t: Translate;
}) {
  return (
    <div className="mt-3">
      <h3 className="text-sm text-quiet">{t('my-excuse.documents')}</h3>
      <ul className="mt-1 grid gap-1.5">
        {files.map(({ id, name, mediaType, bytes, discardedAt }) => (
          <li key={id} className="flex min-w-0 items-center gap-3">
            {discardedAt === null && name !== null ? (
              <>
                <DocumentPicture
                  source={mediaType === 'image/jpeg' ? `${documentUrl(courseId, id)}?preview` : undefined}
                />
                <a
                  href={documentUrl(courseId, id)}
                  download
                  aria-label={t('my-excuse.document.open', { name })}
                  className="inline-flex min-h-10 min-w-0 items-center gap-1.5 text-brand underline"
                >
                  <Download aria-hidden className="size-4 shrink-0" />
                  <bdi className="truncate">{name}</bdi>
                </a>
                <span className="shrink-0 text-sm text-quiet">{formatBytes(bytes, t.language)}</span>
              </>
            ) : (
              <span className="text-quiet">
                <bdi>{name ?? t('my-excuse.document.erased')}</bdi>
                {discardedAt !== null && `, ${t('my-excuse.document.deleted', { at: tellDay(discardedAt) })}`}
              </span>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}
