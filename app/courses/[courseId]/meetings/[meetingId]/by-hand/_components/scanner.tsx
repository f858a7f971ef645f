'use client';

import { CameraOff, X } from 'lucide-react';
import { buttonStyle } from '../../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../../_components/language.tsx';
import { OpenInNewWindow } from '../../../../../../_components/open-in-new-window.tsx';
import { useScanner } from './use-scanner.ts';

/** The camera's picture, or in words why there is none. */
export function Scanner({
  address,
  onScan,
  onStop,
}: {
  /** This page's own, for a window of its own. */
  address: string;
  onScan: (text: string) => void;
  onStop: () => void;
}) {
  const t = useTranslate();
  const { video, state } = useScanner(onScan);
  const stop = (words: 'help.scan.stop' | 'help.close') => (
    <button type="button" onClick={onStop} className={`${buttonStyle({ kind: 'second' })} w-full`}>
      <X aria-hidden className="size-4" />
      {t(words)}
    </button>
  );
  if (state.kind === 'problem') {
    const { problem } = state;
    return (
      <div role="alert" className="rounded-md border border-late bg-warning-soft p-4">
        <p className="flex items-start gap-2 font-semibold">
          <CameraOff aria-hidden className="mt-0.5 size-5 shrink-0 text-late" />
          {t(`help.scan.${problem}.title`)}
        </p>
        <p className="mt-1 mb-3">{t(`help.scan.${problem}.todo`)}</p>
        {problem === 'framed' && (
          <OpenInNewWindow
            action="/handover"
            fields={{ to: address }}
            blockedText={t('window.blocked')}
            className="mb-2"
          >
            <button type="submit" className={`${buttonStyle({ kind: 'primary' })} w-full`}>
              {t('help.open-window')}
            </button>
          </OpenInNewWindow>
        )}
        {stop('help.close')}
      </div>
    );
  }
  return (
    <div>
      <video
        ref={video}
        muted
        playsInline
        aria-label={t('help.scan.picture')}
        className="mb-2 aspect-video w-full rounded-md bg-[#000] object-cover"
      />
      <p
        role="status"
        className="mb-2 text-center text-quiet"
        data-testid="scan-state"
        data-state={state.kind}
      >
        {t(`help.scan.${state.kind}`)}
      </p>
      {stop('help.scan.stop')}
    </div>
  );
}
