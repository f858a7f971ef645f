import { processSingleton } from '../base/process-singleton.ts';
import { onStopping } from '../base/shutdown.ts';
import { createHub } from '../live/hub.ts';
import type { Hub } from '../live/hub.ts';
import { currentProcess } from './process.ts';

const holder = processSingleton('live-hub', () => ({ current: undefined as Hub | undefined }));

/** The process' one ear for live notices. A pooler's address cannot listen, so the direct one is taken. */
export function liveHub(): Hub {
  const { directAddress, log } = currentProcess();
  if (holder.current === undefined) {
    holder.current = createHub({ address: directAddress, log });
    onStopping(closeLiveHub);
  }
  return holder.current;
}

/** Ends the streams that watch and the connection that listens; part of an orderly stop. */
export async function closeLiveHub(): Promise<void> {
  await holder.current?.close();
  holder.current = undefined;
}
