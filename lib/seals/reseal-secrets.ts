import { lockAuditKeys } from '../audit/queries.ts';
import { reseal } from '../base/seal.ts';
import type { Purpose, Secrets } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { lockToolKeys } from '../platforms/queries.ts';
import {
  lockSealedLinks,
  lockSealedWindows,
  selectSealedAuditKeys,
  selectSealedKeys,
  updateSealedAuditKeys,
  updateSealedKeys,
  updateSealedLinks,
  updateSealedWindows,
} from './queries.ts';
import type { Sealed } from './queries.ts';
import { requireOpenSeals } from './require-open-seals.ts';

export interface Resealed {
  /** Sealed anew just now. */
  changed: number;
  /** Sealed with the current secret already. */
  current: number;
  /**
   * Of long ago, withdrawn or closed: no secret opens it, and nothing needs it. Calendar links and personal codes go on
   * working; whoever asks to see theirs gets a new one.
   */
  lost: number;
}

/**
 * Seals everything that lies sealed in the database with the current secret, so that the previous one can go.
 * All of it or nothing; a second time changes nothing. An operator's act.
 *
 * @throws LostSecretError
 */
export async function resealSecrets(
  ctx: Pick<Ctx, 'db' | 'secrets' | 'now'>,
): Promise<Record<'keys' | 'auditKeys' | 'windows' | 'calendars' | 'codes', Resealed>> {
  return transaction(ctx, async (tx) => {
    await lockToolKeys(tx.db);
    await lockAuditKeys(tx.db);
    await requireOpenSeals(tx);
    const keys = sealAnew(tx.secrets, 'tool-key', await selectSealedKeys(tx.db));
    const auditKeys = sealAnew(tx.secrets, 'audit-key', await selectSealedAuditKeys(tx.db));
    const windows = sealAnew(tx.secrets, 'window-secret', await lockSealedWindows(tx.db));
    const calendars = sealAnew(tx.secrets, 'calendar-feed', await lockSealedLinks(tx.db, 'calendars'));
    const codes = sealAnew(tx.secrets, 'personal-code', await lockSealedLinks(tx.db, 'codes'));
    await updateSealedKeys(tx.db, keys.anew);
    await updateSealedAuditKeys(tx.db, auditKeys.anew);
    await updateSealedWindows(tx.db, windows.anew);
    await updateSealedLinks(tx.db, 'calendars', calendars.anew);
    await updateSealedLinks(tx.db, 'codes', codes.anew);
    return {
      keys: keys.counted,
      auditKeys: auditKeys.counted,
      windows: windows.counted,
      calendars: calendars.counted,
      codes: codes.counted,
    };
  });
}

function sealAnew(
  secrets: Secrets,
  purpose: Purpose,
  all: readonly Sealed[],
): { anew: Sealed[]; counted: Resealed } {
  const anew: Sealed[] = [];
  const counted = { changed: 0, current: 0, lost: 0 };
  for (const { id, text } of all) {
    const resealed = reseal(secrets, purpose, text);
    if (resealed === undefined) counted.lost += 1;
    else if (resealed === text) counted.current += 1;
    else {
      counted.changed += 1;
      anew.push({ id, text: resealed });
    }
  }
  return { anew, counted };
}
