import { join } from 'node:path';

/** What a browser is started with: nothing of npm's, and all that it keeps goes into this folder. */
export function browserEnvironment(folder: string, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const ofNpm = Object.keys(process.env).filter((name) => name.startsWith('npm_'));
  return {
    ...process.env,
    ...Object.fromEntries(ofNpm.map((name) => [name, undefined])),
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, '.config'),
    XDG_CACHE_HOME: join(folder, '.cache'),
    XDG_DATA_HOME: join(folder, '.local/share'),
    ...more,
  };
}
