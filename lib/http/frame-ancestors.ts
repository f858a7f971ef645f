import { env } from '../base/env.ts';
import { isId } from '../base/ids.ts';
import { errorFacts } from '../base/log.ts';
import { processSingleton } from '../base/process-singleton.ts';
import { listFrameHosts, listTenantFrameHosts } from '../platforms/list-frame-hosts.ts';
import { currentProcess } from './process.ts';

const maxAgeMs = 60_000;
const known = processSingleton('frame-ancestors', () => ({
  sources: [] as readonly string[],
  readAt: -Infinity,
  reading: false,
}));

/** The CSP directive that says who may frame an answer. */
export type FrameAncestors = `frame-ancestors ${string}`;

/** Whose page is to be framed: a course's, a person's, or nobody's that is known. */
export type Tenant = { courseId: string } | { personId: string } | undefined;

/**
 * Our own pages may frame an answer, what the operator adds, and the pages of the tenant's own platform. The database is
 * asked only where a browser shows the answer in a frame, or does not say so; the answer is that of this moment, since a
 * school's own host is known by its launch, perhaps through another process.
 */
export async function frameAncestorsOf(headers: Headers, tenant: Tenant): Promise<FrameAncestors> {
  const destination = headers.get('sec-fetch-dest');
  const mayBeFramed =
    destination === null || ['iframe', 'frame', 'embed', 'object', 'fencedframe'].includes(destination);
  return directive(mayBeFramed && tenant !== undefined ? await sourcesOf(tenant) : []);
}

async function sourcesOf(tenant: NonNullable<Tenant>): Promise<readonly string[]> {
  if ('courseId' in tenant && !isId(tenant.courseId)) return [];
  const { database, log } = currentProcess();
  try {
    return await listTenantFrameHosts(database.db, tenant);
  } catch (error) {
    // The page will say what is wrong; for that the platforms that were known last may show it.
    log.warn(errorFacts(error), 'whose pages may frame this could not be read');
    return known.sources;
  }
}

/**
 * The same for pages that stand before anything is known of the tenant, and hold nothing that a click could be stolen
 * for: any secure page, and the registered platforms that are not secure. Read now and then in the background, so that
 * no answer waits for it and the database may be away.
 */
export function frameAncestorsOfAnyone(): FrameAncestors {
  if (Date.now() - known.readAt > maxAgeMs && !known.reading) {
    known.reading = true;
    void refreshFrameAncestors().finally(() => {
      known.reading = false;
    });
  }
  return directive(['https:', ...known.sources.filter((source) => source.startsWith('http:'))]);
}

function directive(sources: readonly string[]): FrameAncestors {
  return `frame-ancestors ${["'self'", ...env().FRAME_ANCESTORS, ...sources].join(' ')}`;
}

/** Reads the registered platforms now; awaited at start-up, so that the first page is right too. */
export async function refreshFrameAncestors(): Promise<void> {
  const { database, log } = currentProcess();
  try {
    known.sources = await listFrameHosts(database.db);
    known.readAt = Date.now();
  } catch (error) {
    log.warn(errorFacts(error), 'frame ancestors could not be read; the last ones count');
  }
}
