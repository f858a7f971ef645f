import { env } from '../base/env.ts';
import { errorFacts } from '../base/log.ts';
import { processSingleton } from '../base/process-singleton.ts';
import { listFrameHosts } from '../platforms/list-frame-hosts.ts';
import { currentProcess } from './process.ts';

const maxAgeMs = 60_000;
const known = processSingleton('frame-ancestors', () => ({ sources: '', readAt: -Infinity, reading: false }));

/**
 * The CSP sources that may frame us: the registered platforms' pages. Read now and then in the background,
 * so that no answer waits for it and the database may be away.
 */
export function frameAncestors(): string {
  if (Date.now() - known.readAt > maxAgeMs && !known.reading) {
    known.reading = true;
    void refreshFrameAncestors().finally(() => {
      known.reading = false;
    });
  }
  return ["'self'", ...env().FRAME_ANCESTORS, known.sources].filter((source) => source !== '').join(' ');
}

/** Reads the registered platforms now; awaited at start-up, so that the first page is right too. */
export async function refreshFrameAncestors(): Promise<void> {
  const { database, log } = currentProcess();
  try {
    known.sources = (await listFrameHosts(database.db)).join(' ');
    known.readAt = Date.now();
  } catch (error) {
    log.warn(errorFacts(error), 'frame ancestors could not be read; the last ones count');
  }
}
