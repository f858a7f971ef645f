import { setTimeout as delay } from 'node:timers/promises';
import { processSingleton } from '../base/process-singleton.ts';
import { createServiceClient } from '../lti/service-client.ts';
import type { ServiceClient } from '../lti/service-client.ts';
import { currentProcess } from './process.ts';

/** The one client for the services of all platforms: it counts this process' calls and keeps its tokens. */
export function platformServices(): ServiceClient {
  return processSingleton('platform-services', () =>
    createServiceClient({
      fetchOutside: (url, request) => currentProcess().fetchOutside(url, request),
      now: () => currentProcess().clock.now(),
      wait: (ms, calledOff) => delay(ms, undefined, { signal: calledOff }),
      random: Math.random,
    }),
  );
}
