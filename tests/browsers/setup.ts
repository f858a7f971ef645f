import { startSecureStack } from './secure-stack.ts';

/** Playwright's global set-up: what it puts into the environment reaches the workers. */
export default async function setup(): Promise<() => Promise<void>> {
  const stack = await startSecureStack();
  process.env.TOOL_URL = stack.toolUrl;
  process.env.LMS_URL = stack.lmsUrl;
  process.env.BROWSERS_FOLDER = stack.folder;
  process.env.AUTHORITY_FILE = stack.authority.authorityFile;
  process.env.CERTIFICATE_FILE = stack.authority.certificateFile;
  return stack.stop;
}
