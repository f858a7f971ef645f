import { spawn } from 'node:child_process';
import { serverEnvironment } from '../db/server-account.ts';
import type { ConnectionVariables } from './rules.ts';

/** A program of PostgreSQL's did not do its work; the message is its own last words. */
class ProgramFailedError extends Error {}

/**
 * Runs one of PostgreSQL's programs to its end. Where the database is, and its password, travel as variables: others on
 * this machine can read what a program is started with.
 *
 * @throws ProgramFailedError
 */
export async function runProgram(
  path: string,
  args: readonly string[],
  connection: ConnectionVariables,
): Promise<void> {
  const child = spawn(path, args, {
    env: { ...serverEnvironment, ...connection, PGCONNECT_TIMEOUT: '15' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-4_000);
  });
  const code = await new Promise<number | null>((done) => {
    child.once('error', (error) => {
      complaint += error.message;
      done(null);
    });
    child.once('close', done);
  });
  if (code !== 0) {
    throw new ProgramFailedError(`${path} failed: ${complaint.trim().split('\n').slice(-5).join(' ')}`);
  }
}
