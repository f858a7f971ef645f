import { rehearse } from '#lib/privacy/rehearse.ts';
import type { Secrets } from '#lib/base/seal.ts';
import type { SchoolSize } from './fill-school.ts';
import { contextIn, operationsIn } from './hot-operations.ts';
import type { Reach } from './hot-operations.ts';
import { nodesOf, tablePages, watchPlans } from './watch-plans.ts';
import type { CarriedOut } from './watch-plans.ts';

/** A database with a school in it. */
export interface School {
  url: string;
  size: SchoolSize;
}

export interface WatchedOperation {
  name: string;
  reach: Reach;
  mayRead?: string | undefined;
  statements: CarriedOut[];
}

/** Does everything that the tool does, once, and takes it back. @param settings see `watchPlans` */
export async function watchOperations(
  { url, size }: School,
  secrets: Secrets,
  settings = '',
): Promise<WatchedOperation[]> {
  return watchPlans(
    url,
    async ({ db, during }) => {
      const watched: WatchedOperation[] = [];
      for (const { name, reach, mayRead, prepare } of operationsIn(size)) {
        const ctx = await contextIn(db, { secrets, size });
        const statements = await rehearse(ctx, async (tx) => during(tx.db, await prepare(tx)));
        watched.push({ name, reach, mayRead, statements });
      }
      return watched;
    },
    settings,
  );
}

/** What an operation came to in two schools. */
export interface Compared {
  name: string;
  reach: Reach;
  /** Rows of tables that it looked at; of a job that looks into every course: per course. */
  rows: { small: number; large: number };
  /** Pages of 8 kB that it touched in the larger school. */
  pages: number;
  ms: number;
  statements: number;
  /** What should not be: a sentence each. */
  faults: string[];
}

/** A larger school's planner goes other ways to the same rows. */
const mostGrowth = 1.5;
/** A statement that looks at few rows may look at so many more; of a job, per course. */
const spare = { course: 100, 'every course': 3 };

/**
 * The same operations in a small and in a large school, of which the watched course is the same: what they look at must
 * not grow with the school.
 *
 * @param bigTable a table of so many pages is never read from end to end
 */
export async function compareSchools(
  schools: { small: School; large: School },
  watched: { small: readonly WatchedOperation[]; large: readonly WatchedOperation[] },
  { bigTable }: { bigTable: number },
): Promise<Compared[]> {
  const tables = await tablePages(schools.large.url);
  return watched.large.map(({ name, reach, mayRead, statements }) => {
    const before = watched.small.find((one) => one.name === name)?.statements ?? [];
    const courses = (school: School) => (reach === 'every course' ? school.size.courses : 1);
    const share = { small: courses(schools.small), large: courses(schools.large) };
    const isBig = (table: string) => (tables.get(table) ?? 0) >= bigTable && table !== mayRead;
    const faults =
      reach === 'operator'
        ? []
        : [
            ...statements.flatMap(({ scanned, text }) =>
              scanned.filter(isBig).map((table) => `reads all of ${table}: ${text}`),
            ),
            ...grown(before, statements, { share, most: spare[reach] }),
          ];
    return {
      ...{ name, reach, faults },
      rows: { small: rowsOf(before) / share.small, large: rowsOf(statements) / share.large },
      pages: statements.reduce((sum, one) => sum + one.pages, 0),
      ms: statements.reduce((sum, one) => sum + one.ms, 0),
      statements: statements.length,
    };
  });
}

function rowsOf(statements: readonly CarriedOut[]): number {
  return statements.reduce((sum, { rows }) => sum + rows, 0);
}

/** Statements that look at more in the larger school, each text with all the times that it was sent. */
function grown(
  before: readonly CarriedOut[],
  after: readonly CarriedOut[],
  { share, most }: { share: { small: number; large: number }; most: number },
): string[] {
  const smallByText = Map.groupBy(before, ({ text }) => text);
  return [...Map.groupBy(after, ({ text }) => text)].flatMap(([text, statements]) => {
    const small = rowsOf(smallByText.get(text) ?? []) / share.small;
    const large = rowsOf(statements) / share.large;
    if (large <= mostGrowth * small + most) return [];
    const indexes = statements.flatMap(({ plan }) =>
      [...nodesOf(plan)].flatMap((node) => node['Index Name'] ?? []),
    );
    const by = [...new Set(indexes)].join(', ');
    return [`looks at ${large.toFixed(0)} rows instead of ${small.toFixed(0)} (${by}): ${text}`];
  });
}
