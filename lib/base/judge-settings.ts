import { hostedIssuerOf, isInstanceOfHostedCanvas } from './hosted-canvas.ts';
import { isLocalhost } from './localhost.ts';
import type { SettingName, SettingValues } from './settings.ts';

/** What is set, as it was given; the rest of the environment with it. */
export type Given = Readonly<Record<string, string | undefined>>;

export interface Judgement {
  /** The program does not start. */
  problems: string[];
  /** Accepted, but worth a look. */
  warnings: string[];
}

/**
 * What is wrong or doubtful of settings that are in order one by one: which belong together, and what will not work
 * where the program runs. Each sentence says what to do.
 */
export function judgeSettings(settings: SettingValues, given: Given): Judgement {
  const said: Judgement = { problems: [], warnings: [] };
  judgeAddress(settings, said);
  judgeSecrets(settings, said);
  judgeDatabase(settings, given, said);
  judgeCanvas(settings, said);
  judgeFiles(settings, given, said);
  judgeMail(settings, said);
  judgeBackups(settings, given, said);
  return said;
}

export function publicUrlOf(settings: Pick<SettingValues, 'PUBLIC_URL' | 'PORT'>): URL {
  return new URL(settings.PUBLIC_URL ?? `http://localhost:${String(settings.PORT)}`);
}

function judgeAddress(settings: SettingValues, said: Judgement): void {
  const { PUBLIC_URL: given } = settings;
  const url = publicUrlOf(settings);
  const isServing = settings.NODE_ENV === 'production';
  if (given === undefined) {
    if (isServing) {
      said.warnings.push(
        `PUBLIC_URL is not set: the tool takes ${url.origin} for its address, where no learning platform finds it. Set it to the address that browsers see, such as https://attendance.example.`,
      );
    }
    return;
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    said.problems.push(`PUBLIC_URL must be an origin without a path: set it to ${url.origin}`);
  } else if (given !== url.origin) {
    said.warnings.push(`PUBLIC_URL was read as ${url.origin} (trailing slash or capitals removed).`);
  }
  if (url.protocol === 'http:' && !isLocalhost(url.hostname)) {
    const why = 'browsers drop the cookies that a tool in the frame of a learning platform needs';
    if (isServing) {
      said.problems.push(
        `PUBLIC_URL must begin with https://: ${why}. Put a proxy with a certificate before the tool (docs/install.md) and set its address.`,
      );
    } else said.warnings.push(`PUBLIC_URL is not https: ${why}.`);
  }
}

function judgeSecrets({ SESSION_SECRET, SESSION_SECRET_PREVIOUS }: SettingValues, said: Judgement): void {
  if (SESSION_SECRET === SESSION_SECRET_PREVIOUS) {
    said.warnings.push(
      'SESSION_SECRET_PREVIOUS is the same as SESSION_SECRET. It is for the one before: correct it, or remove it.',
    );
  }
}

function judgeDatabase(settings: SettingValues, given: Given, said: Judgement): void {
  const parts = ['DB_HOST', 'DB_NAME', 'DB_USER'] as const;
  const missing = missingOf(settings, parts);
  const isNamed = settings.DATABASE_URL !== undefined || missing.length === 0;
  if (settings.DATABASE_URL === undefined) {
    if (missing.length > 0 && missing.length < parts.length) {
      said.problems.push(`${parts.join(', ')} belong together. Set also: ${missing.join(', ')}.`);
    }
  } else if (missing.length < parts.length) {
    said.warnings.push(
      'DATABASE_URL counts, and DB_HOST with its companions is not read. Remove one of them.',
    );
  }
  if (!isNamed && settings.DATABASE_DIRECT_URL !== undefined) {
    said.problems.push(
      'DATABASE_DIRECT_URL goes beside DATABASE_URL, which is missing. Without a pooler set DATABASE_URL alone.',
    );
  }
  const { DATABASE_TLS: tls, DATABASE_CA: authority } = settings;
  if (authority !== undefined && tls !== undefined && tls !== 'verify') {
    said.warnings.push(
      `DATABASE_CA does nothing with DATABASE_TLS=${tls}. Set DATABASE_TLS=verify, or remove it.`,
    );
  }
  if (tls === 'verify' && authority === undefined && given.DATABASE_URL?.includes('sslrootcert') !== true) {
    said.warnings.push(
      'DATABASE_TLS=verify trusts public authorities alone while DATABASE_CA is not set. DigitalOcean and RDS have their own: set DATABASE_CA to the certificate that they offer.',
    );
  }
  const host = ephemeralHostOf(settings, given);
  if (settings.NODE_ENV === 'production' && host !== undefined && !isNamed) {
    said.problems.push(
      `Attendance would be lost: no database is set, and the disk of ${host}, where the tool's own would lie, is emptied at every restart. Set DATABASE_URL, or EPHEMERAL_DISK=false where SK_DATA_DIR lies on a volume that lasts.`,
    );
  }
}

function judgeCanvas(settings: SettingValues, said: Judgement): void {
  const three = ['CANVAS_PLATFORM_URL', 'CANVAS_CLIENT_ID', 'CANVAS_DEPLOYMENT_ID'] as const;
  const missing = missingOf(settings, three);
  if (missing.length > 0 && missing.length < three.length) {
    said.problems.push(`${three.join(', ')} belong together. Set also: ${missing.join(', ')}.`);
  }
  if (settings.CANVAS_API_TOKEN !== undefined) {
    const absent = missingOf(settings, [...three, 'CANVAS_BASE_URL']);
    if (absent.length > 0) {
      said.problems.push(
        `CANVAS_API_TOKEN is for one installation of Canvas, which others name. Set also: ${absent.join(', ')}.`,
      );
    }
  }
  const { CANVAS_PLATFORM_URL: issuer } = settings;
  if (issuer !== undefined && isInstanceOfHostedCanvas(issuer)) {
    said.problems.push(
      `CANVAS_PLATFORM_URL must be the issuer, which all schools of hosted Canvas share: set it to ${hostedIssuerOf(issuer)}. The school's own address (${issuer}) belongs into CANVAS_BASE_URL.`,
    );
  }
}

function judgeFiles(settings: SettingValues, given: Given, said: Judgement): void {
  const host = ephemeralHostOf(settings, given);
  if (settings.S3_BUCKET === undefined) {
    if (settings.NODE_ENV === 'production' && host !== undefined) {
      said.warnings.push(
        `Documents would be lost: the disk of ${host} is emptied at every restart. Set S3_BUCKET.`,
      );
    }
    if (settings.S3_ENDPOINT !== undefined) {
      said.warnings.push(
        'S3_ENDPOINT does nothing without S3_BUCKET: documents lie in SK_DATA_DIR. Set S3_BUCKET.',
      );
    }
    return;
  }
  const credentials = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  const absent = credentials.filter((name) => given[name] === undefined);
  if (absent.length === 1) {
    said.problems.push(`${credentials.join(' and ')} belong together. Set also: ${absent.join()}.`);
  }
  const { AWS_REGION: region } = given;
  if (given.S3_REGION === undefined && settings.S3_ENDPOINT === undefined && region !== undefined) {
    if (region !== settings.S3_REGION) {
      said.warnings.push(
        `S3_REGION is not set, so that ${settings.S3_REGION} is asked; AWS_REGION says ${region}. Set S3_REGION.`,
      );
    }
  }
}

function judgeMail({ SMTP_URL, EMAIL_FROM }: SettingValues, said: Judgement): void {
  if (SMTP_URL !== undefined && EMAIL_FROM === undefined) {
    said.problems.push('SMTP_URL needs EMAIL_FROM, the address that mails come from. Set it.');
  }
  if (SMTP_URL === undefined && EMAIL_FROM !== undefined) {
    said.warnings.push('EMAIL_FROM does nothing without SMTP_URL: no mails are sent. Set SMTP_URL.');
  }
}

function judgeBackups(settings: SettingValues, given: Given, said: Judgement): void {
  const host = ephemeralHostOf(settings, given);
  const { BACKUP_TO: place } = settings;
  if (host !== undefined && place?.startsWith('s3://') === false) {
    said.warnings.push(
      `Backups would be lost: BACKUP_TO is a folder, and the disk of ${host} is emptied at every restart. Set it to s3://bucket/prefix, unless the folder lies on a volume that lasts.`,
    );
  }
}

function missingOf<Name extends SettingName>(settings: SettingValues, names: readonly Name[]): Name[] {
  return names.filter((name) => settings[name] === undefined);
}

/** Hosts that empty a program's disk when they start it anew, and the variable by which each is known. */
const ephemeralHosts = [
  { name: 'Heroku', sign: 'DYNO' },
  { name: 'Cloud Run', sign: 'K_SERVICE' },
  { name: 'App Platform', sign: 'APP_PLATFORM_COMPONENT_NAME' },
  { name: 'a container of ECS', sign: 'ECS_CONTAINER_METADATA_URI_V4' },
  { name: 'a pod of Kubernetes', sign: 'KUBERNETES_SERVICE_HOST' },
  { name: 'Render', sign: 'RENDER' },
  { name: 'Fly.io', sign: 'FLY_APP_NAME' },
  { name: 'Railway', sign: 'RAILWAY_PROJECT_ID' },
];

/** Where we run, if the disk does not last there. */
function ephemeralHostOf(settings: SettingValues, given: Given): string | undefined {
  if (settings.EPHEMERAL_DISK === false) return undefined;
  const known = ephemeralHosts.find(({ sign }) => given[sign] !== undefined)?.name;
  return known ?? (settings.EPHEMERAL_DISK === true ? 'this machine' : undefined);
}
