// The second half of `npm run demo`: everything is installed and built, Node is the project's own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { startStack } from './stack.ts';
import type { Stack } from './stack.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '3001' }, 'demo-port': { type: 'string', default: '3002' } },
});
const dataDir = resolve('.data/demo');

const stopAsked = new Promise<'stop'>((done) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      done('stop');
    });
  }
});

async function demo(): Promise<number> {
  let stack: Stack;
  try {
    console.log('Starting the database, the tool and the demo LMS …');
    stack = await startStack({
      dataDir,
      logDir: resolve(dataDir, 'logs'),
      port: Number(values.port),
      demoPort: Number(values['demo-port']),
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  }
  try {
    await fillCourse(stack);
    await sendSamples(stack);
    console.log(welcome(stack));
    const end = await Promise.race([stopAsked, stack.broken]);
    if (end !== 'stop') {
      console.error(`\n${end}\nThe rest is being stopped.`);
      return 1;
    }
    console.log('\nStopping …');
    return 0;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return 1;
  } finally {
    await stack.stop();
    console.log('Everything has stopped; what you made is kept for the next start.');
  }
}

/** Sample meetings, so that the first look is not an empty page. Changes nothing at a later start. */
async function fillCourse({ toolEnv }: Stack): Promise<void> {
  const child = spawn(process.execPath, ['scripts/fill-demo-course.ts', values['demo-port']], {
    env: toolEnv,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = await text(child.stderr);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`The demo course could not be filled: ${said}`);
}

/** One mail of each kind, so that the demo LMS has something to show. */
async function sendSamples({ toolEnv }: Stack): Promise<void> {
  const child = spawn(process.execPath, ['lib/cli/main.ts', 'mails', 'sample', 'beispiel@example.org'], {
    env: toolEnv,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said = await text(child.stderr);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  if (child.exitCode !== 0) throw new Error(`The sample mails could not be sent: ${said}`);
}

function welcome({ toolUrl, lmsUrl }: Stack): string {
  return `
  The demo is running.   Stop it with Ctrl-C.

    Demo LMS   ${lmsUrl}     <- begin here, on a computer
    The tool   ${toolUrl}     (shown inside the LMS)
    Mails      ${lmsUrl}/inbox     (what the tool sends; nothing leaves this computer)

  1. Open ${lmsUrl} and sign in as the teacher; open the course and "Attendance".
  2. "Start check-in" opens the projector with the QR code.
  3. Open ${lmsUrl}/phone in a second window, choose a student, and enter the
     code from the projector: you see what the student's phone shows,
     and the student appears on the projector.
  4. As administrator, open "Apps" and register ${toolUrl}/lti/register:
     the tool connects itself once more, and is installed by two clicks.

  Use Chrome, Edge or Firefox. Safari drops Secure cookies on plain localhost.
`;
}

process.exitCode = await demo();
// The channel to the first half would keep the process alive.
if (process.connected) process.disconnect();
