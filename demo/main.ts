import { resolve } from 'node:path';
import { z } from 'zod';
import { startDemo } from './server.ts';
import { StartFault } from './state.ts';

const settings = z.object({
  DEMO_PORT: z.coerce.number().int().min(0).max(65_535).default(3002),
  DEMO_HOST: z.string().default('127.0.0.1'),
  DEMO_DATA_DIR: z.string().default('.data/demo'),
  DEMO_API_TOKEN: z.string().min(8).optional(),
  DEMO_CONTROL: z.enum(['0', '1']).default('0'),
  /** Where it takes mails, for SMTP_URL of the tool; none: it takes no mails. */
  DEMO_SMTP_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  DEMO_LATENCY_MS: z.coerce.number().int().min(0).default(0),
  /** The address of a TLS proxy that stands before the demo and hands the Host header on. */
  DEMO_PUBLIC_URL: z.url({ protocol: /^https$/ }).optional(),
  TOOL_URL: z.url({ protocol: /^https?$/ }).default('http://localhost:3001'),
});

async function main(): Promise<void> {
  const parsed = settings.safeParse(process.env);
  if (!parsed.success) {
    const name = String(parsed.error.issues[0]?.path[0]);
    throw new StartFault(`The setting ${name} is not usable: ${parsed.error.issues[0]?.message ?? ''}`);
  }
  const env = parsed.data;
  const demo = await startDemo({
    port: env.DEMO_PORT,
    host: env.DEMO_HOST,
    dataDir: resolve(env.DEMO_DATA_DIR),
    publicUrl: env.DEMO_PUBLIC_URL,
    toolUrl: env.TOOL_URL,
    apiToken: env.DEMO_API_TOKEN,
    control: env.DEMO_CONTROL === '1',
    latencyMs: env.DEMO_LATENCY_MS,
    smtpPort: env.DEMO_SMTP_PORT,
  });
  console.log(`Demo LMS: ${demo.url} (tool: ${env.TOOL_URL})`);
  const stop = (): void => {
    void demo.close().then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof StartFault)) throw error;
  console.error(error.message);
  process.exit(1);
}
