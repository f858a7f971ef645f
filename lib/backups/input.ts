import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const fileFacts = z.object({ bytes: z.number().int().min(0), sha256 });

/** What a backup says of itself. It is written last: a backup without it is none. */
const manifest = z.object({
  format: z.literal(1),
  /** Whose it is: PUBLIC_URL of the installation that wrote it. */
  tool: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  database: fileFacts.extend({
    serverMajor: z.number().int(),
    /** Of the pg_dump that wrote it: an older pg_restore cannot read it. */
    dumpMajor: z.number().int(),
    /** Rows of each table, by `schema.table`. */
    rows: z.record(z.string(), z.number().int().min(0)),
  }),
  documents: z.object({
    /** Whether the documents themselves lie in the backup, or their list alone. */
    areIncluded: z.boolean(),
    /** By their keys in the store. `sha256` is null where the documents are not included. */
    files: z.array(z.object({ key: z.string(), bytes: z.number().int().min(0), sha256: sha256.nullable() })),
    /** Keys that the database knows and the store did not have any more. */
    missing: z.array(z.string()),
  }),
  /** The heads of the log of changes; null: there was no file of them. */
  heads: fileFacts.nullable(),
  /** Fingerprints of the secrets that open what lies sealed in the database, the current one first. */
  secrets: z.array(z.string()).min(1),
  /** Ids of people who were erased by then. They name nobody. */
  erasedPeople: z.array(z.string()),
});

export type Manifest = z.output<typeof manifest>;

/** What is written first, so that whoever finds a broken-off backup knows whose it was. */
const beginning = z.object({ tool: z.string(), startedAt: z.iso.datetime() });

export type Beginning = z.output<typeof beginning>;

/** Undefined: it is no manifest of ours. */
export function readManifest(text: string): Manifest | undefined {
  return manifest.safeParse(parsedJson(text)).data;
}

export function readBeginning(text: string): Beginning | undefined {
  return beginning.safeParse(parsedJson(text)).data;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A backup's name: when it began, and something random. */
const backupName = /^\d{8}t\d{6}z-[0-9a-f]{6}$/;

export function isBackupName(text: string): boolean {
  return backupName.test(text);
}
