import { parseEnv } from '#lib/base/env.ts';
import { openCommandLine } from '#lib/cli/open-command-line.ts';
import { runCommand } from '#lib/cli/run-command.ts';
import type { Ended } from '#lib/cli/run-command.ts';

/** `npm run cli -- <words>` under these settings, within this process. */
export async function runCli(
  settings: Readonly<Record<string, string | undefined>>,
  words: readonly string[],
): Promise<Required<Ended>> {
  const parsed = parseEnv(settings);
  if (!parsed.ok) throw new Error(parsed.problems.join());
  const ended = await runCommand(words, (migrateFirst) => openCommandLine(migrateFirst, parsed.env));
  return { out: '', said: '', ...ended };
}
