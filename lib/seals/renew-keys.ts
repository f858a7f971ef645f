import { makeAuditKey, openAuditKeys } from '../audit/audit-key.ts';
import { insertAuditEvent, lockAuditKeys } from '../audit/queries.ts';
import { unseal } from '../base/seal.ts';
import { updateWindowClosed } from '../check-in/queries.ts';
import { createSealedSecret } from '../check-in-windows/window-secret.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import { publish } from '../live/notices.ts';
import { createToolKey } from '../lti/tool-key.ts';
import { sealToolKey } from '../platforms/keep-tool-key.ts';
import { openToolKey } from '../platforms/open-tool-key.ts';
import { lockToolKeys, selectPublishedToolKeys, updateToolKeysRetiredAt } from '../platforms/queries.ts';
import {
  deleteCalendars,
  lockSealedCalendars,
  lockSealedWindows,
  selectUnclosedWindows,
  updateSealedWindows,
} from './queries.ts';

export interface RenewedKeys {
  /** Keys that no secret opens: shown no more. */
  withdrawn: string[];
  /** The new key, which signs at once; none where an old one still opens. */
  made: string | undefined;
  /** Whether the log's changes are sealed with a new key from now on; what the old one sealed cannot be proven. */
  auditKeyRenewed: boolean;
  /** Check-ins that were open and had to be closed: their codes could not be made any more. */
  closedCheckIns: number;
  /** Calendar links that were withdrawn: nobody could be shown theirs any more. */
  withdrawnCalendars: number;
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
      withdrawnCalendars: await withdrawLostCalendars(tx),
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

async function withdrawLostCalendars(tx: Ctx): Promise<number> {
  const calendars = await lockSealedCalendars(tx.db);
  const lost = calendars.filter(({ text }) => unseal(tx.secrets, 'calendar-feed', text) === undefined);
  await deleteCalendars(
    tx.db,
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
  const unclosed = (await selectUnclosedWindows(tx.db)).filter(({ id }) => lostIds.has(id));
  for (const { id, courseId, meetingId, closesAt } of unclosed) {
    const closedAt = tx.now < closesAt ? tx.now : closesAt;
    await updateWindowClosed(tx.db, id, closedAt);
    await insertAuditEvent(tx, {
      courseId,
      action: 'check-in.closed',
      subjectId: meetingId,
      after: { windowId: id, closedAt },
    });
    await publish(tx, { kind: 'window', meetingId, window: null });
  }
  return unclosed.filter(({ closesAt }) => tx.now < closesAt).length;
}
