import { variables } from './settings.ts';
import type { SettingName } from './settings.ts';

/** What the same things are called elsewhere: in other tools, in older guides, by hosts' add-ons. */
const otherNames: Partial<Record<SettingName, readonly string[]>> = {
  PUBLIC_URL: ['APP_URL', 'BASE_URL', 'TOOL_URL', 'SERVER_URL', 'LTI_TOOL_URL', 'APP_BASE_URL'],
  SESSION_SECRET: [
    'SECRET',
    'SECRET_KEY',
    'SESSION_KEY',
    'COOKIE_SECRET',
    'JWT_SECRET',
    'ENCRYPTION_KEY',
    'LTI_KEY',
  ],
  DATABASE_URL: ['DATABASE_URI', 'DB_URL', 'POSTGRES_URL', 'POSTGRESQL_URL', 'PG_URL'],
  DATABASE_TLS: ['DB_SSL', 'DATABASE_SSL'],
  DB_USER: ['DB_USERNAME'],
  DB_PASSWORD: ['DB_PASS'],
  DB_NAME: ['DB_DATABASE'],
  DB_POOL_MAX: ['DB_POOL_SIZE', 'DB_MAX_CONNECTIONS'],
  CANVAS_PLATFORM_URL: ['CANVAS_ISSUER', 'LTI_ISSUER', 'LTI_PLATFORM_URL'],
  CANVAS_CLIENT_ID: ['LTI_CLIENT_ID'],
  CANVAS_DEPLOYMENT_ID: ['LTI_DEPLOYMENT_ID'],
  CANVAS_AUTHORIZE_URL: ['CANVAS_AUTH_URL', 'CANVAS_AUTH_ENDPOINT'],
  CANVAS_TOKEN_URL: ['CANVAS_TOKEN_ENDPOINT'],
  CANVAS_JWKS_URL: ['CANVAS_KEYSET_URL', 'CANVAS_JWKS_ENDPOINT'],
  CANVAS_BASE_URL: ['CANVAS_URL', 'CANVAS_DOMAIN', 'CANVAS_API_URL', 'CANVAS_API_BASE_URL'],
  CANVAS_API_TOKEN: ['CANVAS_TOKEN', 'CANVAS_ACCESS_TOKEN', 'CANVAS_API_KEY'],
  S3_BUCKET: ['S3_BUCKET_NAME', 'AWS_BUCKET', 'AWS_BUCKET_NAME', 'AWS_S3_BUCKET', 'BUCKETEER_BUCKET_NAME'],
  S3_REGION: ['AWS_S3_REGION', 'BUCKETEER_AWS_REGION'],
  SMTP_URL: ['SMTP_HOST', 'SMTP_SERVER', 'MAIL_URL', 'MAIL_HOST', 'EMAIL_HOST'],
  EMAIL_FROM: ['MAIL_FROM', 'SMTP_FROM', 'FROM_EMAIL'],
  MAX_FILE_SIZE: ['MAX_UPLOAD_SIZE', 'UPLOAD_MAX_SIZE'],
  QR_CODE_VALIDITY_MINUTES: ['QR_VALIDITY_MINUTES', 'QR_CODE_EXPIRY_MINUTES'],
  DEFAULT_LANGUAGE: ['DEFAULT_LOCALE'],
  TZ: ['TIMEZONE', 'TIME_ZONE'],
};

/** Shorter names are near to too many others. */
const shortestLikely = 6;

/**
 * Names that were set and mean nothing here, each with the setting that was probably meant and is not set.
 *
 * @param given the names of the environment
 */
export function findLikelySettings(given: ReadonlySet<string>): { given: string; meant: SettingName }[] {
  const ours = Object.keys(variables.shape) as SettingName[];
  const unset = ours.filter((name) => !given.has(name));
  return [...given]
    .filter((name) => !(name in variables.shape))
    .flatMap((name) => {
      const meant = unset.find(
        (one) => otherNames[one]?.includes(name) === true || isNear(name.toUpperCase(), one),
      );
      return meant === undefined ? [] : [{ given: name, meant }];
    });
}

function isNear(given: string, meant: string): boolean {
  if (meant.length < shortestLikely) return false;
  return editDistance(given, meant) <= (meant.length <= 8 ? 1 : 2);
}

/** How many characters must be put in, taken away, changed or swapped with their neighbour (Damerau, restricted). */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const now = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      now.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (now[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (isSame ? 0 : 1),
          ...(isSwapped ? [(beforeLast[column - 2] ?? 0) + 1] : []),
        ),
      );
    }
    [beforeLast, last] = [last, now];
  }
  return last[b.length] ?? 0;
}
