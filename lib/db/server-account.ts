import { spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { EmbeddedServerError } from './embedded-server-error.ts';

/** How the programs of PostgreSQL are started: as whom, and with which program in front of them. */
export interface RunAs {
  /** Undefined: as ourselves. */
  account: Account | undefined;
  prefix: readonly string[];
}

interface Account {
  uid: number;
  gid: number;
}

/** Nothing of our own environment: it holds secrets, and PG… variables would change what the programs do. */
export const serverEnvironment: NodeJS.ProcessEnv = {
  NODE_ENV: 'production',
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

/**
 * PostgreSQL refuses to run as root. Root therefore starts it as the account that owns the database
 * already, else as `postgres`, which is made when it is missing.
 *
 * That account may not enter a clone below a folder with mode 0700, such as root's home. Linux can lend
 * it the one capability to pass such folders, so that the database stays inside the clone.
 */
export async function findRunAs(places: {
  clusterDir: string;
  parentDir: string;
  postgres: string;
}): Promise<RunAs> {
  const ownUid = process.getuid?.();
  const owner = await ownerOf(places.clusterDir);
  if (ownUid !== 0) {
    if (owner !== undefined && ownUid !== undefined && owner.uid !== ownUid) {
      throw new EmbeddedServerError(
        `The database in ${places.clusterDir} belongs to another account (uid ${String(owner.uid)}). ` +
          'Start the program as that account, or set SK_DATA_DIR to a folder of your own.',
      );
    }
    return { account: undefined, prefix: [] };
  }
  const account = owner !== undefined && owner.uid !== 0 ? owner : findOrMakeAccount();
  const ids = [`--reuid=${String(account.uid)}`, `--regid=${String(account.gid)}`, '--clear-groups'];
  const ways: RunAs[] = [
    { account, prefix: [] },
    // The least that passes a closed folder first; a clone made with umask 077 needs the second.
    // PostgreSQL asks access(2), which heeds capabilities only with no_setuid_fixup.
    ...['dac_read_search', 'dac_override'].map((capability) => ({
      account: undefined,
      prefix: [
        'setpriv',
        ...ids,
        `--inh-caps=-all,+${capability}`,
        `--ambient-caps=+${capability}`,
        `--bounding-set=-all,+${capability}`,
        '--securebits=+no_setuid_fixup',
      ],
    })),
  ];
  const way = ways.find(
    (candidate) =>
      runQuietly(candidate, places.postgres, ['--version']) &&
      runQuietly(candidate, 'test', ['-x', places.parentDir]),
  );
  if (way === undefined) {
    throw new EmbeddedServerError(
      `PostgreSQL does not run as root, and the account it runs as (uid ${String(account.uid)}) may not enter ` +
        `${places.parentDir}. Move the project to a folder that every account may enter (for example below /srv), ` +
        'start it as an ordinary account, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  return way;
}

/** The program and its arguments, with the prefix in front. */
export function commandLine(runAs: RunAs, program: string, args: readonly string[]): [string, string[]] {
  const [first, ...rest] = [...runAs.prefix, program, ...args];
  return [first ?? program, rest];
}

function runQuietly(runAs: RunAs, program: string, args: readonly string[]): boolean {
  const [command, rest] = commandLine(runAs, program, args);
  const done = spawnSync(command, rest, {
    ...runAs.account,
    cwd: '/',
    env: serverEnvironment,
    stdio: 'ignore',
  });
  return done.status === 0;
}

async function ownerOf(path: string): Promise<Account | undefined> {
  try {
    const { uid, gid } = await stat(path);
    return { uid, gid };
  } catch {
    return undefined;
  }
}

function findOrMakeAccount(): Account {
  const found = accountNamed('postgres');
  if (found !== undefined) return found;
  const options = { env: serverEnvironment, stdio: 'ignore' } as const;
  spawnSync('groupadd', ['--system', 'postgres'], options);
  spawnSync(
    'useradd',
    ['--system', '--gid', 'postgres', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'],
    options,
  );
  // Somebody else may have made it at the same moment: only the result counts.
  const made = accountNamed('postgres');
  if (made !== undefined) return made;
  throw new EmbeddedServerError(
    'PostgreSQL does not run as root, and the account "postgres" could not be made here. ' +
      'Start the program as an ordinary account, or set DATABASE_URL to a PostgreSQL of your own.',
  );
}

function accountNamed(name: string): Account | undefined {
  const ask = (flag: string) =>
    spawnSync('id', [flag, name], { env: serverEnvironment, encoding: 'utf8' }).stdout.trim();
  const [uid, gid] = [ask('-u'), ask('-g')];
  return /^[1-9]\d*$/.test(uid) && /^\d+$/.test(gid) ? { uid: Number(uid), gid: Number(gid) } : undefined;
}
