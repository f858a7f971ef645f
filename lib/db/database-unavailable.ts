/** Node's and PostgreSQL's codes for "not now, try again" (PostgreSQL manual, appendix A). */
const unavailableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  '53300', // too many connections
  '57P01', // admin shutdown
  '57P02', // crash shutdown
  '57P03', // cannot connect now
  '08000',
  '08003',
  '08006',
]);

const poolMessages =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|Client (has encountered|was closed)/;

/** Whether an error says that the database is away for now, so that the same request may succeed later. */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string' && unavailableCodes.has(at.code)) return true;
    if (poolMessages.test(at.message)) return true;
    if (at instanceof AggregateError && at.errors.some(isDatabaseUnavailable)) return true;
  }
  return false;
}
