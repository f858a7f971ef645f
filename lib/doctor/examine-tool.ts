import type { Env } from '../base/env.ts';
import { createOutsideFetch } from '../base/outside-fetch.ts';
import type { OutsideFetch } from '../base/outside-fetch.ts';
import type { Ctx } from '../context.ts';
import { lookAtAddress, lookAtCertificate } from './look-at-address.ts';
import { lookAtCanvasApi } from './look-at-canvas-api.ts';
import { lookAtClocks } from './look-at-clocks.ts';
import { lookAtDatabase, tellDatabaseError } from './look-at-database.ts';
import { lookAtFiles } from './look-at-files.ts';
import { lookAtKeys } from './look-at-keys.ts';
import { lookAtDisk, lookAtMemory, lookAtProgram } from './look-at-machine.ts';
import { lookAtMail } from './look-at-mail.ts';
import { lookAtPlatformKeys, lookAtPlatformTokens, lookAtRegistrations } from './look-at-platforms.ts';
import { lookAtBackups, lookAtQueue, lookAtSeals } from './look-at-work.ts';
import { failed, forbidden, judgeSettings, judgeTimeZone, notChecked, sortFindings } from './rules.ts';
import type { CheckId, Finding } from './rules.ts';

/** The database, opened. */
export interface OpenedTool {
  ctx: Ctx;
  /** Where statements go: of the settings, or the program's own server. */
  databaseUrl: string;
  /** By how much the database's clock is ahead of this machine's. */
  databaseAheadMs: number;
}

export interface Examination {
  settings: Env;
  /** Nothing but this machine and the database is asked. */
  isOffline: boolean;
  open: () => Promise<OpenedTool>;
}

interface Means {
  settings: Env;
  isOffline: boolean;
  fetchOutside: OutsideFetch;
}

interface Check {
  checks: readonly CheckId[];
  /** Leaves this machine and its database. */
  asksOthers?: true;
  look: (means: Means) => Promise<Finding[]> | Finding[];
}

interface DatabaseCheck extends Omit<Check, 'look'> {
  look: (means: Means, tool: OpenedTool) => Promise<Finding[]> | Finding[];
}

/** Longer than any single request of a check may take. */
const checkWithinMs = 10_000;

const checksWithoutDatabase: readonly Check[] = [
  { checks: ['settings'], look: ({ settings }) => judgeSettings(settings.warnings) },
  { checks: ['program'], look: lookAtProgram },
  { checks: ['memory'], look: lookAtMemory },
  { checks: ['disk'], look: ({ settings }) => lookAtDisk(settings) },
  {
    checks: ['time-zone'],
    look: ({ settings }) => judgeTimeZone(settings.TZ, Intl.DateTimeFormat().resolvedOptions().timeZone),
  },
  { checks: ['certificate'], asksOthers: true, look: ({ settings }) => lookAtCertificate(settings) },
  { checks: ['files'], asksOthers: true, look: ({ settings }) => lookAtFiles(settings) },
  { checks: ['mail'], asksOthers: true, look: ({ settings }) => lookAtMail(settings) },
  { checks: ['backups'], asksOthers: true, look: ({ settings }) => lookAtBackups(settings) },
];

const checksOfDatabase: readonly DatabaseCheck[] = [
  {
    checks: [
      ...(['database', 'database-rights', 'migrations', 'connections', 'statement-timeout'] as const),
      ...(['pooler', 'database-tls'] as const),
    ],
    look: ({ settings }, { databaseUrl, ctx }) => lookAtDatabase(settings, databaseUrl, ctx.db),
  },
  {
    checks: ['clock'],
    look: (means, { ctx, databaseAheadMs }) =>
      lookAtClocks(ctx, databaseAheadMs, means.isOffline ? undefined : means),
  },
  { checks: ['keys'], look: (_, { ctx }) => lookAtKeys(ctx) },
  { checks: ['platforms'], look: (_, { ctx }) => lookAtRegistrations(ctx) },
  {
    checks: ['platform-keys'],
    asksOthers: true,
    look: ({ fetchOutside }, { ctx }) => lookAtPlatformKeys(ctx, fetchOutside),
  },
  {
    checks: ['platform-token'],
    asksOthers: true,
    look: ({ fetchOutside }, { ctx }) => lookAtPlatformTokens(ctx, fetchOutside),
  },
  {
    checks: ['canvas-api'],
    asksOthers: true,
    look: ({ settings, fetchOutside }, { ctx }) => lookAtCanvasApi(settings, ctx, fetchOutside),
  },
  { checks: ['queue'], look: (_, { ctx }) => lookAtQueue(ctx) },
  { checks: ['log-of-changes'], look: (_, { ctx }) => lookAtSeals(ctx) },
];

/**
 * Looks at the running installation from end to end, everything side by side. What fails, hangs or is away hides nothing
 * else: whatever could not be looked at says so.
 */
export async function examineTool({ settings, isOffline, open }: Examination): Promise<Finding[]> {
  const means: Means = {
    settings,
    isOffline,
    fetchOutside: createOutsideFetch({
      allowPrivateHosts: settings.ALLOW_PRIVATE_HOSTS,
      ownOrigin: settings.PUBLIC_URL,
    }),
  };
  const examine = async (
    check: Pick<Check, 'checks' | 'asksOthers'>,
    look: () => Finding[] | Promise<Finding[]>,
  ) =>
    isOffline && check.asksOthers === true
      ? check.checks.map((id) => notChecked(id, 'Left out (--offline).'))
      : withinTime(check.checks, look);
  const withDatabase = async () => {
    let tool: OpenedTool | undefined;
    const opening = await withinTime(['database'], async () => {
      try {
        tool = await open();
        return [];
      } catch (error) {
        return [tellDatabaseError(error)];
      }
    });
    const address = examine({ checks: ['public-url'], asksOthers: true }, () =>
      lookAtAddress(settings, tool?.ctx),
    );
    const found = tool === undefined ? leftOut() : await lookWith(tool);
    return [...opening, ...(await address), ...found];
  };
  const lookWith = async (tool: OpenedTool) =>
    (
      await Promise.all(checksOfDatabase.map((check) => examine(check, () => check.look(means, tool))))
    ).flat();
  const found = await Promise.all([
    withDatabase(),
    ...checksWithoutDatabase.map((check) => examine(check, () => check.look(means))),
  ]);
  return sortFindings(found.flat());
}

function leftOut(): Finding[] {
  return checksOfDatabase
    .flatMap(({ checks }) => checks)
    .filter((id) => id !== 'database')
    .map((id) => notChecked(id, 'Needs the database.'));
}

async function withinTime(
  checks: readonly CheckId[],
  look: () => Finding[] | Promise<Finding[]>,
): Promise<Finding[]> {
  const { promise: late, resolve } = Promise.withResolvers<Finding[]>();
  const timer = setTimeout(() => {
    resolve(
      checks.map((id) =>
        failed(
          id,
          `There was no answer within ${String(checkWithinMs / 1000)} s.`,
          'Look at the network between here and there.',
        ),
      ),
    );
  }, checkWithinMs);
  try {
    return await Promise.race([(async () => look())(), late]);
  } catch (error) {
    return checks.map((id) => tellFault(id, error));
  } finally {
    clearTimeout(timer);
  }
}

function tellFault(check: CheckId, error: unknown): Finding {
  const code = codeOf(error);
  // A table or a column that a migration is yet to make.
  if (code === '42P01' || code === '42703')
    return notChecked(check, 'The database is behind: see "migrations".');
  if (code === '42501') return notChecked(check, forbidden);
  const name = error instanceof Error ? error.name : typeof error;
  return failed(
    check,
    `This could not be looked at (${code ?? name}).`,
    'See the other checks first; if they are fine, the log of the tool tells more.',
  );
}

function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return undefined;
}
