import { databaseUrlOf } from '../base/env.ts';
import { examineTool } from '../doctor/examine-tool.ts';
import { isHealthy } from '../doctor/rules.ts';
import type { Finding, FindingState } from '../doctor/rules.ts';
import type { LoneCommand } from './command.ts';
import { closeCommandLine, openCommandLine } from './open-command-line.ts';
import type { CommandLine } from './open-command-line.ts';

const spell: Record<FindingState, string> = {
  ok: 'ok',
  warning: 'warning',
  failed: 'FAILED',
  'not-checked': '-',
};

export const doctorCommand: LoneCommand = {
  words: 'doctor',
  purpose:
    'Look at the running installation from end to end, and say what is wrong and what to do. Nothing is changed.',
  options: { offline: 'ask nobody but this machine and the database' },
  flags: ['offline'],
  async runAlone(settings, given) {
    let opening: Promise<CommandLine> | undefined;
    const findings = await examineTool({
      settings,
      isOffline: given.offline === true,
      open: async () => {
        opening = openCommandLine(false, settings);
        const line = await opening;
        return {
          ctx: line.ctx,
          databaseUrl: line.own === undefined ? (databaseUrlOf(settings) ?? '') : line.database.url,
          databaseAheadMs: line.clock.now().getTime() - Date.now(),
        };
      },
    });
    // What took longer than a check may take is open all the same, later.
    await opening?.then(closeCommandLine, () => undefined);
    const healthy = isHealthy(findings);
    return { text: tellFindings(findings), data: { healthy, findings }, refused: !healthy, isReport: true };
  },
};

function tellFindings(findings: readonly Finding[]): string {
  const widthOf = (texts: readonly string[]) => Math.max(...texts.map(({ length }) => length));
  const states = widthOf(Object.values(spell));
  const checks = widthOf(findings.map(({ check }) => check));
  const lines = findings.flatMap(({ check, state, sentence, cure }) => [
    `${spell[state].padEnd(states)}  ${check.padEnd(checks)}  ${sentence}`,
    ...(cure === undefined ? [] : [`${' '.repeat(states + checks + 4)}-> ${cure}`]),
  ]);
  const count = (state: FindingState) => findings.filter((one) => one.state === state).length;
  return [
    ...lines,
    '',
    `${String(count('failed'))} failed, ${String(count('warning'))} to look at, ${String(count('ok'))} in order, ${String(count('not-checked'))} not checked.`,
    ...(count('failed') + count('warning') === 0
      ? []
      : ['docs/troubleshoot.md tells more, by the name of each check.']),
  ].join('\n');
}
