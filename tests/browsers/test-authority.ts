import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Files, because browsers and the tool (NODE_EXTRA_CA_CERTS) read them by path. */
export interface TestAuthority {
  authorityFile: string;
  /** For localhost and 127.0.0.1. */
  certificateFile: string;
  certificate: string;
  key: string;
}

const settings = `
[req]
prompt = no
distinguished_name = name
[name]
CN = SK Attendance tests
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost, IP:127.0.0.1
`;

/** A certificate authority for one run, and one certificate of it. */
export async function makeTestAuthority(folder: string): Promise<TestAuthority> {
  await mkdir(folder, { recursive: true });
  const file = (name: string): string => join(folder, name);
  await writeFile(file('openssl.cnf'), settings);
  const make = (name: string, ...more: string[]): Promise<unknown> => {
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const files = [
      '-config',
      file('openssl.cnf'),
      '-keyout',
      file(`${name}.key`),
      '-out',
      file(`${name}.pem`),
    ];
    return run('openssl', ['req', '-x509', ...kind, ...files, '-extensions', name, ...more]);
  };
  await make('authority');
  const signed = ['-CA', file('authority.pem'), '-CAkey', file('authority.key')];
  await make('server', '-subj', '/CN=localhost', ...signed);
  return {
    authorityFile: file('authority.pem'),
    certificateFile: file('server.pem'),
    certificate: await readFile(file('server.pem'), 'utf8'),
    key: await readFile(file('server.key'), 'utf8'),
  };
}

/** Firefox reads a database of this kind in its profile, Chromium one in the home folder. */
export async function trustAuthority(databaseFolder: string, authorityFile: string): Promise<void> {
  await mkdir(databaseFolder, { recursive: true });
  const database = ['-d', `sql:${databaseFolder}`];
  await run('certutil', [...database, '-N', '--empty-password']);
  await run('certutil', [...database, '-A', '-n', 'SK Attendance tests', '-t', 'C,,', '-i', authorityFile]);
}
