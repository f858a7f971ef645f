import { processSingleton } from './process-singleton.ts';

/** Says with an answer which release gave it. */
export const releaseHeader = 'x-sk-release';

const running = processSingleton('release', () => ({ name: '' }));

/** Called once, by the server of a build. */
export function nameRelease(name: string): void {
  running.name = name;
}

/** The build that this process serves; nothing while developing. */
export function runningRelease(): string {
  return running.name;
}
