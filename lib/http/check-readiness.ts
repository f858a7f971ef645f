import { processSingleton } from '../base/process-singleton.ts';
import { isStopping } from '../base/shutdown.ts';
import { checkDatabase } from '../db/check-database.ts';
import { newFileKey } from '../files/file-store.ts';
import { currentProcess } from './process.ts';

/** Longer than a connection is waited for, shorter than a balancer waits for its probe. */
const withinMs = 3_000;
/** However many balancers ask how often: one question in so long. */
const databaseMs = 1_000;
const filesMs = 15_000;

type Check = 'ok' | 'behind' | 'unavailable';

export interface Readiness {
  /** `degraded`: attendance is taken, but documents are not. */
  status: 'ready' | 'degraded' | 'unavailable' | 'stopping';
  /** None while the process stops: nothing is asked any more. */
  checks: Partial<Record<'database' | 'migrations' | 'files', Check>>;
}

const held = processSingleton('readiness', () => ({
  database: askedOnce(askDatabase),
  files: askedOnce(askFiles),
}));

/**
 * Whether requests may be sent to this process. While it stops: no, and nothing is asked. Without the store of documents:
 * yes, because attendance is what people stand in line for.
 */
export async function checkReadiness(): Promise<Readiness> {
  if (isStopping()) return { status: 'stopping', checks: {} };
  const [database, files] = await Promise.all([held.database(databaseMs), held.files(filesMs)]);
  const checks = {
    database: database === 'unavailable' ? database : 'ok',
    // Nobody can say while the database is away.
    migrations: database,
    files,
  } as const;
  if (database !== 'ok') return { status: 'unavailable', checks };
  return { status: files === 'ok' ? 'ready' : 'degraded', checks };
}

function askDatabase(): Promise<Check> {
  return checkDatabase(currentProcess().database.db);
}

/** Looks for a file that nobody has: it costs one small request, and writes nothing. */
async function askFiles(): Promise<Check> {
  const opened = await currentProcess().files.open(newFileKey());
  await opened?.body.cancel();
  return 'ok';
}

/** One question for all who ask at the same time, and a while after. */
function askedOnce(ask: () => Promise<Check>): (keepMs: number) => Promise<Check> {
  let asked: { at: number; answer: Promise<Check> } | undefined;
  return (keepMs) => {
    if (asked === undefined || Date.now() - asked.at > keepMs) {
      asked = { at: Date.now(), answer: inTime(ask) };
    }
    return asked.answer;
  };
}

async function inTime(ask: () => Promise<Check>): Promise<Check> {
  const { promise: late, resolve } = Promise.withResolvers<Check>();
  const timer = setTimeout(() => {
    resolve('unavailable');
  }, withinMs);
  try {
    return await Promise.race([ask(), late]);
  } catch {
    return 'unavailable';
  } finally {
    clearTimeout(timer);
  }
}
