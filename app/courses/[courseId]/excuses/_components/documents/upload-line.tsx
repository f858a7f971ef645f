'use client';

import { CircleAlert, CircleCheck, RotateCw, X } from 'lucide-react';
import { ProgressBar } from 'react-aria-components';
import { formatBytes } from '#lib/i18n/format.ts';
import { tellError } from '#lib/i18n/tell-error.ts';
import type { Translate } from '#lib/i18n/translate.ts';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { DocumentPicture } from './document-picture.tsx';
import { documentUrl } from './send-document.ts';
import { hasArrived, isOnItsWay } from './uploads.ts';
import type { Upload } from './uploads.ts';

/** One document on its way: how far it is, what became of it, and what can be done. */
export function UploadLine({
  courseId,
  upload,
  maxFileBytes,
  onRetry,
  onRemove,
}: {
  courseId: string;
  upload: Upload;
  maxFileBytes: number;
  onRetry: () => void;
  onRemove: () => void;
}) {
  const t = useTranslate();
  const { id, name, content, state, isPicture } = upload;
  const isMoving = isOnItsWay(upload);
  const share = shareOf(upload);
  const told = tellState(upload, maxFileBytes, t);
  return (
    <li className="flex items-center gap-3 p-2.5" data-state={state.kind}>
      <DocumentPicture
        source={
          isPicture
            ? (content ?? (hasArrived(upload) ? `${documentUrl(courseId, id)}?preview` : undefined))
            : undefined
        }
      />
      <div className="min-w-0 flex-1">
        <p className="truncate" title={name}>
          <bdi>{name}</bdi>
        </p>
        {isMoving && (
          <ProgressBar value={share * 100} aria-label={t('my-excuse.upload.progress', { name })}>
            <span className="my-1 block h-1.5 overflow-hidden rounded-full bg-line">
              <span
                className="block h-full rounded-full bg-brand transition-[width] duration-150"
                style={{ width: `${String(share * 100)}%` }}
              />
            </span>
          </ProgressBar>
        )}
        <p
          aria-hidden
          className={`flex items-start gap-1.5 text-sm tabular-nums ${
            state.kind === 'failed' || state.kind === 'refused' ? 'text-danger' : 'text-quiet'
          }`}
        >
          {hasArrived(upload) && <CircleCheck className="mt-0.5 size-4 shrink-0 text-present" />}
          {(state.kind === 'failed' || state.kind === 'refused') && (
            <CircleAlert className="mt-0.5 size-4 shrink-0" />
          )}
          {told}
        </p>
        {/* The same for the ear, in few steps. */}
        <p role="status" className="sr-only">
          {name}: {state.kind === 'sending' ? tellQuarter(state.share, t) : told}
        </p>
        {state.kind === 'failed' && (
          <button
            type="button"
            onClick={onRetry}
            aria-label={t('my-excuse.upload.retry-one', { name })}
            className={`mt-2 ${buttonStyle({ kind: 'second', size: 'small' })}`}
          >
            <RotateCw aria-hidden className="size-4" />
            {t('my-excuse.upload.retry')}
          </button>
        )}
      </div>
      <button
        type="button"
        onClick={onRemove}
        aria-label={t(isMoving ? 'my-excuse.upload.cancel' : 'my-excuse.upload.remove', { name })}
        title={t(isMoving ? 'my-excuse.upload.cancel' : 'my-excuse.upload.remove', { name })}
        className={`size-10 shrink-0 ${buttonStyle({ kind: 'quiet', size: 'small' })}`}
      >
        <X aria-hidden className="size-5 shrink-0" />
      </button>
    </li>
  );
}

/** How far it is, of 1. */
function shareOf({ state }: Upload): number {
  if (state.kind === 'sending') return state.share;
  return state.kind === 'checking' || state.kind === 'kept' ? 1 : 0;
}

function tellQuarter(share: number, t: Translate): string {
  return t('my-excuse.upload.quarter', { percent: Math.floor(share * 4) * 25 });
}

function tellState({ state, bytes }: Upload, maxFileBytes: number, t: Translate): string {
  const size = formatBytes(bytes, t.language);
  switch (state.kind) {
    case 'waiting':
      return t('my-excuse.upload.waiting', { size });
    case 'preparing':
      return t('my-excuse.upload.preparing', { size });
    case 'sending':
      return t('my-excuse.upload.sending', { percent: Math.floor(state.share * 100), size });
    case 'checking':
      return t('my-excuse.upload.checking');
    case 'kept':
      return t('my-excuse.upload.kept', { size });
    case 'failed':
      return state.code === 'unreachable' ? t('my-excuse.upload.unreachable') : tellError(state.code, t);
    case 'refused':
      return state.why === 'left' || state.why === 'gone'
        ? t(`my-excuse.upload.${state.why}`)
        : t(`excuse-file.refused.${state.why}`, { size: formatBytes(maxFileBytes, t.language) });
  }
}
