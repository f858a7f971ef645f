import type { Env } from '../base/env.ts';
import type { CommandLine } from './open-command-line.ts';

/** What was given, options and arguments alike, by its name. */
export type Given = Record<string, string | boolean | (string | boolean)[] | undefined>;

export interface Answer {
  /** For a person to read. */
  text: string;
  /** For a script: what `--json` prints. */
  data: unknown;
  /** The command could not do what it was asked for; the text says why. */
  refused?: boolean;
  /** The text is what was asked for, also where something is wrong: it goes to stdout, and the exit code tells. */
  isReport?: boolean;
}

interface Described {
  words: string;
  purpose: string;
  /** What stands behind the words, in this order, each with what it means. All of them are needed. */
  arguments?: Record<string, string>;
  /** What may stand behind those, as often as one likes. */
  rest?: { name: string; meaning: string };
  /** Name of the option, and what it means. */
  options: Record<string, string>;
  required?: readonly string[];
  repeatable?: readonly string[];
  /** Options that are said or not, and take no value. */
  flags?: readonly string[];
}

export interface DatabaseCommand extends Described {
  /** False for a command that takes the schema as it is, or brings it up to date itself. */
  needsSchema?: boolean;
  run(line: CommandLine, given: Given): Promise<Answer>;
}

/** Works without the database of the settings: it may be away, or another one is meant. */
export interface LoneCommand extends Described {
  runAlone(settings: Env, given: Given): Promise<Answer>;
}

export type Command = DatabaseCommand | LoneCommand;

/** What was given cannot be meant so: one sentence; the command's help is shown below it. */
export class UsageError extends Error {}

export function textOf(given: Given, name: string): string | undefined {
  const value = given[name];
  return typeof value === 'string' ? value : undefined;
}

export function listOf(given: Given, name: string): string[] {
  const value = given[name];
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

/** An argument, or an option that the command requires: run-command.ts has made sure that it is there. */
export function requiredText(given: Given, name: string): string {
  return textOf(given, name) ?? '';
}

/** @throws UsageError when it is no whole number within these bounds */
export function numberOf(
  given: Given,
  name: string,
  { usual, least, most }: { usual: number; least: number; most: number },
): number {
  const text = textOf(given, name);
  if (text === undefined) return usual;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new UsageError(`--${name} is a whole number from ${String(least)} to ${String(most)}.`);
  }
  return value;
}

/** @throws UsageError when it is no address of the web */
export function addressOf(given: Given, name: string): string | undefined {
  const text = textOf(given, name);
  if (text !== undefined && !/^https?:$/.test(URL.parse(text)?.protocol ?? '')) {
    throw new UsageError(`--${name} is an address, for example https://lms.example`);
  }
  return text;
}
