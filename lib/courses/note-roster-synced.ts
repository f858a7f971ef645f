import type { Ctx } from '../context.ts';
import { updateDeparturesConfirmed, updateRosterNote } from './queries.ts';
import type { RosterNote } from './queries.ts';

/** Notes that the whole roster was read, and whether departures wait for a teacher's word. */
export function noteRosterSynced(ctx: Pick<Ctx, 'db'>, courseId: string, note: RosterNote): Promise<void> {
  return updateRosterNote(ctx.db, courseId, note);
}

/** Notes that a teacher has confirmed the departures. */
export function noteDeparturesConfirmed(ctx: Pick<Ctx, 'db'>, courseId: string): Promise<void> {
  return updateDeparturesConfirmed(ctx.db, courseId);
}
