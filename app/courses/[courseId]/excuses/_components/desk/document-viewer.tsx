'use client';

import { ChevronLeft, ChevronRight, Download, ExternalLink, FileX, ZoomIn, ZoomOut } from 'lucide-react';
import { useState } from 'react';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { OpenInNewWindow } from '../../../../../_components/open-in-new-window.tsx';
import type { ToldDocument } from './tell-excuse.ts';

const small = buttonStyle({ kind: 'quiet', size: 'small' });

/** An excuse's documents in place, one at a time. */
export function DocumentViewer({
  courseId,
  documents,
}: {
  courseId: string;
  documents: readonly ToldDocument[];
}) {
  const t = useTranslate();
  const [at, setAt] = useState(0);
  const index = Math.min(at, documents.length - 1);
  const document = documents[index];
  if (document === undefined) return <p className="text-quiet">{t('desk-excuse.documents.none')}</p>;
  const count = documents.length;
  const name = document.name ?? t('desk-excuse.document.unnamed');
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        {count > 1 && (
          <div className="flex items-center">
            {(
              [
                ['previous', -1, ChevronLeft],
                ['next', 1, ChevronRight],
              ] as const
            ).map(([way, step, Icon]) => {
              const isPossible = documents[index + step] !== undefined;
              return (
                <button
                  key={way}
                  type="button"
                  aria-label={t(`desk-excuse.document.${way}`)}
                  aria-disabled={!isPossible}
                  className={`${small} aria-disabled:cursor-default aria-disabled:opacity-55`}
                  onClick={() => {
                    if (isPossible) setAt(index + step);
                  }}
                >
                  <Icon aria-hidden className="size-4" />
                </button>
              );
            })}
          </div>
        )}
        <p className="min-w-0 flex-1 basis-40 [overflow-wrap:anywhere]" aria-live="polite">
          {count > 1 && (
            <span className="text-quiet">{t('desk-excuse.document', { number: index + 1, count })}: </span>
          )}
          <bdi>{name}</bdi>
        </p>
      </div>
      <OneDocument
        key={document.id}
        address={`/api/courses/${courseId}/excuse-files/${document.id}`}
        document={document}
        name={name}
      />
    </>
  );
}

function OneDocument({
  address,
  document: { isPdf, gone },
  name,
}: {
  address: string;
  document: ToldDocument;
  name: string;
}) {
  const t = useTranslate();
  const [isLarge, setLarge] = useState(false);
  const [failures, setFailures] = useState(0);
  const [isFailed, setFailed] = useState(false);
  if (gone !== null) {
    return (
      <p className="mt-2 flex items-center gap-2.5 rounded-md bg-sunken p-4 text-quiet">
        <FileX aria-hidden className="size-5 shrink-0" />
        {t('desk-excuse.document.gone', { when: gone })}
      </p>
    );
  }
  const preview = `${address}?preview`;
  return (
    <>
      {isPdf ? (
        // Without a sandbox attribute, which would keep browsers from showing it: the answer itself is sandboxed.
        <iframe
          src={preview}
          title={name}
          className="mt-2 h-[44rem] w-full rounded-md border border-line bg-sunken"
        />
      ) : isFailed ? (
        <div role="alert" className="mt-2 rounded-md border border-danger bg-danger-soft p-4">
          <p>{t('desk-excuse.document.failed')}</p>
          <button
            type="button"
            className={`${buttonStyle({ kind: 'second', size: 'small' })} mt-2`}
            onClick={() => {
              setFailures(failures + 1);
              setFailed(false);
            }}
          >
            {t('desk-excuse.document.retry')}
          </button>
        </div>
      ) : (
        <div
          // What can be moved about can be moved about with the keyboard.
          tabIndex={isLarge ? 0 : undefined}
          role={isLarge ? 'region' : undefined}
          aria-label={isLarge ? name : undefined}
          className={`mt-2 flex max-h-[44rem] min-h-60 rounded-md border border-line bg-sunken ${isLarge ? 'overflow-auto' : 'items-center justify-center overflow-hidden'}`}
        >
          <img
            key={failures}
            src={preview}
            alt={name}
            className={isLarge ? 'w-[200%] max-w-none self-start' : 'max-h-[44rem] max-w-full object-contain'}
            onError={() => {
              setFailed(true);
            }}
          />
        </div>
      )}
      <div className="mt-1 flex flex-wrap items-center gap-x-2">
        {!isPdf && !isFailed && (
          <button
            type="button"
            aria-pressed={isLarge}
            className={small}
            onClick={() => {
              setLarge(!isLarge);
            }}
          >
            {isLarge ? <ZoomOut aria-hidden className="size-4" /> : <ZoomIn aria-hidden className="size-4" />}
            {t(isLarge ? 'desk-excuse.document.shrink' : 'desk-excuse.document.enlarge')}
          </button>
        )}
        <OpenInNewWindow action="/handover" fields={{ to: preview }} blockedText={t('window.blocked')}>
          <button type="submit" className={small}>
            <ExternalLink aria-hidden className="size-4" />
            {t('desk-excuse.document.window')}
          </button>
        </OpenInNewWindow>
        <a href={address} className={small}>
          <Download aria-hidden className="size-4" />
          {t('desk-excuse.document.save')}
        </a>
      </div>
    </>
  );
}
