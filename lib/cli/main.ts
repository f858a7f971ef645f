import { parseArgs } from 'node:util';
import { AppError } from '../base/errors.ts';
import { translatorFor } from '../i18n/translator.ts';
import { commands } from './commands.ts';
import type { Command, Options } from './commands.ts';
import { closeCommandLine, openCommandLine } from './open-command-line.ts';

/** `npm run cli -- <words> [--options]`: the operator's door to the use cases. */
async function main(argv: string[]): Promise<number> {
  const words = argv.slice(0, argv.findIndex((word) => word.startsWith('-')) >>> 0);
  const command = commands.find((known) => known.words === words.join(' '));
  const wantsHelp = argv.includes('--help') || argv.includes('-h');
  if (command === undefined) {
    const under = commands.filter((known) => known.words.startsWith(`${words.join(' ')} `));
    process.stdout.write(overview(under.length > 0 ? under : commands));
    return wantsHelp || words.length === 0 || under.length > 0 ? 0 : 2;
  }
  if (wantsHelp) {
    process.stdout.write(helpOf(command));
    return 0;
  }
  let options: Options;
  try {
    options = parseArgs({
      args: argv.slice(words.length),
      options: {
        ...Object.fromEntries(
          Object.keys(command.options).map((name) => [
            name,
            { type: 'string' as const, multiple: command.repeatable?.includes(name) ?? false },
          ]),
        ),
        json: { type: 'boolean' as const },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${helpOf(command)}`);
    return 2;
  }
  const missing = (command.required ?? []).filter((name) => options[name] === undefined);
  if (missing.length > 0) {
    process.stderr.write(`Missing: ${missing.map((name) => `--${name}`).join(', ')}\n\n${helpOf(command)}`);
    return 2;
  }
  const line = await openCommandLine(command.needsSchema !== false);
  try {
    const result = await command.run(line, options);
    process.stdout.write(
      options.json === true ? `${JSON.stringify(result.data)}\n` : `${result.text.trimEnd()}\n`,
    );
    return 0;
  } finally {
    await closeCommandLine(line);
  }
}

function overview(list: readonly Command[]): string {
  const width = Math.max(...list.map((command) => command.words.length));
  const lines = list.map((command) => `  ${command.words.padEnd(width)}  ${command.purpose}`);
  return `npm run cli -- <command> [--help] [--json]\n\n${lines.join('\n')}\n`;
}

function helpOf(command: Command): string {
  const names = Object.keys({ ...command.options, json: '' });
  const width = Math.max(...names.map((name) => name.length));
  const lines = Object.entries({ ...command.options, json: 'answer as JSON, for scripts' }).map(
    ([name, meaning]) => `  --${name.padEnd(width)}  ${meaning}`,
  );
  return `npm run cli -- ${command.words}\n\n${command.purpose}\n\n${lines.join('\n')}\n`;
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof AppError)) return error instanceof Error ? error.message : String(error);
  const facts = Object.entries(error.facts).map(([name, value]) => `${name}: ${String(value)}`);
  return [`${translatorFor('en')(`errors.${error.code}.title`)} (${error.code})`, ...facts].join('\n  ');
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = 1;
}
