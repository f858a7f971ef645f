import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** A sentence for the person at the terminal: the program ends with it, without a stack. */
export class StartFault extends Error {}

const person = z.object({
  id: z.number(),
  sub: z.string(),
  legacyId: z.string(),
  name: z.string(),
  givenName: z.string(),
  familyName: z.string(),
  sortableName: z.string(),
  email: z.string(),
  loginId: z.string(),
  sisId: z.string().nullable(),
  locale: z.enum(['de', 'en']),
  timeZone: z.string(),
  admin: z.boolean(),
  testStudentOf: z.number().nullable(),
  privacy: z.enum(['public', 'name_only', 'email_only', 'anonymous']).nullable(),
});

const enrollment = z.object({
  id: z.number(),
  personId: z.number(),
  courseId: z.number(),
  sectionId: z.number(),
  type: z.enum([
    'StudentEnrollment',
    'TeacherEnrollment',
    'TaEnrollment',
    'DesignerEnrollment',
    'ObserverEnrollment',
    'StudentViewEnrollment',
  ]),
  state: z.enum(['active', 'invited', 'inactive', 'completed']),
  observes: z.number().nullable(),
});

const lineItem = z.object({
  id: z.number(),
  courseId: z.number(),
  clientId: z.string(),
  label: z.string(),
  scoreMaximum: z.number(),
  tag: z.string().nullable(),
  resourceId: z.string().nullable(),
  startDateTime: z.string().nullable(),
  endDateTime: z.string().nullable(),
  submissionType: z.object({ type: z.string(), external_tool_url: z.string().optional() }).nullable(),
  /** Made together with its assignment by a person, not by the tool: the tool may not delete it. */
  coupled: z.boolean(),
  /** The resource link of a module item that it hangs on. */
  resourceLinkId: z.string().nullable().default(null),
});
export type LineItem = z.output<typeof lineItem>;

const result = z.object({
  id: z.number(),
  lineItemId: z.number(),
  personId: z.number(),
  score: z.number().nullable(),
  maximum: z.number().nullable(),
  comments: z.array(z.string()),
  attempts: z.number(),
  timestamp: z.string(),
});
export type Result = z.output<typeof result>;

/** Every score as it arrived, for tests and for the curious. */
const receivedScore = z.object({
  receivedAt: z.string(),
  lineItemId: z.number(),
  status: z.number(),
  body: z.record(z.string(), z.unknown()),
});

const customFields = z.record(z.string(), z.string());

const placement = z.object({
  name: z.enum(['course_navigation', 'link_selection']),
  label: z.string().nullable(),
  targetLinkUri: z.string(),
  custom: customFields,
  /** Who sees the link. The launch itself asks nobody: a tool has to look at the roles. */
  visibility: z.enum(['admins', 'members', 'public']),
  shownAtFirst: z.boolean(),
});
export type Placement = z.output<typeof placement>;

const developerKey = z.object({
  clientId: z.string(),
  name: z.string(),
  loginUrl: z.string(),
  redirectUris: z.array(z.string()),
  jwksUrl: z.string(),
  targetLinkUri: z.string(),
  scopes: z.array(z.string()),
  custom: customFields,
  privacy: z.enum(['public', 'name_only', 'email_only', 'anonymous']).nullable(),
  placements: z.array(placement),
});
/** What Canvas knows of a tool, and shares between all its installations. */
export type DeveloperKey = z.output<typeof developerKey>;

/** A tool that registered itself: its key, and where it is installed if an administrator has done that. */
const registeredApp = z.object({
  /** The uuid of the registration token, which is spent by it. */
  registrationId: z.string(),
  key: developerKey,
  installed: z.object({ id: z.number(), deploymentId: z.string() }).nullable(),
});
export type RegisteredApp = z.output<typeof registeredApp>;

const moduleItem = z.object({
  id: z.number(),
  courseId: z.number(),
  /** The installation that it came from; when that is gone, another one of the same key opens it. */
  toolId: z.number(),
  clientId: z.string(),
  resourceLinkId: z.string(),
  title: z.string(),
  text: z.string(),
  url: z.string(),
  custom: customFields,
});
export type ModuleItem = z.output<typeof moduleItem>;

const stateShape = z.object({
  version: z.literal(1),
  /** Signs the platform's own cookies and message hints. */
  secret: z.string().min(40),
  /** RS256 key pairs as JWK; the last one signs, the others are still published. */
  keys: z.array(z.record(z.string(), z.unknown())),
  guid: z.string(),
  nextId: z.number(),
  /** What differs from the people who are here at the first start. */
  people: z.array(person),
  enrollments: z.array(enrollment),
  removedEnrollments: z.array(z.number()),
  courseStates: z.record(z.string(), z.enum(['available', 'created', 'completed'])),
  privacy: z.enum(['public', 'name_only', 'email_only', 'anonymous']),
  lineItems: z.array(lineItem),
  results: z.array(result),
  receivedScores: z.array(receivedScore),
  // Later parts: a file that was written before them lacks them.
  apps: z.array(registeredApp).default([]),
  moduleItems: z.array(moduleItem).default([]),
  publicCourses: z.array(z.number()).default([]),
});
export type State = z.output<typeof stateShape>;

function firstState(): State {
  return {
    version: 1,
    secret: randomBytes(32).toString('hex'),
    keys: [],
    guid: randomUUID().replaceAll('-', ''),
    nextId: 70_001,
    people: [],
    enrollments: [],
    removedEnrollments: [],
    courseStates: {},
    privacy: 'public',
    lineItems: [],
    results: [],
    receivedScores: [],
    apps: [],
    moduleItems: [],
    publicCourses: [],
  };
}

/** How long a change may wait for the next one before both are written. */
const writeDelayMs = 50;

/**
 * What survives a restart, as one JSON file. Changes are made to `state` in memory and `save()` says so;
 * they are written together a moment later, to a second file that then takes the first one's place, so that
 * a killed process leaves the old or the new state and never half of one.
 */
export class StateFile {
  readonly state: State;
  readonly #path: string;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #changed = false;

  private constructor(path: string, state: State) {
    this.#path = path;
    this.state = state;
  }

  /** @throws StartFault when the folder cannot be used or the file is not one of ours. */
  static async open(folder: string): Promise<StateFile> {
    const path = join(folder, 'state.json');
    try {
      await mkdir(folder, { recursive: true });
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (isErrno(error, 'ENOENT')) return undefined;
        throw error;
      });
      const file = new StateFile(path, text === undefined ? firstState() : readState(path, text));
      if (text === undefined) {
        file.#changed = true;
        await file.#write();
      }
      return file;
    } catch (error) {
      if (error instanceof StartFault) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new StartFault(`The demo cannot use the folder ${folder} (DEMO_DATA_DIR): ${reason}`);
    }
  }

  /** A number that was never given before. */
  takeId(): number {
    const id = this.state.nextId;
    this.state.nextId += 1;
    return id;
  }

  save(): void {
    this.#changed = true;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#writing
        .then(() => this.#write())
        .catch((error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error);
          console.warn(`The demo could not write ${this.#path}: ${reason}`);
        });
    }, writeDelayMs);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    await this.#write();
  }

  async #write(): Promise<void> {
    if (!this.#changed) return;
    this.#changed = false;
    const temporary = `${this.#path}.${String(process.pid)}.tmp`;
    try {
      await writeFile(temporary, JSON.stringify(this.state), { mode: 0o600 });
      await rename(temporary, this.#path);
    } catch (error) {
      this.#changed = true;
      await rm(temporary, { force: true });
      throw error;
    }
  }
}

function readState(path: string, text: string): State {
  try {
    return stateShape.parse(JSON.parse(text));
  } catch {
    throw new StartFault(`The demo cannot read ${path}. Delete this file to start afresh.`);
  }
}

export function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
