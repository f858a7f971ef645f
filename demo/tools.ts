import type { InstalledTool } from './identity.ts';
import { clientId, installedTools, mainTool, opaqueId, secondClientId } from './identity.ts';
import type { Course, Person } from './people.ts';
import type { Roster } from './roster.ts';
import { allScopes } from './scopes.ts';
import type { DeveloperKey, Placement, RegisteredApp, StateFile } from './state.ts';
import type { Texts } from './texts.ts';

/** A tool where somebody can open it. */
export interface Tool extends InstalledTool {
  key: DeveloperKey;
  /** In menus. The demo's other installations of its own tool are reached by their address alone. */
  listed: boolean;
}

/** The fields of the demo's own key: sent with each launch, and expanded per member in the roster. */
const toolFields: Record<string, string> = {
  canvas_user_id: '$Canvas.user.id',
  canvas_course_id: '$Canvas.course.id',
  api_domain: '$Canvas.api.domain',
  section_ids: '$Canvas.course.sectionIds',
  section_names: '$com.instructure.User.sectionNames',
  section_sis_ids: '$Canvas.course.sectionSisSourceIds',
  sis_user_id: '$Canvas.user.sisSourceId',
  sis_course_id: '$Canvas.course.sisSourceId',
  login_id: '$Canvas.user.loginId',
  tz: '$Person.address.timezone',
  course_start: '$Canvas.course.startAt',
  course_end: '$Canvas.course.endAt',
  course_state: '$Canvas.course.workflowState',
  term_end: '$Canvas.term.endAt',
};

/** The fields of its placements: sent with launches alone. */
const placementFields: Record<string, string> = {
  term_id: '$Canvas.term.id',
  term_name: '$Canvas.term.name',
  term_start: '$Canvas.term.startAt',
  account_id: '$Canvas.account.id',
  canvas_roles: '$Canvas.membership.roles',
  enrollment_state: '$Canvas.enrollment.enrollmentState',
  masquerader: '$Canvas.masqueradingUser.id',
  brand_config: '$com.instructure.brandConfigJSON.url',
  high_contrast: '$Canvas.user.prefersHighContrast',
  post_message_token: '$com.instructure.PostMessageToken',
  pronouns: '$com.instructure.Person.pronouns',
  // Canvas has no such variable: it comes back as it was written, and a tool has to bear it.
  unknown_field: '$Canvas.no.such.variable',
};

function ownKey(client: string, toolUrl: string): DeveloperKey {
  const targetLinkUri = `${toolUrl}/lti/launch`;
  const placement = (name: Placement['name']): Placement => ({
    name,
    label: null,
    targetLinkUri,
    custom: placementFields,
    visibility: 'public',
    shownAtFirst: true,
  });
  return {
    clientId: client,
    name: 'SK Attendance',
    loginUrl: `${toolUrl}/lti/login`,
    redirectUris: [targetLinkUri],
    jwksUrl: `${toolUrl}/lti/jwks`,
    targetLinkUri,
    scopes: [...allScopes],
    custom: toolFields,
    // What the control route says.
    privacy: null,
    placements: [placement('course_navigation'), placement('link_selection')],
  };
}

export function placementOf(tool: Tool, name: Placement['name']): Placement | undefined {
  return tool.key.placements.find((one) => one.name === name);
}

/** What menus call a tool. The demo's own speaks the reader's language. */
export function labelOf(tool: Tool, name: Placement['name'], t: Texts): string {
  return tool.id === mainTool.id ? t.courseTool : (placementOf(tool, name)?.label ?? tool.key.name);
}

/** Whether an address is the tool's own: only such a one may be launched with its key. */
export function isToolAddress(key: DeveloperKey, text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && url.host === new URL(key.targetLinkUri).host;
}

/** The developer keys of the platform and where they are installed: the demo's own, and who registered. */
export class Tools {
  readonly #file: StateFile;
  readonly #roster: Roster;
  readonly #own: readonly Tool[];
  /** Keys that an administrator has switched off. */
  readonly switchedOff = new Set<string>();

  constructor(file: StateFile, roster: Roster, toolUrl: string) {
    this.#file = file;
    this.#roster = roster;
    const keys = [clientId, secondClientId].map((client) => ownKey(client, toolUrl));
    this.#own = installedTools.flatMap((tool) => {
      const key = keys.find((one) => one.clientId === tool.clientId);
      return key === undefined ? [] : [{ ...tool, key, listed: tool.id === mainTool.id }];
    });
  }

  registered(): readonly RegisteredApp[] {
    return this.#file.state.apps;
  }

  installed(): Tool[] {
    const registered = this.registered().flatMap(({ key, installed }) =>
      installed === null ? [] : [{ ...installed, clientId: key.clientId, key, listed: true }],
    );
    return [...this.#own, ...registered];
  }

  /** A key by its client id, whether it is switched on or not. */
  key(client: string): DeveloperKey | undefined {
    const own = this.#own.find((tool) => tool.clientId === client)?.key;
    return own ?? this.registered().find((app) => app.key.clientId === client)?.key;
  }

  /** Whether the key is switched on and installed somewhere. */
  isActive(client: string): boolean {
    return !this.switchedOff.has(client) && this.installed().some((tool) => tool.clientId === client);
  }

  find(id: number): Tool | undefined {
    return this.installed().find((tool) => tool.id === id);
  }

  /** The first installation of a key. */
  findByClient(client: string): Tool | undefined {
    return this.installed().find((tool) => tool.clientId === client);
  }

  /** Canvas' way from an address to a tool; where two fit, the older one. */
  findByAddress(text: string): Tool | undefined {
    return this.installed().find((tool) => isToolAddress(tool.key, text));
  }

  /** What a person sees of a placement in a course. */
  listed(name: Placement['name'], course: Course, person: Person | null): Tool[] {
    const teaches = person !== null && (person.admin || this.#roster.mayTeach(person, course.id));
    const belongs =
      teaches || (person !== null && this.#roster.activeEnrollmentsOf(person.id, course.id).length > 0);
    const mayBeSeen = { admins: teaches, members: belongs, public: true };
    return this.installed().filter((tool) => {
      const placement = placementOf(tool, name);
      return tool.listed && placement?.shownAtFirst === true && mayBeSeen[placement.visibility];
    });
  }

  /** Everything of all tools that a page of ours may frame. */
  origins(): string[] {
    const keys = [...this.#own.map((tool) => tool.key), ...this.registered().map((app) => app.key)];
    const addresses = keys.flatMap((key) => [key.loginUrl, key.targetLinkUri, ...key.redirectUris]);
    return [...new Set(addresses.map((address) => new URL(address).origin))];
  }

  /** Keeps a registration under a new client id, not yet switched on; undefined when its token is spent. */
  register(registrationId: string, key: Omit<DeveloperKey, 'clientId'>): RegisteredApp | undefined {
    const { apps } = this.#file.state;
    if (apps.some((app) => app.registrationId === registrationId)) return undefined;
    // A global id of Canvas: the number of the shard, and the number there in thirteen digits.
    const client = `1${String(this.#file.takeId()).padStart(13, '0')}`;
    const app = { registrationId, key: { ...key, clientId: client }, installed: null };
    apps.push(app);
    this.#file.save();
    return app;
  }

  /** Switches the key on and deploys it: each time a deployment of its own. */
  install(app: RegisteredApp): void {
    if (app.installed !== null) return;
    const id = this.#file.takeId();
    const deploymentId = `${String(id)}:${opaqueId(`tool/${this.#file.state.guid}`, id)}`;
    app.installed = { id, deploymentId };
    this.#file.save();
  }

  remove(app: RegisteredApp): void {
    app.installed = null;
    this.#file.save();
  }
}
