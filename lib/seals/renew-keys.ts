import { makeAuditKey, openAuditKeys } from '../audit/audit-key.ts';
import { lockAuditKeys } from '../audit/queries.ts';
import { unseal } from '../base/seal.ts';
import type { Purpose } from '../base/seal.ts';
import { updateWindow } from '../check-in-windows/queries.ts';
import { tellWindow } from '../check-in-windows/tell-window.ts';
import { createSealedSecret } from '../check-in-windows/window-secret.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { createToolKey } from '../lti/tool-key.ts';
import { sealToolKey } from '../platforms/keep-tool-key.ts';
import { openToolKey } from '../platforms/open-tool-key.ts';
import { lockToolKeys, selectPublishedToolKeys, updateToolKeysRetiredAt } from '../platforms/queries.ts';
import {
  deleteLinks,
  lockSealedLinks,
  lockSealedWindows,
  selectUnclosedWindows,
  updateSealedWindows,
} from './queries.ts';
import type { LinkKind } from './queries.ts';

export interface RenewedKeys {
  /** Keys that no secret opens: shown no more. */
  withdrawn: string[];
  /** The new key, which signs at once; none where an old one still opens. */
  made: string | undefined;
  /** Whether the log's changes are sealed with a new key from now on; what the old one sealed cannot be proven. */
  auditKeyRenewed: boolean;
  /** Check-ins and check-outs that were open or planned and had to be closed: no codes could be made for them. */
  closedCheckIns: number;
  /** Calendar links that were withdrawn: nobody could be shown theirs any more. */
  withdrawnCalendars: number;
  /** The same of personal codes. */
  withdrawnCodes: number;
}

/**
 * The way out when the secret is lost for good: whatever does not open is replaced, the rest stays as it is.
 * Nobody's attendance is touched. An operator's act.
 */
export async function renewKeys(ctx: Ctx): Promise<RenewedKeys> {
  const key = await createToolKey();
  return transaction(ctx, async (tx) => {
    await lockToolKeys(tx.db);
    const published = await selectPublishedToolKeys(tx.db, tx.now);
    const lost = published.filter((known) => openToolKey(tx.secrets, known) === undefined);
    const withdrawn = lost.map((known) => known.kid);
    await updateToolKeysRetiredAt(tx.db, withdrawn, tx.now);
    const canSign = published.some((known) => !lost.includes(known) && known.signsFrom <= tx.now);
    if (!canSign) await sealToolKey(tx, key, tx.now);
    return {
      withdrawn,
      made: canSign ? undefined : key.kid,
      auditKeyRenewed: await replaceLostAuditKey(tx),
      closedCheckIns: await replaceLostSecrets(tx),
      withdrawnCalendars: await withdrawLostLinks(tx, 'calendars', 'calendar-feed'),
      withdrawnCodes: await withdrawLostLinks(tx, 'codes', 'personal-code'),
    };
  });
}

async function replaceLostAuditKey(tx: Ctx): Promise<boolean> {
  await lockAuditKeys(tx.db);
  const last = (await openAuditKeys(tx)).at(-1);
  if (last === undefined || last.bytes !== undefined) return false;
  await makeAuditKey(tx);
  return true;
}

async function withdrawLostLinks(tx: Ctx, kind: LinkKind, purpose: Purpose): Promise<number> {
  const links = await lockSealedLinks(tx.db, kind);
  const lost = links.filter(({ text }) => unseal(tx.secrets, purpose, text) === undefined);
  await deleteLinks(
    tx.db,
    kind,
    lost.map(({ id }) => id),
  );
  return lost.length;
}

/** A window whose secret is lost gets one that nobody knows, so that its old codes are simply wrong. */
async function replaceLostSecrets(tx: Ctx): Promise<number> {
  const windows = await lockSealedWindows(tx.db);
  const lost = windows.filter(({ text }) => unseal(tx.secrets, 'window-secret', text) === undefined);
  await updateSealedWindows(
    tx.db,
    lost.map(({ id }) => ({ id, text: createSealedSecret(tx.secrets) })),
  );
  const lostIds = new Set(lost.map(({ id }) => id));
  const unclosed = (await selectUnclosedWindows(tx.db)).filter(({ window }) => lostIds.has(window.id));
  for (const { courseId, window } of unclosed) {
    const closedAt = tx.now < window.closesAt ? tx.now : window.closesAt;
    await tellWindow(tx, courseId, 'check-in.closed', await updateWindow(tx.db, window.id, { closedAt }));
  }
  return unclosed.filter(({ window }) => tx.now < window.closesAt).length;
}
