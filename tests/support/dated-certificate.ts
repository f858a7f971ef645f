import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const settings = (folder: string) => `
[ca]
default_ca = here
[here]
database = ${join(folder, 'index.txt')}
new_certs_dir = ${folder}
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
`;

/** A certificate for localhost that nobody vouches for, good between two moments. */
export async function makeDatedCertificate(
  folder: string,
  { from, to }: { from: Date; to: Date },
): Promise<{ cert: string; key: string }> {
  await mkdir(folder, { recursive: true });
  const file = (name: string): string => join(folder, name);
  await writeFile(file('openssl.cnf'), settings(folder));
  await writeFile(file('index.txt'), '');
  const made = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-subj',
    '/CN=localhost',
  ];
  await run('openssl', ['req', '-new', ...made, '-keyout', file('key.pem'), '-out', file('request.pem')]);
  await run('openssl', [
    ...['ca', '-batch', '-selfsign', '-notext', '-config', file('openssl.cnf'), '-keyfile', file('key.pem')],
    ...['-in', file('request.pem'), '-out', file('certificate.pem')],
    ...['-startdate', asnTime(from), '-enddate', asnTime(to)],
  ]);
  return {
    cert: await readFile(file('certificate.pem'), 'utf8'),
    key: await readFile(file('key.pem'), 'utf8'),
  };
}

/** As certificates tell time: 20200131235959Z. */
function asnTime(moment: Date): string {
  return `${moment.toISOString().slice(0, 19).replace(/\D/g, '')}Z`;
}
