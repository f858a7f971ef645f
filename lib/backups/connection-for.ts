import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env } from '../base/env.ts';
import { connectionVariables } from './rules.ts';
import type { ConnectionVariables } from './rules.ts';

/** What a system trusts, where PostgreSQL's programs do not know it by themselves. */
const systemAuthorities = '/etc/ssl/certs/ca-certificates.crt';

/**
 * How PostgreSQL's programs reach a database, as safely as the tool itself does.
 *
 * @param settings what they say of the line to this database; nothing, where the address alone counts
 * @param folder where a certificate that came as text is written down
 */
export async function connectionFor(
  { DATABASE_TLS: tls, DATABASE_CA: ca }: Partial<Pick<Env, 'DATABASE_TLS' | 'DATABASE_CA'>>,
  url: string,
  folder: string,
): Promise<ConnectionVariables> {
  const usualAuthorities = existsSync(systemAuthorities) ? systemAuthorities : 'system';
  const variables = (caFile?: string) => connectionVariables(url, { tls, caFile, usualAuthorities });
  if (ca?.includes('-----BEGIN CERTIFICATE-----') !== true) return variables(ca);
  const caFile = join(folder, 'authority.pem');
  await writeFile(caFile, ca.replaceAll(String.raw`\n`, '\n'), { mode: 0o600 });
  return variables(caFile);
}
