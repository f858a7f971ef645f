import { z } from 'zod';

/** What an operator reads of a setting. docs/configure.md is made of it (npm run docs:configure). */
export interface SettingFacts {
  group: SettingGroup;
  /** What it is for, in plain sentences. */
  about: string;
  example?: string;
  /** What holds while it is not set, where the value itself does not say so. */
  unset?: string;
  /** Kept from logs, and from what is said of a mistake. */
  secret?: true;
}

/** In the order in which the page shows them. */
export const settingGroups = {
  server: 'The server',
  secrets: 'Secrets',
  database: 'The database',
  platforms: 'Learning platforms',
  canvas: 'One Canvas by settings',
  files: 'Documents',
  mail: 'Mails',
  habits: 'Habits',
  watching: 'Watching',
  backups: 'Backups and what lies outside of the database',
} as const;
export type SettingGroup = keyof typeof settingGroups;

export const settingFacts = z.registry<SettingFacts>();

function setting<S extends z.ZodType>(group: SettingGroup, facts: Omit<SettingFacts, 'group'>, value: S): S {
  settingFacts.add(value, { group, ...facts });
  return value;
}

// What may stand in a variable. Each refusal goes on after the variable's name: "PORT must be …".

const text = z.string();

function number(least: number, most: number, shape: RegExp, kind: string) {
  return text
    .refine((given) => shape.test(given) && Number(given) >= least && Number(given) <= most, {
      error: `must be ${kind} from ${String(least)} to ${String(most)}`,
    })
    .transform(Number);
}
const wholeNumber = (least: number, most: number) => number(least, most, /^\d+$/, 'a whole number');
const decimal = (least: number, most: number) => number(least, most, /^\d+(\.\d+)?$/, 'a number');
const port = wholeNumber(0, 65_535);

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, { error: `must be one of ${values.join(', ')}` });
}
const yesOrNo = z
  .enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
  .transform((given) => given === 'true' || given === '1');

const webAddress = text.refine((given) => /^https?:\/\//i.test(given) && URL.parse(given) !== null, {
  error: 'must be a whole address that begins with https://',
});

/** A list's entries, in small letters. */
function list(entry: RegExp, kind: string) {
  return text
    .default('')
    .transform((given) =>
      given
        .split(/[\s,]+/)
        .map((one) => one.toLowerCase())
        .filter((one) => one !== ''),
    )
    .refine((entries) => entries.every((one) => entry.test(one)), {
      error: `must be a list of ${kind}, with spaces or commas between them`,
    });
}

/** A folder, or a bucket; whatever else has a scheme would be taken for a folder of that name. */
const backupPlace = text.refine(
  (given) => /^s3:\/\/[^/]/.test(given) || !/^[a-z][a-z0-9+.-]+:/i.test(given),
  { error: 'must be a folder, or s3://bucket/prefix' },
);

/** Sample values that people copy out of guides. A secret that everybody knows is none. */
const sampleSecrets =
  /change[-_ ]?(me|it|this)|your[-_ ]|example|secret[-_ ]?(key|here)|sample|placeholder|keyboard[-_ ]?cat|password|(?<one>.)\k<one>{15}/i;
const makeOne = 'make your own: openssl rand -base64 48';

function secret(least: number) {
  return text
    .min(least, `must have at least ${String(least)} characters; ${makeOne}`)
    .refine((given) => !sampleSecrets.test(given), {
      error: `is a sample value, which everybody knows; ${makeOne}`,
    });
}

function databaseAddress() {
  return text.refine(isDatabaseAddress, {
    error:
      'cannot be read: it must be postgres://user:password@host:5432/name, with each of # / ? % @ : in the password written as %23 %2F %3F %25 %40 %3A',
  });
}

function isDatabaseAddress(given: string): boolean {
  const url = URL.parse(given);
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol)) return false;
  // A character of the password that ended it too early leaves its rest, with the host, in another part.
  if (url.hash !== '' || /[@/].*[@/]/.test(url.pathname) || url.pathname.includes('@')) return false;
  return [url.username, url.password, url.pathname].every(isEscaped);
}

function isEscaped(part: string): boolean {
  return !/%(?![0-9a-f]{2})/i.test(part);
}

/** A name, an address (IPv6 with brackets or without), or the folder of a socket. */
const databaseHost = text.regex(/^(\/.*|[a-z0-9._-]+|\[[0-9a-f:.]+\]|[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*)$/i, {
  error: 'must be a host alone, such as db.example, without postgres://; its port belongs into DB_PORT',
});

const mailServer = text.refine(isMailServer, {
  error:
    'cannot be read: it must be smtp://user:password@host:587 or smtps://user:password@host:465, with each of # / ? % @ : in name and password written as %23 %2F %3F %25 %40 %3A',
});

function isMailServer(given: string): boolean {
  const url = URL.parse(given);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return false;
  return url.hash === '' && !url.pathname.includes('@') && [url.username, url.password].every(isEscaped);
}

function isTimeZone(given: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: given });
    return true;
  } catch {
    return false;
  }
}

/** `first`: while the platform has none that is approved, so that a fresh registration works at once. */
const deploymentApprovals = ['never', 'first', 'always'] as const;
export type DeploymentApproval = (typeof deploymentApprovals)[number];

const host = String.raw`(\[[0-9a-f:]+\]|[a-z0-9._-]+)`;

/** Every variable that the tool reads, with what may stand in it and what an operator should know of it. */
export const variables = z.object({
  NODE_ENV: setting(
    'server',
    {
      about:
        '`npm start` and the commands say production by themselves. Others are for development and for tests.',
    },
    oneOf(['development', 'production', 'test']).default('development'),
  ),
  PORT: setting('server', { about: 'Where the server listens. Hosts set it.' }, port.default(3001)),
  PUBLIC_URL: setting(
    'server',
    {
      about:
        'The address at which browsers and learning platforms find the tool: https, a host, and no path. It is what platforms are told at the registration, so it should not change afterwards.',
      example: 'https://attendance.example',
      unset: 'http://localhost, which is good for a trial alone',
    },
    webAddress.optional(),
  ),
  SESSION_SECRET: setting(
    'secrets',
    {
      about:
        'Every key of the tool is derived from it, and what must stay secret in the database is sealed with it. The same for all processes; keep a copy where the backups are not. Make one: `openssl rand -base64 48`.',
      secret: true,
      unset: 'nothing starts',
    },
    secret(32),
  ),
  SESSION_SECRET_PREVIOUS: setting(
    'secrets',
    {
      about:
        'While the secret is changed: the one before, which still opens what it sealed (docs/operate.md).',
      secret: true,
    },
    secret(32).optional(),
  ),
  DATABASE_URL: setting(
    'database',
    {
      about:
        'The address of PostgreSQL, or of a pooler before it. Without it, and without `DB_HOST`, the tool starts a PostgreSQL of its own below `SK_DATA_DIR`: for one machine whose disk lasts.',
      example: 'postgres://attendance:…@db.example:5432/attendance',
      secret: true,
      unset: "the tool's own PostgreSQL",
    },
    databaseAddress().optional(),
  ),
  DATABASE_DIRECT_URL: setting(
    'database',
    {
      about:
        'Where `DATABASE_URL` is a pooler (PgBouncer): the server itself, for live notices, migrations and the job queue.',
      example: 'postgres://attendance:…@db.example:5432/attendance',
      secret: true,
      unset: '`DATABASE_URL`',
    },
    databaseAddress().optional(),
  ),
  DB_HOST: setting(
    'database',
    {
      about:
        'In place of `DATABASE_URL`: the address in parts. Nothing has to be escaped here. A path is the folder of a socket.',
      example: 'db.example',
    },
    databaseHost.optional(),
  ),
  DB_PORT: setting('database', { about: 'The port beside `DB_HOST`.' }, port.default(5432)),
  DB_NAME: setting('database', { about: "The database's name beside `DB_HOST`." }, text.optional()),
  DB_USER: setting('database', { about: 'The account beside `DB_HOST`.' }, text.optional()),
  DB_PASSWORD: setting(
    'database',
    { about: 'The password beside `DB_HOST`.', secret: true },
    text.optional(),
  ),
  DB_POOL_MAX: setting(
    'database',
    {
      about:
        "Connections of one process; those of all processes together must fit into the server's max_connections.",
    },
    wholeNumber(2, 500).default(20),
  ),
  DB_POOL_IDLE_SECONDS: setting(
    'database',
    { about: 'After so many idle seconds a connection is closed.' },
    decimal(1, 3600).default(30),
  ),
  DB_CONNECT_TIMEOUT_SECONDS: setting(
    'database',
    { about: 'What waiting for a connection may take; then the answer is 503, with Retry-After.' },
    decimal(0.1, 60).default(2),
  ),
  DB_STATEMENT_TIMEOUT_SECONDS: setting(
    'database',
    { about: 'What one statement may take.' },
    decimal(1, 600).default(10),
  ),
  DATABASE_TLS: setting(
    'database',
    {
      about:
        '`require`: encrypted, whoever answers (Heroku). `verify`: with a certificate that counts, by `DATABASE_CA` where the provider has an authority of its own (DigitalOcean, RDS). `off`: not encrypted.',
      unset: '`verify` where `DATABASE_CA` is set, else as the address says (sslmode)',
    },
    oneOf(['off', 'require', 'verify']).optional(),
  ),
  DATABASE_CA: setting(
    'database',
    {
      about:
        'The certificate of the authority that the database is verified by: PEM text, or the path of a file that holds it.',
      example: '/etc/attendance/database-ca.pem',
    },
    text.optional(),
  ),
  REGISTRATION_OPEN_HOSTS: setting(
    'platforms',
    {
      about: 'Hosts whose platforms may register themselves without a one-time link.',
      example: 'moodle.school.example',
    },
    list(new RegExp(`^${host}(:\\d+)?$`), 'hosts without https://'),
  ),
  APPROVE_DEPLOYMENTS: setting(
    'platforms',
    {
      about:
        'Which unknown installations of a known platform are approved by their first launch: `first`, while the platform has none. The rest wait for `deployments approve`.',
    },
    oneOf(deploymentApprovals).default('first'),
  ),
  ALLOW_PRIVATE_HOSTS: setting(
    'platforms',
    {
      about:
        'Platforms that are reached at a private address or over plain http, as host:port: an LMS in an intranet. All others must be public and speak https.',
      example: 'moodle.intranet:443',
    },
    list(new RegExp(`^${host}:\\d+$`), 'hosts with their port, such as moodle.intranet:443'),
  ),
  FRAME_ANCESTORS: setting(
    'platforms',
    {
      about:
        "Origins beside the platforms' own whose pages may frame the tool. Domains of schools are learned from launches.",
      example: 'https://canvas.school.example',
    },
    list(/^https?:\/\/[^/]+$/, 'origins without a path, such as https://canvas.school.example'),
  ),
  CANVAS_PLATFORM_URL: setting(
    'canvas',
    {
      about:
        'Registers one Canvas at every start, with the next two. It is the issuer: hosted Canvas has one for all schools, a Canvas of your own what its `lti_iss` says.',
      example: 'https://canvas.instructure.com',
    },
    webAddress.optional(),
  ),
  CANVAS_CLIENT_ID: setting(
    'canvas',
    { about: "The LTI key's client id in Canvas.", example: '10000000000001' },
    text.optional(),
  ),
  CANVAS_DEPLOYMENT_ID: setting(
    'canvas',
    {
      about: "The installed app's deployment id in Canvas.",
      example: '42:8865aa05b4b79b64a91a86042e43af5ea8ae79eb',
    },
    text.optional(),
  ),
  CANVAS_AUTHORIZE_URL: setting(
    'canvas',
    { about: 'In place of what follows from the issuer: where people sign in.', unset: 'by the issuer' },
    webAddress.optional(),
  ),
  CANVAS_TOKEN_URL: setting(
    'canvas',
    { about: 'In place of what follows from the issuer: where tokens are given.', unset: 'by the issuer' },
    webAddress.optional(),
  ),
  CANVAS_JWKS_URL: setting(
    'canvas',
    { about: "In place of what follows from the issuer: Canvas' public keys.", unset: 'by the issuer' },
    webAddress.optional(),
  ),
  CANVAS_BASE_URL: setting(
    'canvas',
    {
      about:
        "Your school's own Canvas, where its REST API is: the one origin that `CANVAS_API_TOKEN` is given to.",
      example: 'https://school.instructure.com',
    },
    webAddress.optional(),
  ),
  CANVAS_API_TOKEN: setting(
    'canvas',
    {
      about:
        'Reads the lists of members where Canvas does not grant Names and Roles to the tool. An access token of an account that may see the users and sections of the courses.',
      secret: true,
    },
    text
      .regex(/^[\x21-\x7e]+$/, 'has characters that no token has; copy it once more, without spaces')
      .optional(),
  ),
  S3_BUCKET: setting(
    'files',
    {
      about:
        'Where documents of excuses lie, in a bucket that speaks S3. Its credentials come by the variables of the AWS SDK (below). Needed where the disk does not last, or where several machines serve.',
      example: 'attendance-documents',
      unset: 'a folder below `SK_DATA_DIR`',
    },
    text.optional(),
  ),
  S3_REGION: setting('files', { about: "The bucket's region." }, text.default('us-east-1')),
  S3_ENDPOINT: setting(
    'files',
    {
      about: 'The address of a store that is not Amazon.',
      example: 'https://fra1.digitaloceanspaces.com',
      unset: "Amazon's own",
    },
    webAddress.optional(),
  ),
  S3_FORCE_PATH_STYLE: setting(
    'files',
    {
      about: "Names the bucket in the address' path, not in its host. MinIO and others want it.",
    },
    yesOrNo.default(false),
  ),
  S3_SERVER_SIDE_ENCRYPTION: setting(
    'files',
    { about: 'Asked for with every object; `none` for stores that know no encryption of their own.' },
    oneOf(['AES256', 'aws:kms', 'none']).default('AES256'),
  ),
  S3_PREFIX: setting(
    'files',
    {
      about: "What each object's key begins with, where one bucket serves several programs.",
      example: 'attendance/',
    },
    text.regex(/^[\w./-]*$/, 'may have letters, digits and . _ - / alone').default(''),
  ),
  MAX_FILE_SIZE: setting(
    'files',
    { about: 'Of one document, in bytes. The body limit of a proxy must be a little larger.' },
    wholeNumber(1024, 104_857_600).default(5_242_880),
  ),
  SMTP_URL: setting(
    'mail',
    {
      about:
        'The mail server: smtp:// (encrypted where the server offers it; with `?requireTLS=true` always), or smtps://.',
      example: 'smtp://attendance:…@mail.example:587',
      secret: true,
      unset: 'no mails are sent',
    },
    mailServer.optional(),
  ),
  EMAIL_FROM: setting(
    'mail',
    { about: 'Whom mails come from.', example: 'Attendance <attendance@school.example>' },
    text
      .regex(
        /^[^<>@]*<?[^\s<>@]+@[^\s<>@]+>?$/,
        'must hold an e-mail address, such as Attendance <attendance@school.example>',
      )
      .optional(),
  ),
  QR_CODE_VALIDITY_MINUTES: setting(
    'habits',
    { about: "How long after a meeting's start a check-in is open, unless somebody closes it." },
    wholeNumber(1, 600).default(15),
  ),
  DEFAULT_LANGUAGE: setting(
    'habits',
    { about: 'Where neither the launch nor the browser names one that the tool has.' },
    oneOf(['de', 'en']).default('en'),
  ),
  TZ: setting(
    'habits',
    {
      about:
        'The time zone in which nights begin, and the first guess for a course of which no launch has told one.',
      example: 'Europe/Berlin',
      unset: 'UTC',
    },
    text.refine(isTimeZone, { error: 'names no time zone; an example is Europe/Berlin' }).optional(),
  ),
  LOG_LEVEL: setting(
    'watching',
    { about: 'What is logged: this, and what is worse.' },
    oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  ),
  METRICS_TOKEN: setting(
    'watching',
    {
      about:
        'Opens /metrics to whoever brings it ("Authorization: Bearer …"); without it only the machine itself may ask.',
      secret: true,
    },
    secret(16).optional(),
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(
    'watching',
    {
      about:
        "Where traces go, by OTLP over HTTP (a collector's address); OpenTelemetry's other variables for exporters count too.",
      unset: 'no traces are sent',
    },
    webAddress.optional(),
  ),
  SK_DATA_DIR: setting(
    'backups',
    {
      about:
        "The folder for what does not lie elsewhere: the tool's own PostgreSQL, documents, backups, the heads of the log of changes.",
    },
    text.default('.data'),
  ),
  EPHEMERAL_DISK: setting(
    'backups',
    {
      about:
        'Whether the disk is emptied when the program starts anew. Known by itself on Heroku, App Platform, Cloud Run, ECS, Kubernetes, Render, Fly.io and Railway; say `false` there when `SK_DATA_DIR` lies on a volume that lasts, and `true` elsewhere when nothing does.',
      unset: 'by the host',
    },
    yesOrNo.optional(),
  ),
  AUDIT_HEADS_FILE: setting(
    'backups',
    {
      about:
        'Where the heads of the log of changes are kept outside of the database: at best where nobody can write who can write to the database.',
      example: '/var/lib/attendance/audit-heads.jsonl',
      unset: 'audit-heads.jsonl in `SK_DATA_DIR`',
    },
    text.optional(),
  ),
  BACKUP_TO: setting(
    'backups',
    {
      about: 'Where backups go: a folder, or s3://bucket/prefix.',
      example: '/var/backups/attendance',
      unset: 'below `SK_DATA_DIR`',
    },
    backupPlace.optional(),
  ),
  BACKUP_KEEP_DAYS: setting(
    'backups',
    { about: 'How long a backup is kept.' },
    wholeNumber(1, 3650).default(14),
  ),
});

export type SettingName = keyof typeof variables.shape;
export type SettingValues = z.output<typeof variables>;

/** Variables that the tool's packages read by themselves. */
export const variablesOfOthers: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID:
    "With `AWS_SECRET_ACCESS_KEY`: the bucket's credentials. On AWS itself a role of the machine does without.",
  AWS_SECRET_ACCESS_KEY: 'See above.',
  AWS_SESSION_TOKEN: 'With credentials that end by themselves.',
  NODE_EXTRA_CA_CERTS:
    'A file with authorities that are trusted beside the usual ones, such as a school’s own.',
};
