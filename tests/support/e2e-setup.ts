import { startE2eStack } from './e2e-stack.ts';

/** Playwright's global set-up: what it puts into the environment reaches the workers. */
export default async function setup(): Promise<() => Promise<void>> {
  const stack = await startE2eStack();
  process.env.TOOL_URL = stack.toolUrl;
  process.env.LMS_URL = stack.lmsUrl;
  process.env.PLATFORM_PORT = String(stack.platformPort);
  process.env.E2E_TOOL_ENV = JSON.stringify(stack.toolEnv);
  return stack.stop;
}
