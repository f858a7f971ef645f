import { describe, expect, test } from 'vitest';
import { isDatabaseUnavailable } from './database-unavailable.ts';

const withCode = (code: string, message = 'what PostgreSQL says') =>
  Object.assign(new Error(message), { code });

describe('"try again" is said of a database', () => {
  test.each([
    ['that starts, or recovers from a crash', '57P03'],
    ['that is stopped', '57P01'],
    ['that has crashed', '57P02'],
    ['whose connections are all taken', '53300'],
    ['whose disk is full', '53100'],
    ['whose memory is full', '53200'],
    ['whose disk fails', '58030'],
    ['that is read-only, because another has taken over', '25006'],
    ['that has ended a statement', '57014'],
    ['that does not say whether it has committed', '08007'],
    ['that cannot be reached', 'ECONNREFUSED'],
    ['that broke the line', 'ECONNRESET'],
    ['for which no file is left', 'EMFILE'],
  ])('%s (%s)', (_which, code) => {
    expect(isDatabaseUnavailable(withCode(code))).toBe(true);
    expect(isDatabaseUnavailable(new Error('Failed query', { cause: withCode(code) }))).toBe(true);
    expect(isDatabaseUnavailable(new AggregateError([withCode(code)]))).toBe(true);
  });

  test.each([
    'timeout exceeded when trying to connect',
    'timeout expired',
    'Query read timeout',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'There was an error establishing an SSL connection',
  ])('of which pg says: %s', (message) => {
    expect(isDatabaseUnavailable(new Error(message))).toBe(true);
  });
});

test.each([
  ['a row that is gone', withCode('23503')],
  ['a row that is there', withCode('23505')],
  ['a statement that PostgreSQL does not understand', withCode('42601')],
  ['a message that PostgreSQL does not understand', withCode('08P01')],
  ['a password that is wrong', withCode('28P01')],
  ['a fault of ours', new TypeError('undefined is not a function')],
  ['nothing', undefined],
])('not of %s', (_what, error) => {
  expect(isDatabaseUnavailable(error)).toBe(false);
});
