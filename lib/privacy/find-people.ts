import type { Ctx } from '../context.ts';
import { selectPeopleLike } from './queries.ts';
import type { FoundPerson } from './queries.ts';

const peopleShown = 50;

/** People by a part of their name or address, fifty at most; whoever was erased is not found. An operator's question. */
export function findPeople(
  ctx: Pick<Ctx, 'db'>,
  sought: { name: string | undefined; email: string | undefined },
): Promise<FoundPerson[]> {
  return selectPeopleLike(ctx.db, sought, peopleShown);
}
