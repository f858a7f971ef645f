import { randomBytes } from 'node:crypto';
import { LostSecretError } from '../base/lost-secret-error.ts';
import { newId } from '../base/ids.ts';
import { seal, unseal } from '../base/seal.ts';
import type { Secrets } from '../base/seal.ts';
import type { Ctx } from '../context.ts';
import { insertAuditKey, lockAuditKeys, selectAuditKeys } from './queries.ts';

const keyBytes = 32;

export interface AuditKey {
  id: string;
  /** Undefined when no secret opens it. */
  bytes: Buffer | undefined;
}

/**
 * The keys of the chain, oldest first: the last one seals. They are random and only lie sealed with the secret, so
 * that old seals still verify after the secret has changed.
 */
export async function openAuditKeys(ctx: Pick<Ctx, 'db' | 'secrets'>): Promise<AuditKey[]> {
  const keys = await selectAuditKeys(ctx.db);
  return keys.map(({ id, sealedKey }) => ({ id, bytes: openKey(ctx.secrets, sealedKey) }));
}

function openKey(secrets: Secrets, sealedKey: string): Buffer | undefined {
  const text = unseal(secrets, 'audit-key', sealedKey);
  return typeof text === 'string' ? Buffer.from(text, 'base64url') : undefined;
}

/**
 * The key that seals, made at the first need. Called in a transaction.
 *
 * @throws LostSecretError when it was sealed with another secret
 */
export async function needAuditKey(
  tx: Pick<Ctx, 'db' | 'now' | 'secrets'>,
): Promise<{ id: string; bytes: Buffer }> {
  let last = (await openAuditKeys(tx)).at(-1);
  if (last === undefined) {
    // Two processes may need the first key at once.
    await lockAuditKeys(tx.db);
    last = (await openAuditKeys(tx)).at(-1) ?? (await makeAuditKey(tx));
  }
  const { id, bytes } = last;
  if (bytes === undefined) throw new LostSecretError();
  return { id, bytes };
}

/** Makes a key that seals from now on; what older ones sealed stays as it is. */
export async function makeAuditKey(
  tx: Pick<Ctx, 'db' | 'now' | 'secrets'>,
): Promise<{ id: string; bytes: Buffer }> {
  const key = { id: newId(), bytes: randomBytes(keyBytes) };
  await insertAuditKey(tx.db, {
    id: key.id,
    sealedKey: seal(tx.secrets, 'audit-key', key.bytes.toString('base64url')),
    createdAt: tx.now,
  });
  return key;
}
