'use client';

import { FileText, Image } from 'lucide-react';
import { useCallback, useState } from 'react';

/** A small look at a document: the picture itself where the browser can show it, else a sign. */
export function DocumentPicture({ source }: { source: Blob | string | undefined }) {
  const [unshown, setUnshown] = useState<Blob | string>();
  const show = useCallback(
    (image: HTMLImageElement) => {
      if (source === undefined) return;
      const url = typeof source === 'string' ? source : URL.createObjectURL(source);
      image.src = url;
      return () => {
        URL.revokeObjectURL(url);
      };
    },
    [source],
  );
  const Sign = source === undefined ? FileText : Image;
  return (
    <span className="grid size-12 shrink-0 place-items-center overflow-hidden rounded-sm bg-sunken">
      {source === undefined || source === unshown ? (
        <Sign aria-hidden className="size-6 text-quiet" />
      ) : (
        <img
          ref={show}
          alt=""
          className="size-full object-cover"
          onError={() => {
            setUnshown(source);
          }}
        />
      )}
    </span>
  );
}
