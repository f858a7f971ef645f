import { parseArgs } from 'node:util';
import { env } from '../base/env.ts';
import type { Env } from '../base/env.ts';
import { AppError } from '../base/errors.ts';
import { translatorFor } from '../i18n/translator.ts';
import { UsageError } from './command.ts';
import type { Answer, Command, DatabaseCommand, Given } from './command.ts';
import { commands } from './commands.ts';
import { table } from './layout.ts';
import { closeCommandLine } from './open-command-line.ts';
import type { CommandLine } from './open-command-line.ts';

/** How a command ended: its exit code, and what goes to stdout and stderr. */
export interface Ended {
  code: number;
  out?: string;
  said?: string;
}

type Opening = (migrateFirst: boolean) => Promise<CommandLine>;

/**
 * `npm run cli -- <words> [arguments] [--options]`: the operator's door to the use cases. Whatever happens is
 * said in words. Exit codes: 0 done, 1 not possible, 2 not understood.
 */
export async function runCommand(
  argv: readonly string[],
  open: Opening,
  settings: () => Env = env,
): Promise<Ended> {
  const firstOption = argv.findIndex((word) => word.startsWith('-'));
  const words = firstOption === -1 ? argv : argv.slice(0, firstOption);
  const command = commands.find((known) => `${words.join(' ')} `.startsWith(`${known.words} `));
  const wantsHelp = argv.includes('--help') || argv.includes('-h');
  if (command === undefined) {
    const under = commands.filter((known) => known.words.startsWith(`${words.join(' ')} `));
    const isQuestion = wantsHelp || argv.length === 0 || under.length > 0;
    const list = overview(under.length > 0 ? under : commands);
    if (isQuestion) return { code: 0, out: list };
    const mistake =
      words.length === 0
        ? `${argv[0] ?? ''} goes behind a command.`
        : `There is no command "${words.join(' ')}".`;
    return { code: 2, said: `${mistake}\n\n${list}` };
  }
  if (wantsHelp) return { code: 0, out: helpOf(command) };
  try {
    const given = readGiven(command, argv.slice(command.words.split(' ').length));
    return 'runAlone' in command
      ? endedBy(await command.runAlone(settings(), given), given)
      : await answer(command, given, open);
  } catch (error) {
    return error instanceof UsageError
      ? { code: 2, said: `${error.message}\n\n${helpOf(command)}` }
      : { code: 1, said: `${sentenceOf(error)}\n` };
  }
}

async function answer(command: DatabaseCommand, given: Given, open: Opening): Promise<Ended> {
  const line = await open(command.needsSchema !== false);
  try {
    return endedBy(await command.run(line, given), given);
  } finally {
    await closeCommandLine(line);
  }
}

function endedBy({ text, data, refused = false, isReport = false }: Answer, given: Given): Ended {
  const code = refused ? 1 : 0;
  if (given.json === true) return { code, out: `${JSON.stringify(data)}\n` };
  return { code, [refused && !isReport ? 'said' : 'out']: `${text.trimEnd()}\n` };
}

/** @throws UsageError */
function readGiven(command: Command, args: readonly string[]): Given {
  const names = Object.keys(command.arguments ?? {});
  const { values, positionals } = parsed(command, args);
  const missing = [
    ...names.slice(positionals.length),
    ...(command.required ?? []).filter((name) => values[name] === undefined).map((name) => `--${name}`),
  ];
  if (missing.length > 0) throw new UsageError(`Missing: ${missing.join(', ')}`);
  const surplus = positionals.slice(names.length);
  const { rest } = command;
  if (rest === undefined && surplus.length > 0) throw new UsageError(`Too much: ${surplus.join(' ')}`);
  return {
    ...values,
    ...Object.fromEntries(names.map((name, index) => [name, positionals[index]])),
    ...(rest !== undefined && { [rest.name]: surplus }),
  };
}

function parsed(command: Command, args: readonly string[]): { values: Given; positionals: string[] } {
  const options: Record<string, { type: 'string' | 'boolean'; multiple?: boolean }> = {
    json: { type: 'boolean' },
  };
  for (const name of Object.keys(command.options)) {
    options[name] = {
      type: command.flags?.includes(name) === true ? 'boolean' : 'string',
      multiple: command.repeatable?.includes(name) ?? false,
    };
  }
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function overview(list: readonly Command[]): string {
  const rows = list.map((command) => [`  ${usageOf(command)}`, command.purpose]);
  return `npm run cli -- <command> [--help] [--json]\n\n${table(rows)}\n`;
}

function usageOf({ words, arguments: named = {}, rest }: Command): string {
  return [words, ...Object.keys(named), ...(rest === undefined ? [] : [`[${rest.name}…]`])].join(' ');
}

function helpOf(command: Command): string {
  const rows = [
    ...Object.entries(command.arguments ?? {}).map(([name, meaning]) => [`  ${name}`, meaning]),
    ...(command.rest === undefined ? [] : [[`  ${command.rest.name}`, command.rest.meaning]]),
    ...Object.entries({ ...command.options, json: 'answer as JSON, for scripts' }).map(([name, meaning]) => [
      `  --${name}`,
      meaning,
    ]),
  ];
  return `npm run cli -- ${usageOf(command)}\n\n${command.purpose}\n\n${table(rows)}\n`;
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof AppError)) return wordsOf(error);
  const facts = Object.entries(error.facts).map(([name, value]) => `${name}: ${String(value)}`);
  return [`${translatorFor('en')(`errors.${error.code}.title`)} (${error.code})`, ...facts].join('\n  ');
}

function wordsOf(error: unknown): string {
  // A failed query's own words are the statement with its values, which may be somebody's name; its cause has the reason.
  if (error instanceof Error && 'query' in error && 'params' in error) {
    return wordsOf(error.cause ?? 'The database refused a statement.');
  }
  // Node has no words of its own where each of several addresses failed.
  if (error instanceof AggregateError) return error.errors.map(wordsOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}
