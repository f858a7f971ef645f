/** Node's and PostgreSQL's codes for "not now, try again" (PostgreSQL manual, appendix A). */
const unavailableCodes = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  '25006', // read-only: another server has taken over
  '53300', // too many connections
  '57014', // a statement took longer than it may
  '57P01', // admin shutdown
  '57P02', // crash shutdown
  '57P03', // cannot connect now
  '08000',
  '08003',
  '08006',
]);

const poolMessages =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client (has encountered|was closed)/;

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
