import { DatabaseSetupError } from './database-setup-error.ts';

/** What an operator can do about a line that could not be made; each by what PostgreSQL, pg or Node say. */
const cures: readonly { says: RegExp; cure: string }[] = [
  {
    says: /no encryption|SSL off/,
    cure: 'It takes encrypted connections alone: set DATABASE_TLS=require, or DATABASE_TLS=verify with DATABASE_CA.',
  },
  {
    says: /does not support SSL connections/,
    cure: 'It takes no encrypted connections: set DATABASE_TLS=off, if the line to it is safe by itself.',
  },
  {
    says: /does not match certificate's altnames/i,
    cure: 'Its certificate is for another name: use that name in DATABASE_URL, or set DATABASE_TLS=require.',
  },
  {
    says: /certificate has expired/,
    cure: 'Have it renewed; until then DATABASE_TLS=require takes it as it is.',
  },
  {
    says: /client certificate/,
    cure: 'It asks for a certificate of yours: name its files by sslcert and sslkey in DATABASE_URL.',
  },
  {
    says: /certificate/,
    cure: 'Its certificate counts by none of the known authorities: set DATABASE_CA to its provider’s, or DATABASE_TLS=require.',
  },
];

/** @throws DatabaseSetupError where something can be done about it; else the error itself */
export function throwConnectTrouble(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  const found = cures.find(({ says }) => says.test(message));
  if (found === undefined) throw error;
  throw new DatabaseSetupError(`The database cannot be reached in this way (${message}). ${found.cure}`, {
    cause: error,
  });
}
