// Known vulnerabilities of what is shipped, as the registry knows them: `npm run check:audit`.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export type Verdict =
  { kind: 'clean' } | { kind: 'found'; packages: string[] } | { kind: 'not-checked'; why: string };

/** What `npm audit --json` has said. Only high and critical findings count; others are told by npm itself. */
export function readAudit(output: string): Verdict {
  let answer: {
    vulnerabilities?: Record<string, { severity: string }>;
    message?: string;
    error?: { summary?: string };
  };
  try {
    answer = JSON.parse(output) as typeof answer;
  } catch {
    return { kind: 'not-checked', why: 'npm gave no answer that could be read' };
  }
  if (answer.vulnerabilities === undefined) {
    const said = answer.message ?? answer.error?.summary ?? '';
    const offersNone = /\b(404|405|501)\b/.test(said);
    return {
      kind: 'not-checked',
      why: offersNone ? 'the registry offers no audits' : said || 'npm says nothing',
    };
  }
  const packages = Object.entries(answer.vulnerabilities).flatMap(([name, { severity }]) =>
    ['high', 'critical'].includes(severity) ? [`${name} (${severity})`] : [],
  );
  return packages.length === 0 ? { kind: 'clean' } : { kind: 'found', packages };
}

if (import.meta.main) {
  const { stdout, error } = spawnSync('npm', ['audit', '--omit=dev', '--json'], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
    timeout: 120_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  const verdict: Verdict =
    error === undefined
      ? readAudit(stdout)
      : { kind: 'not-checked', why: `npm could not be asked (${error.message})` };
  switch (verdict.kind) {
    case 'clean':
      console.log('No known vulnerability of high or critical severity in what is shipped.');
      break;
    case 'not-checked':
      console.log(`not checked: ${verdict.why}`);
      break;
    case 'found':
      console.error(
        `Known vulnerabilities in what is shipped (npm audit tells more):\n${verdict.packages.join('\n')}`,
      );
      process.exitCode = 1;
  }
}
