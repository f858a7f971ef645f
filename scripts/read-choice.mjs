import { parseArgs } from 'node:util';

/**
 * What `--only` names of a list, else all of it. Undefined when there is nothing to do: help was asked for, or the
 * command was not understood, which sets the exit code.
 */
export function readChoice({ kind, names, usage }) {
  try {
    const { values } = parseArgs({
      options: { only: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      console.log(usage);
      return undefined;
    }
    const chosen = values.only?.split(',') ?? names;
    const unknown = chosen.find((name) => !names.includes(name));
    if (unknown !== undefined) throw new Error(`There is no ${kind} "${unknown}".`);
    return names.filter((name) => chosen.includes(name));
  } catch (error) {
    console.error(`${error.message}\n\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
}
