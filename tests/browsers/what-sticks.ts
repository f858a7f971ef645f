import type { Tab } from './tab.ts';
import { probeCookies, probeCookiesPath, probePath } from './secure-stack.ts';

/** What a page of the tool can keep, with the platform's page around it. */
export interface WhatSticks {
  cookie: boolean;
  partitionedCookie: boolean;
  sessionStorage: boolean;
  localStorage: boolean;
  /** The platform's own, by messages. */
  platformStorage: boolean;
}

/** Shows the probe in the platform's frame for tools, and asks it. */
export async function findWhatSticks(lmsPage: Tab, toolUrl: string): Promise<WhatSticks> {
  await lmsPage.call((url) => {
    document.querySelector('iframe')?.setAttribute('src', url);
  }, `${toolUrl}${probePath}`);
  const frame = lmsPage.frame('#tool_content');
  await frame.waitForPath(new RegExp(`^${probePath}$`));
  return frame.call(
    async (cookiesPath, names) => {
      const cookies = await (await fetch(cookiesPath)).text();
      const keeps = (storage: () => Storage): boolean => {
        try {
          storage().setItem('probe', 'kept');
          return storage().getItem('probe') === 'kept';
        } catch {
          return false;
        }
      };
      const ask = (subject: string, more: object): Promise<unknown> =>
        new Promise((done) => {
          const id = `${subject}-probe`;
          addEventListener('message', ({ data }: MessageEvent<Record<string, unknown>>) => {
            if (data.message_id === id) done(data.value);
          });
          parent.postMessage({ subject, message_id: id, key: 'probe', ...more }, '*');
          setTimeout(done, 2000, undefined);
        });
      await ask('lti.put_data', { value: 'kept' });
      return {
        cookie: cookies.includes(`${names.plain}=1`),
        partitionedCookie: cookies.includes(`${names.partitioned}=1`),
        sessionStorage: keeps(() => sessionStorage),
        localStorage: keeps(() => localStorage),
        platformStorage: (await ask('lti.get_data', {})) === 'kept',
      };
    },
    probeCookiesPath,
    probeCookies,
  );
}
