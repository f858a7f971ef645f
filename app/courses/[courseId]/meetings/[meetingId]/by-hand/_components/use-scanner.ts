'use client';

import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { loadCodeReader } from './load-code-reader.ts';
import { createScanFilter } from './filter-scans.ts';

/** Why nothing can be scanned here. `framed`: the platform's page keeps the camera to itself. */
export type ScanProblem = 'none' | 'insecure' | 'denied' | 'framed' | 'busy' | 'reader';

export type ScanState =
  { kind: 'starting' } | { kind: 'looking' } | { kind: 'problem'; problem: ScanProblem };

/** Between two pictures that are read: enough for a hand that holds a card, and easy on the battery. */
const everyMs = 150;

/** Runs the camera as long as the component lives, and hands over each code that it sees, once. */
export function useScanner(onScan: (text: string) => void): {
  /** For the element that shows the picture; it stands there from the start. */
  video: RefObject<HTMLVideoElement | null>;
  state: ScanState;
} {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<ScanState>({ kind: 'starting' });
  const handle = useRef(onScan);
  useEffect(() => {
    handle.current = onScan;
  }, [onScan]);

  useEffect(() => {
    const ended = new AbortController();
    const isOver = () => ended.signal.aborted;
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = () => {
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
    const fail = (problem: ScanProblem) => {
      stop();
      if (!isOver()) setState({ kind: 'problem', problem });
    };

    const start = async () => {
      const opened = await openCamera();
      if (typeof opened === 'string') {
        fail(opened);
        return;
      }
      stream = opened;
      const shown = video.current;
      // The page was left while the browser asked.
      if (isOver() || shown === null) {
        stop();
        return;
      }
      shown.srcObject = stream;
      const [reader] = await Promise.allSettled([loadCodeReader(), shown.play()]);
      if (reader.status === 'rejected') {
        fail('reader');
        return;
      }
      if (isOver()) return;
      setState({ kind: 'looking' });
      const filter = createScanFilter();
      const look = async () => {
        if (shown.videoWidth > 0) {
          // A picture that cannot be read is followed by the next one.
          const seen = await reader.value(shown).catch(() => []);
          const text = filter(seen, performance.now());
          if (text !== undefined && !isOver()) handle.current(text);
        }
        if (!isOver()) timer = setTimeout(() => void look(), everyMs);
      };
      // Pulled out, or taken back by the browser.
      stream.getVideoTracks()[0]?.addEventListener('ended', () => {
        fail('busy');
      });
      void look();
    };

    void start();
    return () => {
      ended.abort();
      clearTimeout(timer);
      stop();
    };
  }, []);
  return { video, state };
}

async function openCamera(): Promise<MediaStream | ScanProblem> {
  if (!window.isSecureContext) return 'insecure';
  // Old browsers have none, whatever the types say.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) return 'none';
  try {
    return await devices.getUserMedia({
      audio: false,
      video: { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'none';
    if (name !== 'NotAllowedError' && name !== 'SecurityError') return 'busy';
    return window.self === window.top ? 'denied' : 'framed';
  }
}
