'use client';

import { Camera, FileUp } from 'lucide-react';
import { useState } from 'react';
import { Button, DropZone, FileTrigger, Text } from 'react-aria-components';
import type { FileDropItem } from 'react-aria-components';
import { formatBytes } from '#lib/i18n/format.ts';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { UploadLine } from './upload-line.tsx';
import type { Upload, Uploads } from './uploads.ts';

/** What dialogs offer first; what a file is, its content says to the server. */
const accepted = ['application/pdf', 'image/jpeg', 'image/png', 'image/heic', 'image/heif', '.heic', '.heif'];

/** Documents by camera, dialog or drop, each with its own way to the server. */
export function DocumentsField({
  courseId,
  uploads,
  list,
  room,
  maxFileBytes,
  problem,
}: {
  courseId: string;
  uploads: Uploads;
  list: readonly Upload[];
  /** How many documents there may be. */
  room: number;
  maxFileBytes: number;
  problem: string | undefined;
}) {
  const t = useTranslate();
  const [leftOver, setLeftOver] = useState(0);
  const isFull = list.length >= room;

  function add(files: readonly File[]) {
    setLeftOver(uploads.add(files));
  }

  return (
    <>
      <DropZone
        className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-md border-2 border-dashed border-edge p-4 data-[drop-target]:border-brand data-[drop-target]:bg-brand-soft sm:p-5"
        getDropOperation={() => 'copy'}
        onDrop={(event) => {
          const dropped = event.items.filter((item): item is FileDropItem => item.kind === 'file');
          void Promise.all(dropped.map((item) => item.getFile())).then(add);
        }}
      >
        <FileUp aria-hidden className="size-7 shrink-0 text-quiet pointer-coarse:hidden" />
        <Text slot="label" className="pointer-coarse:sr-only">
          {t('my-excuse.documents.drop')}
        </Text>
        <span className="hidden pointer-coarse:inline">
          <FileTrigger
            acceptedFileTypes={['image/*']}
            defaultCamera="environment"
            onSelect={(files) => {
              add([...(files ?? [])]);
            }}
          >
            <Button className={buttonStyle({ kind: 'second' })} isDisabled={isFull}>
              <Camera aria-hidden className="size-4" />
              {t('my-excuse.documents.camera')}
            </Button>
          </FileTrigger>
        </span>
        <FileTrigger
          acceptedFileTypes={accepted}
          allowsMultiple
          onSelect={(files) => {
            add([...(files ?? [])]);
          }}
        >
          <Button className={buttonStyle({ kind: 'second' })} isDisabled={isFull}>
            <FileUp aria-hidden className="size-4" />
            {t('my-excuse.documents.choose')}
          </Button>
        </FileTrigger>
      </DropZone>
      <p className="mt-1.5 text-sm text-quiet">
        {t('my-excuse.documents.limits', { count: room, size: formatBytes(maxFileBytes, t.language) })}
      </p>
      <p role="status" className="text-sm font-medium text-late">
        {leftOver > 0 && t('my-excuse.documents.left-over', { count: leftOver, room })}
      </p>
      {list.length > 0 && (
        <ul
          aria-label={t('my-excuse.documents.list')}
          className="mt-3 divide-y divide-line rounded-md border border-line"
        >
          {list.map((upload) => (
            <UploadLine
              key={upload.id}
              courseId={courseId}
              upload={upload}
              maxFileBytes={maxFileBytes}
              onRetry={() => {
                uploads.retry(upload.id);
              }}
              onRemove={() => {
                setLeftOver(0);
                uploads.remove(upload.id);
              }}
            />
          ))}
        </ul>
      )}
      {problem !== undefined && <p className="mt-2 text-sm font-medium text-danger">{problem}</p>}
    </>
  );
}
