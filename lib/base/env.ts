import { z } from 'zod';

/** Sample values that people copy out of guides. A secret that everybody knows is none. */
const sampleSecrets = /change[-_ ]?me|your[-_ ]|example|secret[-_ ]?key|sample|placeholder|(.)\1{15}/i;

/** `first`: while the platform has none that is approved, so that a fresh registration works at once. */
const deploymentApprovals = ['never', 'first', 'always'] as const;
export type DeploymentApproval = (typeof deploymentApprovals)[number];

const port = z.coerce.number().int().min(0).max(65535);
const url = z.url({ protocol: /^https?$/ });
const yesOrNo = z.enum(['true', 'false', '1', '0']).transform((text) => text === 'true' || text === '1');
const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(/[\s,]+/)
      .map((entry) => entry.toLowerCase())
      .filter((entry) => entry !== ''),
  );

/** Hosts that empty a program's disk at every restart, and the variable by which each is known. */
const ephemeralHosts = [
  { name: 'Heroku', sign: 'DYNO' },
  { name: 'Cloud Run', sign: 'K_SERVICE' },
  { name: 'App Platform', sign: 'APP_PLATFORM_COMPONENT_NAME' },
];

const variables = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  PORT: port.default(3001),
  PUBLIC_URL: url.optional(),
  DATABASE_URL: z.string().optional(),
  DATABASE_DIRECT_URL: z.string().optional(),
  DB_HOST: z.string().optional(),
  DB_PORT: port.default(5432),
  DB_NAME: z.string().optional(),
  DB_USER: z.string().optional(),
  DB_PASSWORD: z.string().optional(),
  /** Connections of one process; those of all processes together must fit into the server's max_connections. */
  DB_POOL_MAX: z.coerce.number().int().min(2).max(500).default(20),
  /** After so many idle seconds a connection is closed. */
  DB_POOL_IDLE_SECONDS: z.coerce.number().min(1).max(3600).default(30),
  /** What waiting for a connection may take; then the answer is 503, with Retry-After. */
  DB_CONNECT_TIMEOUT_SECONDS: z.coerce.number().min(0.1).max(60).default(2),
  /** What one statement may take. */
  DB_STATEMENT_TIMEOUT_SECONDS: z.coerce.number().min(1).max(600).default(10),
  /** `require`: encrypted, whoever answers (Heroku); `verify`: with a certificate that counts, by DATABASE_CA where the
   * provider has an authority of its own (DigitalOcean, RDS). None: as the address says (sslmode). */
  DATABASE_TLS: z.enum(['off', 'require', 'verify']).optional(),
  /** PEM text, or the path of a file that holds it. */
  DATABASE_CA: z.string().optional(),
  /** Opens /metrics to whoever brings it ("Authorization: Bearer …"); without it only the machine itself may ask. */
  METRICS_TOKEN: z.string().min(16).optional(),
  /** Where backups go: a folder, or s3://bucket/prefix; none: below SK_DATA_DIR. */
  BACKUP_TO: z.string().optional(),
  BACKUP_KEEP_DAYS: z.coerce.number().int().min(1).max(3650).default(14),
  SESSION_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters; make one with: openssl rand -base64 48')
    .refine(
      (secret) => !sampleSecrets.test(secret),
      'is a sample value; make your own: openssl rand -base64 48',
    ),
  SESSION_SECRET_PREVIOUS: z.string().min(32).optional(),
  CANVAS_PLATFORM_URL: url.optional(),
  CANVAS_CLIENT_ID: z.string().optional(),
  CANVAS_DEPLOYMENT_ID: z.string().optional(),
  CANVAS_AUTHORIZE_URL: url.optional(),
  CANVAS_TOKEN_URL: url.optional(),
  CANVAS_JWKS_URL: url.optional(),
  /** Where Canvas' REST API is: the one origin that `CANVAS_API_TOKEN` is given to. */
  CANVAS_BASE_URL: url.optional(),
  /** Reads rosters where LTI's own service is not granted. */
  CANVAS_API_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'has characters that no token has')
    .optional(),
  ALLOW_PRIVATE_HOSTS: list,
  /** Hosts whose platforms may register themselves without a one-time link. */
  REGISTRATION_OPEN_HOSTS: list,
  /** Which unknown deployments of a known platform are approved by their first launch; the rest wait. */
  APPROVE_DEPLOYMENTS: z.enum(deploymentApprovals).default('first'),
  /** Origins beside the platforms' own whose pages may frame the tool (vanity domains, the demo's phone). */
  FRAME_ANCESTORS: list,
  /** Where documents lie; none: below SK_DATA_DIR. Credentials come by the AWS SDK's own variables. */
  S3_BUCKET: z.string().optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_ENDPOINT: url.optional(),
  S3_FORCE_PATH_STYLE: yesOrNo.default(false),
  /** Asked for with every object; `none` for stores that know no encryption of their own. */
  S3_SERVER_SIDE_ENCRYPTION: z.enum(['AES256', 'aws:kms', 'none']).default('AES256'),
  /** What each object's key begins with, where one bucket serves several programs. */
  S3_PREFIX: z
    .string()
    .regex(/^[\w./-]*$/, 'may have letters, digits and . _ - / alone')
    .default(''),
  /** Of one document, in bytes. */
  MAX_FILE_SIZE: z.coerce.number().int().min(1024).max(104_857_600).default(5_242_880),
  /** smtp://user:password@host:port or smtps://…; none: no mails are sent. */
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  /** Whom mails come from: "Attendance <attendance@school.example>". */
  EMAIL_FROM: z.string().optional(),
  QR_CODE_VALIDITY_MINUTES: z.coerce.number().int().min(1).max(600).default(15),
  DEFAULT_LANGUAGE: z.enum(['de', 'en']).default('en'),
  TZ: z.string().optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  SK_DATA_DIR: z.string().default('.data'),
  /** Where the heads of the audit chains are kept outside of the database; usually in SK_DATA_DIR. */
  AUDIT_HEADS_FILE: z.string().optional(),
});

export type Env = Omit<z.output<typeof variables>, 'PUBLIC_URL'> & {
  /** The tool's own origin, without trailing slash. */
  PUBLIC_URL: string;
  /** Sentences for the start-up log: accepted, but worth a look. */
  warnings: string[];
};

export type ParsedEnv = { ok: true; env: Env } | { ok: false; problems: string[] };

/** Parses every setting at once, so that all mistakes are listed together, each with its fix. */
export function parseEnv(source: Record<string, string | undefined>): ParsedEnv {
  // An empty variable (`S3_BUCKET=` in a .env file) means "not set".
  const filled = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(filled);
  if (!parsed.success) {
    return {
      ok: false,
      problems: parsed.error.issues.map((issue) =>
        issue.code === 'invalid_type' && filled[String(issue.path[0])] === undefined
          ? `${issue.path.join('.')} is missing.`
          : `${issue.path.join('.')}: ${issue.message}.`,
      ),
    };
  }
  const problems: string[] = [];
  const warnings: string[] = [];
  const given = parsed.data.PUBLIC_URL ?? `http://localhost:${String(parsed.data.PORT)}`;
  const publicUrl = new URL(given);
  if (publicUrl.pathname !== '/' || publicUrl.search !== '' || publicUrl.hash !== '') {
    problems.push(`PUBLIC_URL must be an origin without a path: ${publicUrl.origin}`);
  } else if (given !== publicUrl.origin) {
    warnings.push(`PUBLIC_URL was read as ${publicUrl.origin} (trailing slash or capitals removed).`);
  }
  if (publicUrl.protocol === 'http:' && !isLocalhost(publicUrl.hostname)) {
    warnings.push('PUBLIC_URL is not https: browsers drop the cookies that a framed tool needs.');
  }
  const canvas = ['CANVAS_PLATFORM_URL', 'CANVAS_CLIENT_ID', 'CANVAS_DEPLOYMENT_ID'] as const;
  const missing = canvas.filter((name) => parsed.data[name] === undefined);
  if (missing.length > 0 && missing.length < canvas.length) {
    problems.push(`${canvas.join(', ')} belong together; missing: ${missing.join(', ')}.`);
  }
  if (parsed.data.CANVAS_API_TOKEN !== undefined) {
    const needed = [...canvas, 'CANVAS_BASE_URL'] as const;
    const absent = needed.filter((name) => parsed.data[name] === undefined);
    if (absent.length > 0) {
      problems.push(
        `CANVAS_API_TOKEN is for one installation of Canvas, which these name; missing: ${absent.join(', ')}.`,
      );
    }
  }
  if (parsed.data.SMTP_URL !== undefined && parsed.data.EMAIL_FROM === undefined) {
    problems.push('SMTP_URL needs EMAIL_FROM, the address that mails come from.');
  }
  const host = ephemeralHosts.find(({ sign }) => filled[sign] !== undefined);
  if (parsed.data.NODE_ENV === 'production' && parsed.data.S3_BUCKET === undefined && host !== undefined) {
    warnings.push(
      `Documents would be lost: the disk of ${host.name} is emptied at every restart. Set S3_BUCKET.`,
    );
  }
  const database = ['DB_HOST', 'DB_NAME', 'DB_USER'] as const;
  const missingDatabase = database.filter((name) => parsed.data[name] === undefined);
  if (parsed.data.DATABASE_URL === undefined && missingDatabase.length > 0 && missingDatabase.length < 3) {
    problems.push(`${database.join(', ')} belong together; missing: ${missingDatabase.join(', ')}.`);
  }
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, env: { ...parsed.data, PUBLIC_URL: publicUrl.origin, warnings } };
}

export function isLocalhost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '127.0.0.1';
}

/** The address of the database, or undefined: then the program starts its own PostgreSQL. */
export function databaseUrlOf(env: Env): string | undefined {
  if (env.DATABASE_URL !== undefined) return env.DATABASE_URL;
  if (env.DB_HOST === undefined || env.DB_NAME === undefined || env.DB_USER === undefined) return undefined;
  const address = new URL('postgres://localhost');
  address.hostname = env.DB_HOST;
  address.port = String(env.DB_PORT);
  address.pathname = `/${encodeURIComponent(env.DB_NAME)}`;
  address.username = encodeURIComponent(env.DB_USER);
  if (env.DB_PASSWORD !== undefined) address.password = encodeURIComponent(env.DB_PASSWORD);
  return address.href;
}

export function auditHeadsFileOf(env: Env): string {
  // No node:path here: the bundler would take it for a file that belongs to the build.
  return env.AUDIT_HEADS_FILE ?? `${env.SK_DATA_DIR}/audit-heads.jsonl`;
}

let parsedOnce: Env | undefined;

/** The process' settings, parsed at first use. Throws one error that lists every mistake. */
export function env(): Env {
  if (parsedOnce === undefined) {
    const result = parseEnv(process.env);
    if (!result.ok) throw new Error(`Settings need mending:\n- ${result.problems.join('\n- ')}`);
    parsedOnce = result.env;
  }
  return parsedOnce;
}
