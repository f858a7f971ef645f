import { eq, lt } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { usedNonces, usedTickets } from '../db/schema.ts';

/** @returns false when this nonce was used before; of two at the same moment exactly one hears true */
export async function insertUsedNonce(db: Db, nonce: string, expiresAt: Date): Promise<boolean> {
  const rows = await db
    .insert(usedNonces)
    .values({ nonce, expiresAt })
    .onConflictDoNothing()
    .returning({ nonce: usedNonces.nonce });
  return rows.length === 1;
}

export async function selectIsNonceUsed(db: Db, nonce: string): Promise<boolean> {
  const rows = await db
    .select({ nonce: usedNonces.nonce })
    .from(usedNonces)
    .where(eq(usedNonces.nonce, nonce));
  return rows.length > 0;
}

/** @returns false when this ticket was used before */
export async function insertUsedTicket(db: Db, ticketId: string, expiresAt: Date): Promise<boolean> {
  const rows = await db
    .insert(usedTickets)
    .values({ ticketId, expiresAt })
    .onConflictDoNothing()
    .returning({ ticketId: usedTickets.ticketId });
  return rows.length === 1;
}

/** What has expired is refused by its own time already, so its row can go. */
export async function deleteExpired(db: Db, now: Date): Promise<void> {
  await db.delete(usedNonces).where(lt(usedNonces.expiresAt, now));
  await db.delete(usedTickets).where(lt(usedTickets.expiresAt, now));
}
