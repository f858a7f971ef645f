'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import { v4 as newId } from 'uuid';
import { prepareDocument } from './prepare-document.ts';
import { dropDocument, sendDocument } from './send-document.ts';
import { openUploads, remember } from './uploads.ts';
import type { RememberedUpload, Upload, Uploads } from './uploads.ts';

const none: readonly Upload[] = [];

/** The documents of one form. `onChange` is told what outlives a reload, whenever that changes. */
export function useUploads(
  { courseId, maxFileBytes }: { courseId: string; maxFileBytes: number },
  {
    remembered = [],
    room,
    onChange,
  }: {
    remembered?: readonly RememberedUpload[];
    room: number;
    onChange?: (remembered: RememberedUpload[]) => void;
  },
): { uploads: Uploads; list: readonly Upload[] } {
  const [uploads] = useState(() =>
    openUploads(
      {
        prepare: (file) => prepareDocument(file, maxFileBytes),
        send: (document, options) => sendDocument(courseId, document, options),
        drop: (id) => {
          dropDocument(courseId, id);
        },
        newId,
      },
      { remembered, room },
    ),
  );
  const list = useSyncExternalStore(uploads.watch, uploads.list, () => none);

  useEffect(() => {
    window.addEventListener('online', uploads.retryAll);
    return () => {
      window.removeEventListener('online', uploads.retryAll);
      uploads.stop();
    };
  }, [uploads]);

  useEffect(() => {
    if (onChange === undefined) return;
    let told = JSON.stringify(remember(uploads.list()));
    return uploads.watch(() => {
      const now = remember(uploads.list());
      if (JSON.stringify(now) === told) return;
      told = JSON.stringify(now);
      onChange(now);
    });
  }, [uploads, onChange]);

  return { uploads, list };
}
