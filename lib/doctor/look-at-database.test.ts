import { expect, test } from 'vitest';
import { DatabaseSetupError } from '../db/database-setup-error.ts';
import { tellDatabaseError } from './look-at-database.ts';

const withCode = (code: string, message = 'as the library says it') =>
  Object.assign(new Error(message), { code });

test.each<[string, unknown, RegExp]>([
  ['nobody listens', withCode('ECONNREFUSED'), /Nobody listens/],
  [
    'nobody listens at either address of a name',
    new AggregateError([withCode('ECONNREFUSED')]),
    /Nobody listens/,
  ],
  ['an unknown host', withCode('ENOTFOUND'), /host is not known/],
  ['a wrong password', new Error('query', { cause: withCode('28P01') }), /refuses this account.*password/],
  ['an account that may not come from here', withCode('28000'), /trusted sources/],
  ['no such database', withCode('3D000'), /no such database.*Create it/],
  ['too many clients', withCode('53300'), /no connection left.*DB_POOL_MAX/],
  ['a server that starts', withCode('57P03'), /Wait a minute/],
  [
    'silence',
    new Error('timeout exceeded when trying to connect'),
    /does not answer \(ETIMEDOUT\).*firewall/,
  ],
  ['no TLS there', new Error('The server does not support SSL connections'), /DATABASE_TLS=off/],
  ['TLS alone', withCode('28000', 'no pg_hba.conf entry for host, no encryption'), /DATABASE_TLS=require/],
  [
    'an unknown authority',
    withCode('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in chain'),
    /DATABASE_CA/,
  ],
  ['a certificate of the past', withCode('CERT_HAS_EXPIRED', 'certificate has expired'), /Have it renewed/],
  [
    'a server that wants to know who asks',
    withCode('28000', 'connection requires a valid client certificate'),
    /sslcert and sslkey/,
  ],
  ['what the program says itself', new DatabaseSetupError('It is too old.'), /^It is too old\./],
  ['anything else', withCode('XX000'), /does not answer \(XX000\)/],
  ['what is no error', 'why', /does not answer \(string\)/],
])('%s', (_what, error, words) => {
  const { check, state, sentence, cure = '' } = tellDatabaseError(error);
  expect([check, state]).toEqual(['database', 'failed']);
  expect(`${sentence} ${cure}`).toMatch(words);
});
