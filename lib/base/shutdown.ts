import { processSingleton } from './process-singleton.ts';

type Work = () => Promise<void>;

const state = processSingleton('shutdown', () => ({ works: [] as Work[], managed: false, listening: false }));

/**
 * Work for the end of the process: closing pools, stopping jobs. The last registered is done first.
 * The production server calls it when the last request is answered; where nobody has taken charge
 * (`next dev`), a signal starts it.
 */
export function onShutdown(work: Work): void {
  state.works.push(work);
  if (state.managed || state.listening) return;
  state.listening = true;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void shutDown(() => undefined);
    });
  }
}

/** From now on the caller runs `shutDown` itself; signals no longer do. */
export function takeChargeOfShutdown(): void {
  state.managed = true;
}

/** Does all the registered work, each once. What fails is reported and does not keep the rest from being done. */
export async function shutDown(onFailure: (error: unknown) => void): Promise<void> {
  for (let work = state.works.pop(); work !== undefined; work = state.works.pop()) {
    try {
      await work();
    } catch (error) {
      onFailure(error);
    }
  }
}
