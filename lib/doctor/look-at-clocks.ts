import type { Env } from '../base/env.ts';
import type { OutsideFetch } from '../base/outside-fetch.ts';
import type { Ctx } from '../context.ts';
import { selectPlatforms } from '../platforms/queries.ts';
import { fetchOwnKeys } from './look-at-address.ts';
import { judgeClocks } from './rules.ts';
import type { Finding } from './rules.ts';

/** So many platforms agree or do not; more would tell nothing new. */
const mostPlatforms = 4;
/** A header tells whole seconds: on average half of one was cut off. */
const cutOffMs = 500;

/**
 * Compares the database's clock with this machine's and, unless that is to be left out, with those of others.
 *
 * @param databaseAheadMs of this machine's clock
 */
export async function lookAtClocks(
  { db }: Pick<Ctx, 'db'>,
  databaseAheadMs: number,
  asked: { settings: Pick<Env, 'PUBLIC_URL'>; fetchOutside: OutsideFetch } | undefined,
): Promise<Finding[]> {
  const clocks = [{ whose: 'this machine', aheadMs: -databaseAheadMs }];
  const add = (whose: string, date: unknown) => {
    const at = typeof date === 'string' ? Date.parse(date) : NaN;
    if (Number.isNaN(at)) return;
    clocks.push({ whose, aheadMs: at + cutOffMs - (Date.now() + databaseAheadMs) });
  };
  if (asked !== undefined) {
    const { settings, fetchOutside } = asked;
    const platforms = (await selectPlatforms(db)).filter(({ disabledAt }) => disabledAt === null);
    const addresses = [...new Set(platforms.map(({ jwksUrl }) => jwksUrl))].slice(0, mostPlatforms);
    // Who does not answer is told by other checks.
    await Promise.all([
      fetchOwnKeys(settings)
        .then(({ headers }) => {
          add(settings.PUBLIC_URL, headers.date);
        })
        .catch(() => undefined),
      ...addresses.map((url) =>
        fetchOutside(url)
          .then(({ headers }) => {
            add(new URL(url).host, headers.date);
          })
          .catch(() => undefined),
      ),
    ]);
  }
  return judgeClocks(clocks);
}
