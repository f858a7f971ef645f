/** Node's codes for "not now, try again". */
const unavailableCodes = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EMFILE', // no file is left for one more connection
  'ENETDOWN',
  'ENETUNREACH',
  'ENFILE',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** PostgreSQL's (manual, appendix A); of some classes all. */
const unavailableStates = new RegExp(
  [
    '08(?!P01)...', // the connection; 08P01 is a fault of ours, or of PgBouncer, see below
    '25006', // read-only: another server has taken over
    '25P03', // a transaction that we left waiting was ended
    '53...', // no connection, disk or memory left
    '57014', // a statement took longer than it may
    '57P0[1235]', // it stops, has crashed, or starts
    '58030', // its disk failed
  ]
    .map((state) => `^${state}$`)
    .join('|'),
);

const poolMessages =
  /timeout exceeded when trying to connect|^timeout expired$|Query read timeout|Connection terminated|Client (has encountered|was closed)|error establishing an SSL connection/;

/** PgBouncer says all that it has to say with one code, 08P01, which is a fault of ours where PostgreSQL says it. */
const poolerIsFull = /^no more connections allowed|^query_wait_timeout$/;
const poolerIsAlone =
  /^server (login has been failing|login failed|conn crashed)|^client_login_timeout|^cannot connect/;

/** Whether an error says that the database is away for now, so that the same request may succeed later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return has(
    error,
    (message, code) =>
      unavailableCodes.has(code) ||
      unavailableStates.test(code) ||
      poolMessages.test(message) ||
      (code === '08P01' && (poolerIsFull.test(message) || poolerIsAlone.test(message))),
  );
}

/** Whether an error says that the database, or the pooler before it, has no connection left. */
export function isDatabaseFull(error: unknown): boolean {
  return has(
    error,
    (message, code) =>
      code === '53300' || (code === '08P01' && message.startsWith('no more connections allowed')),
  );
}

function has(error: unknown, says: (message: string, code: string) => boolean): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (says(at.message, 'code' in at && typeof at.code === 'string' ? at.code : '')) return true;
    if (at instanceof AggregateError && at.errors.some((one) => has(one, says))) return true;
  }
  return false;
}
