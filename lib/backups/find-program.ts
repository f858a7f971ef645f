import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { serverEnvironment } from '../db/server-account.ts';
import { chooseProgram } from './rules.ts';

export type ProgramName = 'pg_dump' | 'pg_restore';

export interface Program {
  path: string;
  major: number;
}

export type FoundProgram =
  | ({ kind: 'found' } & Program)
  /** None is new enough; `newest` is the newest that there is. */
  | { kind: 'missing'; name: ProgramName; least: number; newest: number | undefined };

/** Where packages put PostgreSQL's programs; a star stands for any one folder. */
const usualPlaces = [
  '/usr/lib/postgresql/*/bin',
  '/usr/pgsql-*/bin',
  '/usr/bin',
  '/usr/local/bin',
  '/opt/homebrew/opt/libpq/bin',
  '/opt/homebrew/opt/postgresql@*/bin',
  '/usr/local/opt/libpq/bin',
  '/usr/local/opt/postgresql@*/bin',
  '/Applications/Postgres.app/Contents/Versions/*/bin',
];

/** Looks for one of PostgreSQL's programs that is at or above a version: on PATH, and where packages put them. */
export function findProgram(name: ProgramName, least: number): FoundProgram {
  const found = [...onPath(name), ...usualPlaces.flatMap(foldersLike).map((folder) => join(folder, name))]
    // Debian's wrapper takes a version of its own choice; the real ones lie where they are found as well.
    .filter((path) => existsSync(path) && !realpathSync(path).endsWith('pg_wrapper'))
    .flatMap((path) => {
      const major = majorOf(path);
      return major === undefined ? [] : [{ path, major }];
    });
  const chosen = chooseProgram(found, least);
  if (chosen !== undefined) return { kind: 'found', ...chosen };
  const newest = found.length === 0 ? undefined : Math.max(...found.map(({ major }) => major));
  return { kind: 'missing', name, least, newest };
}

function onPath(name: ProgramName): string[] {
  const { stdout } = spawnSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
  const path = stdout.trim();
  return path.startsWith('/') ? [path] : [];
}

/** The folders that a pattern with at most one star names. */
function foldersLike(pattern: string): string[] {
  const [before = '', after] = pattern.split('*');
  if (after === undefined) return [pattern];
  const cut = before.lastIndexOf('/');
  const [parent, start] = [before.slice(0, cut), before.slice(cut + 1)];
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((entry) => entry.startsWith(start))
    .map((entry) => `${parent}/${entry}${after}`);
}

function majorOf(path: string): number | undefined {
  const { stdout } = spawnSync(path, ['--version'], { env: serverEnvironment, encoding: 'utf8' });
  const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
  return major === undefined ? undefined : Number(major);
}
