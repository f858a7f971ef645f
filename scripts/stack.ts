import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { createLog } from '#lib/base/log.ts';
import { startEmbeddedServer } from '#lib/db/embedded-server.ts';
import { toolEnvironment } from '../demo/identity.ts';
import { freePort } from '../tests/support/free-port.ts';

export interface StackOptions {
  /** Database, secret, files, and what the demo LMS remembers. */
  dataDir: string;
  /** tool.log and demo-lms.log are written here, anew at each start. */
  logDir: string;
  port: number;
  demoPort: number;
  /** Whether the demo LMS obeys its control routes (tests). */
  control?: boolean;
  /** False: faster, but a crash of the machine loses the data (tests). */
  durable?: boolean;
  /** Where browsers find both, when something stands before them that ends TLS (tests). */
  publicUrls?: { tool: string; lms: string };
  /** Puts a pooler before the database (tests). */
  poolerBefore?: (databaseUrl: string) => Promise<{ urlOf(url: string): string; stop(): Promise<void> }>;
  /** What is said to the tool beside its usual settings. */
  moreToolEnv?: Readonly<Record<string, string>>;
}

export interface Stack {
  toolUrl: string;
  lmsUrl: string;
  databaseUrl: string;
  /** What the tool was started with; a command beside it (npm run cli) wants the same. */
  toolEnv: NodeJS.ProcessEnv;
  toolPid: number;
  /** Resolves, with a sentence, when a part ends that should be running. */
  broken: Promise<string>;
  stop(): Promise<void>;
}

interface Part {
  name: string;
  child: ChildProcess;
  logFile: string;
}

const startWithinMs = 90_000;
const stopWithinMs = 12_000;
const root = resolve(import.meta.dirname, '..');

/** What the tool inherits. The rest of a developer's environment (DATABASE_URL, CANVAS_…) is not for the demo. */
const inherited = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'SYSTEMROOT', 'NODE_EXTRA_CA_CERTS'];

/** PostgreSQL, the built tool, and the demo LMS, on two sites: localhost and 127.0.0.1. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { port, demoPort, durable = true, control = false } = options;
  // By number: "localhost" may mean ::1 first, where somebody else could listen.
  const byNumber = (one: number): string => `http://127.0.0.1:${String(one)}`;
  const { tool: toolUrl, lms: lmsUrl } = options.publicUrls ?? {
    tool: `http://localhost:${String(port)}`,
    lms: byNumber(demoPort),
  };
  for (const folder of [options.dataDir, options.logDir]) await mkdir(folder, { recursive: true });
  // The database's account passes through it when root starts the demo; what is in it is closed by itself.
  await chmod(options.dataDir, 0o711);

  const database = await startEmbeddedServer({
    dataDir: join(options.dataDir, 'postgres'),
    log: createLog('error'),
    durable,
  });
  // The demo LMS takes the tool's mails; nobody else has to know where.
  const smtpPort = String(await freePort());
  const parts: Part[] = [];
  const pooler = await options.poolerBefore?.(database.url);
  const stop = async (): Promise<void> => {
    await Promise.all(parts.map((part) => endPart(part)));
    await pooler?.stop();
    await database.stop();
  };
  try {
    const base = Object.fromEntries(
      inherited.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
    ) as Record<string, string>;
    const toolEnv: NodeJS.ProcessEnv = {
      ...base,
      NODE_ENV: 'production',
      PORT: String(port),
      PUBLIC_URL: toolUrl,
      DATABASE_URL: database.url,
      ...(pooler && { DATABASE_URL: pooler.urlOf(database.url), DATABASE_DIRECT_URL: database.url }),
      SESSION_SECRET: await keptSecret(join(options.dataDir, 'secret')),
      SK_DATA_DIR: options.dataDir,
      ALLOW_PRIVATE_HOSTS: new URL(lmsUrl).host,
      REGISTRATION_OPEN_HOSTS: new URL(lmsUrl).host,
      // The demo's phones have hosts of their own.
      FRAME_ANCESTORS: `http://*.localhost:${String(demoPort)}`,
      SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
      EMAIL_FROM: 'SK Attendance <attendance@example.org>',
      ...toolEnvironment(lmsUrl),
      ...options.moreToolEnv,
    };
    const lmsEnv: NodeJS.ProcessEnv = {
      ...base,
      NODE_ENV: 'production',
      DEMO_HOST: '127.0.0.1',
      DEMO_PORT: String(demoPort),
      DEMO_DATA_DIR: join(options.dataDir, 'lms'),
      DEMO_SMTP_PORT: smtpPort,
      TOOL_URL: toolUrl,
      ...(options.publicUrls === undefined ? {} : { DEMO_PUBLIC_URL: lmsUrl }),
      ...(control ? { DEMO_CONTROL: '1' } : {}),
    };
    const log = (name: string) => join(options.logDir, name);
    const tool = await startPart(
      'The tool',
      ['scripts/start.ts', '--host', '127.0.0.1'],
      toolEnv,
      log('tool.log'),
    );
    parts.push(tool);
    const lms = await startPart('The demo LMS', ['demo/main.ts'], lmsEnv, log('demo-lms.log'));
    parts.push(lms);
    // Attached before anything is waited for, so that no end is missed.
    const broken = Promise.race(parts.map((part) => endOf(part)));
    await Promise.all([
      waitUntilAnswers(tool, `${byNumber(port)}/health`),
      waitUntilAnswers(lms, `${byNumber(demoPort)}/`),
    ]);
    return {
      toolUrl,
      lmsUrl,
      databaseUrl: database.url,
      toolEnv,
      toolPid: tool.child.pid ?? 0,
      broken,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startPart(
  name: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  logFile: string,
): Promise<Part> {
  const file = await open(logFile, 'w', 0o600);
  const preload = pathToFileURL(join(root, 'scripts/end-with-parent.ts')).href;
  const child = spawn(process.execPath, ['--import', preload, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', file.fd, file.fd, 'ipc'],
    // A process group of its own: Ctrl-C in a terminal reaches the starter, which stops the parts in order.
    detached: true,
  });
  await file.close();
  return { name, child, logFile };
}

function hasEnded({ child }: Part): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
}

async function endOf(part: Part): Promise<string> {
  if (!hasEnded(part)) await once(part.child, 'exit');
  return sentenceOfEnd(part);
}

async function sentenceOfEnd(part: Part): Promise<string> {
  const how = part.child.signalCode ?? `code ${String(part.child.exitCode)}`;
  const said = (await readFile(part.logFile, 'utf8')).trimEnd().split('\n').slice(-12);
  return `${part.name} has ended (${how}). Its last words (${part.logFile}):\n  ${said.join('\n  ')}`;
}

async function waitUntilAnswers(part: Part, url: string): Promise<void> {
  const deadline = Date.now() + startWithinMs;
  while (Date.now() < deadline) {
    if (hasEnded(part)) throw new Error(await sentenceOfEnd(part));
    try {
      const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(startWithinMs) });
      await response.body?.cancel();
      if (response.status < 500) return;
    } catch {
      // Not yet listening.
    }
    await delay(50);
  }
  throw new Error(
    `${part.name} did not answer at ${url} within ${String(startWithinMs / 1000)} s. See ${part.logFile}.`,
  );
}

async function endPart(part: Part): Promise<void> {
  if (hasEnded(part)) return;
  const ended = once(part.child, 'exit');
  part.child.kill('SIGTERM');
  const hard = setTimeout(() => part.child.kill('SIGKILL'), stopWithinMs);
  await ended;
  clearTimeout(hard);
}

/** The secret of the first start: the logins and keys that it sealed stay good. */
async function keptSecret(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    const secret = randomBytes(48).toString('base64url');
    await writeFile(`${file}.new`, secret, { mode: 0o600 });
    await rename(`${file}.new`, file);
    return secret;
  }
}
