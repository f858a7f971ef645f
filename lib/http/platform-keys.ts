import { processSingleton } from '../base/process-singleton.ts';
import { createPlatformKeys } from '../lti/platform-keys.ts';
import type { PlatformKeys } from '../lti/platform-keys.ts';
import { currentProcess } from './process.ts';

const byAddress = processSingleton('platform-keys', () => new Map<string, PlatformKeys>());

/** The keys of a platform, read once per process and kept. */
export function platformKeysOf(platform: { jwksUrl: string }): PlatformKeys {
  let keys = byAddress.get(platform.jwksUrl);
  if (keys === undefined) {
    keys = createPlatformKeys(platform.jwksUrl, currentProcess().fetchOutside, () => performance.now());
    byAddress.set(platform.jwksUrl, keys);
  }
  return keys;
}
