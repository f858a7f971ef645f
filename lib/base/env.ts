import { findLikelySettings } from './likely-settings.ts';
import { judgeSettings, publicUrlOf } from './judge-settings.ts';
import { settingFacts, variables } from './settings.ts';
import type { SettingName, SettingValues } from './settings.ts';

export { isLocalhost } from './localhost.ts';
export type { DeploymentApproval } from './settings.ts';

export type Env = Omit<SettingValues, 'PUBLIC_URL'> & {
  /** The tool's own origin, without trailing slash. */
  PUBLIC_URL: string;
  /** Sentences for the start-up log: accepted, but worth a look. */
  warnings: string[];
};

export type ParsedEnv = { ok: true; env: Env } | { ok: false; problems: string[] };

/**
 * Parses every setting at once, so that all mistakes are listed together: each a sentence that names the variable and
 * the way out, and none that shows a secret.
 */
export function parseEnv(source: Record<string, string | undefined>): ParsedEnv {
  // An empty variable (`S3_BUCKET=` in a .env file) means "not set".
  const filled = Object.fromEntries(
    Object.entries(source).filter(([, value]) => value !== undefined && value !== ''),
  );
  const likely = findLikelySettings(new Set(Object.keys(filled)));
  const hints = likely.map(
    ({ given, meant }) => `${given} is no setting of this tool. Did you mean ${meant}?`,
  );
  const parsed = variables.safeParse(filled);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) =>
      tellMistake(path[0] as SettingName, message, filled),
    );
    return { ok: false, problems: [...problems, ...hints] };
  }
  const { problems, warnings } = judgeSettings(parsed.data, filled);
  if (problems.length > 0) return { ok: false, problems: [...problems, ...hints] };
  const publicUrl = publicUrlOf(parsed.data).origin;
  return {
    ok: true,
    env: { ...parsed.data, PUBLIC_URL: publicUrl, warnings: [...warnings, ...hints] },
  };
}

/** What is shown of a value that cannot be right. */
const mostShown = 60;

function tellMistake(name: SettingName, message: string, given: Record<string, string | undefined>): string {
  const value = given[name];
  if (value === undefined)
    return `${name} is missing. ${settingFacts.get(variables.shape[name])?.about ?? ''}`;
  if (settingFacts.get(variables.shape[name])?.secret === true) return `${name} ${message}.`;
  const shown = value.length > mostShown ? `${value.slice(0, mostShown)}…` : value;
  return `${name} ${message}. It is set to "${shown}".`;
}

/** The address of the database, or undefined: then the program starts its own PostgreSQL. */
export function databaseUrlOf(env: Env): string | undefined {
  if (env.DATABASE_URL !== undefined) return env.DATABASE_URL;
  if (env.DB_HOST === undefined || env.DB_NAME === undefined || env.DB_USER === undefined) return undefined;
  const address = new URL('postgres://localhost');
  // An address lets nothing pass for a host that is none, and then keeps the one that it had.
  if (env.DB_HOST.startsWith('/')) address.searchParams.set('host', env.DB_HOST);
  else address.hostname = /^[^[]*:/.test(env.DB_HOST) ? `[${env.DB_HOST}]` : env.DB_HOST;
  address.port = String(env.DB_PORT);
  address.pathname = `/${encodeURIComponent(env.DB_NAME)}`;
  address.username = encodeURIComponent(env.DB_USER);
  if (env.DB_PASSWORD !== undefined) address.password = encodeURIComponent(env.DB_PASSWORD);
  return address.href;
}

export function auditHeadsFileOf(env: Env): string {
  // No node:path here: the bundler would take it for a file that belongs to the build.
  return env.AUDIT_HEADS_FILE ?? `${env.SK_DATA_DIR}/audit-heads.jsonl`;
}

/** For an address that a command is given: as everywhere with PostgreSQL, its password may come beside it. */
export function passwordBeside(): string | undefined {
  return process.env.PGPASSWORD;
}

let parsedOnce: Env | undefined;

/** The process' settings, parsed at first use. Throws one error that lists every mistake. */
export function env(): Env {
  if (parsedOnce === undefined) {
    const result = parseEnv(process.env);
    if (!result.ok) throw new Error(`Settings need mending:\n- ${result.problems.join('\n- ')}`);
    parsedOnce = result.env;
  }
  return parsedOnce;
}
