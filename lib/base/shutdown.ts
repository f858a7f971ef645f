import { processSingleton } from './process-singleton.ts';

type Work = () => Promise<void>;

const state = processSingleton('shutdown', () => ({
  streams: [] as Work[],
  works: [] as Work[],
  managed: false,
  listening: false,
  stopping: false,
}));

/** What holds answers open (live streams), to be ended first: a server waits for its open answers. */
export function onStopping(work: Work): void {
  state.streams.push(work);
}

/** Ends what holds answers open, each once. */
export function endStreams(onFailure: (error: unknown) => void): Promise<void> {
  state.stopping = true;
  return doAll(state.streams, onFailure);
}

/** Whether the process is about to end: balancers are told to let go of it. */
export function isStopping(): boolean {
  return state.stopping;
}

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
  await doAll(state.streams, onFailure);
  await doAll(state.works, onFailure);
}

async function doAll(works: Work[], onFailure: (error: unknown) => void): Promise<void> {
  for (let work = works.pop(); work !== undefined; work = works.pop()) {
    try {
      await work();
    } catch (error) {
      onFailure(error);
    }
  }
}
