import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, resolve } from 'node:path';
import { startStack } from '../../scripts/stack.ts';
import { freePort } from '../support/free-port.ts';
import { makeTestAuthority } from './test-authority.ts';
import type { TestAuthority } from './test-authority.ts';
import { startTlsFront } from './tls-front.ts';

export interface SecureStack {
  toolUrl: string;
  lmsUrl: string;
  authority: TestAuthority;
  /** Gone after the run. */
  folder: string;
  stop(): Promise<void>;
}

/** A page on the tool's own origin that tries two cookies, and one that tells which of them came back. */
export const probePath = '/probe';
export const probeCookiesPath = '/probe/cookies';
export const probeCookies = { plain: '__Host-plain', partitioned: '__Host-partitioned' } as const;

/** Said in the address of the LMS' page for tools, these change it on its way to the browser. */
export const pageChanges = {
  /** The platform offers no storage for tools, as Moodle has none. */
  withoutStorage: { query: '?without_storage', takesAway: /<input[^>]*name="lti_storage_target"[^>]*>/ },
  /** The frame stays empty. */
  withoutLaunch: { query: '?without_launch', takesAway: /data-auto-submit/ },
} as const;

/** The built tool and the demo LMS as in real life: each behind TLS, on a site of its own. */
export async function startSecureStack(): Promise<SecureStack> {
  const folder = resolve(`.data/test/browsers-${String(process.pid)}`);
  const authority = await makeTestAuthority(join(folder, 'authority'));
  const [port, demoPort] = [await freePort(), await freePort()];
  const tool = await startTlsFront({ to: port, authority, answer: answerProbe });
  const lms = await startTlsFront({ to: demoPort, authority, rewrite: changeOf });
  const publicUrls = {
    tool: `https://localhost:${String(tool.port)}`,
    lms: `https://127.0.0.1:${String(lms.port)}`,
  };
  const closeFronts = async (): Promise<void> => {
    await Promise.all([tool.close(), lms.close()]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const stack = await startStack({
      dataDir: join(folder, 'data'),
      logDir: resolve('test-results/logs'),
      port,
      demoPort,
      control: true,
      durable: false,
      publicUrls,
      // Its own requests to the platform meet the same certificates.
      moreToolEnv: { NODE_EXTRA_CA_CERTS: authority.authorityFile },
    });
    return {
      toolUrl: publicUrls.tool,
      lmsUrl: publicUrls.lms,
      authority,
      folder,
      stop: async () => {
        await stack.stop();
        await closeFronts();
      },
    };
  } catch (error) {
    await closeFronts();
    throw error;
  }
}

function answerProbe({ url, headers }: IncomingMessage, response: ServerResponse): boolean {
  const attributes = 'Path=/; Secure; HttpOnly; SameSite=None';
  if (url === probeCookiesPath) {
    response.end(headers.cookie ?? '');
    return true;
  }
  if (url !== probePath) return false;
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('set-cookie', [
    `${probeCookies.plain}=1; ${attributes}`,
    `${probeCookies.partitioned}=1; ${attributes}; Partitioned`,
  ]);
  response.end('<!doctype html><title>Probe</title><p>Probe</p>');
  return true;
}

function changeOf({ url }: IncomingMessage): ((page: string) => string) | undefined {
  const change = Object.values(pageChanges).find(({ query }) => url?.endsWith(query));
  if (change === undefined) return undefined;
  return (page) => {
    const changed = page.replace(change.takesAway, '');
    if (changed === page) throw new Error(`a page of the demo LMS has no ${String(change.takesAway)}`);
    return changed;
  };
}
