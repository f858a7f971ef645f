import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { CryptoKey, JWK, JWTPayload } from 'jose';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { clientId } from '../../demo/identity.ts';
import type { DemoOptions } from '../../demo/server.ts';
import { startDemo } from '../../demo/server.ts';

const nrps = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const ags = 'https://purl.imsglobal.org/spec/lti-ags/scope';
export const allScopes = [
  nrps,
  `${ags}/lineitem`,
  `${ags}/lineitem.readonly`,
  `${ags}/result.readonly`,
  `${ags}/score`,
];
export const nrpsOnly = [nrps];

/** The tool's side of the demo's services: public keys at an address, and assertions signed with them. */
export interface ToolSide {
  url: string;
  /** How often the platform fetched the keys. */
  downloads: () => number;
  /** What the key address answers from now on: null is HTTP 500. */
  publish: (keys: JWK[] | null) => void;
  publicJwk: JWK;
  privateKey: CryptoKey;
  close: () => Promise<void>;
}

export async function startToolSide(): Promise<ToolSide> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const publicJwk: JWK = { ...(await exportJWK(publicKey)), kid: 'tool-key', alg: 'RS256', use: 'sig' };
  let published: JWK[] | null = [publicJwk];
  let downloads = 0;
  const server = createServer((request, response) => {
    if (request.url === '/lti/jwks') downloads += 1;
    response.writeHead(published === null ? 500 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys: published ?? [] }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    downloads: () => downloads,
    publish: (keys) => {
      published = keys;
    },
    publicJwk,
    privateKey,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export interface DemoUnderTest {
  url: string;
  tool: ToolSide;
  dataDir: string;
  close: () => Promise<void>;
}

/** What is enough of a demo to send it orders. */
type Reachable = Pick<DemoUnderTest, 'url'>;

/** A demo on a free port with a folder of its own, which goes when the test ends. */
export async function startDemoForTest(options: Partial<DemoOptions> = {}): Promise<DemoUnderTest> {
  const tool = await startToolSide();
  const dataDir = await mkdtemp(join(tmpdir(), 'demo-lms-'));
  const demo = await startDemo({ port: 0, toolUrl: tool.url, dataDir, control: true, ...options });
  return {
    url: demo.url,
    tool,
    dataDir,
    close: async () => {
      await demo.close();
      await tool.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** As much of a browser as the demo's pages need: cookies, forms, no redirects of its own accord. */
export class DemoBrowser {
  readonly #origin: string;
  readonly #cookies = new Map<string, string>();

  constructor(origin: string) {
    this.#origin = origin;
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.#send(path, { headers });
  }

  async post(
    path: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return this.#send(path, { method: 'POST', body: new URLSearchParams(fields), headers });
  }

  async signIn(person: number): Promise<void> {
    const answer = await this.post('/login', { person: String(person) }, { origin: this.#origin });
    if (answer.status !== 303) throw new Error(`sign-in answered ${String(answer.status)}`);
  }

  /** Opens a tool page and returns what its form would send to the tool's login address. */
  async openTool(path = '/courses/101/external_tools/5'): Promise<Record<string, string>> {
    const answer = await this.get(path);
    if (answer.status !== 200) throw new Error(`${path} answered ${String(answer.status)}`);
    return readForm(await answer.text()).fields;
  }

  /** The authorisation request that a correct tool makes of the login request, with changes. */
  async authorize(
    tool: ToolSide,
    login: Record<string, string>,
    changes: Record<string, string | undefined> = {},
    method: 'GET' | 'POST' = 'GET',
  ): Promise<Response> {
    const fields: Record<string, string | undefined> = {
      client_id: login.client_id,
      login_hint: login.login_hint,
      lti_message_hint: login.lti_message_hint,
      nonce: 'a-nonce',
      prompt: 'none',
      redirect_uri: `${tool.url}/lti/launch`,
      response_mode: 'form_post',
      response_type: 'id_token',
      scope: 'openid',
      state: 'a-state',
      ...changes,
    };
    const given = Object.fromEntries(
      Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
    return method === 'POST'
      ? this.post('/api/lti/authorize_redirect', given, { origin: tool.url })
      : this.get(`/api/lti/authorize_redirect?${new URLSearchParams(given).toString()}`);
  }

  /** A whole launch: what the platform posts to the tool. */
  async launch(
    tool: ToolSide,
    path?: string,
  ): Promise<{ fields: Record<string, string>; claims: JWTPayload }> {
    const answer = await this.authorize(tool, await this.openTool(path));
    const { fields } = readForm(await answer.text());
    return { fields, claims: decodeJwt(fields.id_token ?? '') };
  }

  async #send(
    path: string,
    init: { method?: string; body?: URLSearchParams; headers: Record<string, string> },
  ): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(new URL(path, this.#origin), {
      method: init.method,
      body: init.body,
      redirect: 'manual',
      headers: { ...init.headers, ...(cookie === '' ? {} : { cookie }) },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0/i.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    return answer;
  }
}

export interface HostAnswer {
  status: number;
  body: string;
  headers: IncomingHttpHeaders;
}

/** A request that says another host than it goes to: what a browser does with a name of its own, or a proxy. */
export function askAs(
  port: number,
  host: string,
  path: string,
  { body, ...headers }: Record<string, string> = {},
): Promise<HostAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        hostname: '127.0.0.1',
        port,
        path,
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'accept-language': 'en', ...headers, host },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => (text += part));
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, body: text, headers: answer.headers });
        });
      },
    );
    asked.on('error', reject).end(body);
  });
}

/** The form that a page sends by itself. */
export function readForm(page: string): { action: string; fields: Record<string, string> } {
  const form = /<form[^>]*?data-auto-submit[\s\S]*?<\/form>/.exec(page)?.[0] ?? '';
  const fields: Record<string, string> = {};
  for (const [, name = '', value = ''] of form.matchAll(/name="([^"]*)"\s+value="([^"]*)"/g)) {
    fields[name] = unescapeHtml(value);
  }
  return { action: unescapeHtml(/action="([^"]*)"/.exec(form)?.[1] ?? ''), fields };
}

export function unescapeHtml(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

const toolConfigurationKey = 'https://purl.imsglobal.org/spec/lti-tool-configuration';

/** What a tool that knows Canvas posts to register itself; `configuration` changes the part inside. */
export function registrationOf(
  toolUrl: string,
  changes: Record<string, unknown> = {},
  configuration: Record<string, unknown> = {},
): Record<string, unknown> {
  const launch = `${toolUrl}/lti/launch`;
  return {
    application_type: 'web',
    grant_types: ['client_credentials', 'implicit'],
    response_types: ['id_token'],
    client_name: 'Roll Call',
    initiate_login_uri: `${toolUrl}/lti/login`,
    redirect_uris: [launch],
    jwks_uri: `${toolUrl}/lti/jwks`,
    token_endpoint_auth_method: 'private_key_jwt',
    scope: nrps,
    [toolConfigurationKey]: {
      domain: new URL(toolUrl).host,
      target_link_uri: launch,
      claims: ['sub', 'name', 'email'],
      custom_parameters: { canvas_user_id: '$Canvas.user.id', school: 'north' },
      messages: [
        {
          type: 'LtiResourceLinkRequest',
          label: 'Roll Call here',
          target_link_uri: `${launch}?from=menu`,
          placements: ['course_navigation'],
          custom_parameters: { term: '$Canvas.term.name' },
        },
        { type: 'LtiDeepLinkingRequest', label: 'Roll Call list', placements: ['link_selection'] },
      ],
      ...configuration,
    },
    ...changes,
  };
}

export interface Invitation {
  uuid: string;
  openid_configuration: string;
  registration_token: string;
}

export function inviteTool(demo: Reachable): Promise<Invitation> {
  return control<Invitation>(demo, 'registration-token', {});
}

export function postRegistration(demo: Reachable, token: string, body: unknown): Promise<Response> {
  return fetch(`${demo.url}/api/lti/registrations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** Registers the tool and installs it; its number is what stands in the addresses. */
export async function installTool(
  demo: Reachable,
  body: Record<string, unknown>,
): Promise<{ clientId: string; deploymentId: string; id: number }> {
  const { registration_token } = await inviteTool(demo);
  const answer = await postRegistration(demo, registration_token, body);
  const { client_id } = (await answer.json()) as { client_id?: string };
  if (client_id === undefined) throw new Error(`not registered: ${String(answer.status)}`);
  const { app } = await control<{ app: { installed: { id: number; deploymentId: string } } }>(
    demo,
    `apps/${client_id}/install`,
    {},
  );
  return { clientId: client_id, ...app.installed };
}

export interface AssertionChanges {
  claims?: Record<string, unknown>;
  header?: { alg?: 'RS256' | 'RS512'; kid?: string | undefined };
  key?: CryptoKey;
}

/** A client assertion as the token endpoint wants it, with changes; a claim set to undefined is left out. */
export async function signAssertion(demo: DemoUnderTest, changes: AssertionChanges = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: `${demo.url}/login/oauth2/token`,
    iat: now,
    exp: now + 300,
    jti: crypto.randomUUID(),
    ...changes.claims,
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', kid: 'tool-key', ...changes.header })
    .sign(changes.key ?? demo.tool.privateKey);
}

const dl = (name: string): string => `https://purl.imsglobal.org/spec/lti-dl/claim/${name}`;

/** What a deep linking request asks for. */
export interface DeepLinkingSettings {
  deep_link_return_url: string;
  data: string;
  accept_types: string[];
}

export function readDeepLinkingSettings(claims: JWTPayload): DeepLinkingSettings {
  return claims[dl('deep_linking_settings')] as DeepLinkingSettings;
}

/** The response of a correct tool to a deep linking request, with changes. */
export async function signDeepLinkingResponse(
  demo: DemoUnderTest,
  request: JWTPayload,
  items: readonly unknown[],
  { claims, header, key }: AssertionChanges = {},
): Promise<string> {
  const lti = (name: string): string => `https://purl.imsglobal.org/spec/lti/claim/${name}`;
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({
    iss: String(request.aud),
    aud: request.iss,
    iat: now,
    exp: now + 300,
    nonce: crypto.randomUUID(),
    [lti('message_type')]: 'LtiDeepLinkingResponse',
    [lti('version')]: '1.3.0',
    [lti('deployment_id')]: request[lti('deployment_id')],
    [dl('data')]: readDeepLinkingSettings(request).data,
    [dl('content_items')]: items,
    ...claims,
  })
    .setProtectedHeader({ alg: 'RS256', kid: 'tool-key', ...header })
    .sign(key ?? demo.tool.privateKey);
}

export async function requestToken(
  demo: DemoUnderTest,
  assertion: string,
  changes: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${demo.url}/login/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
      scope: allScopes.join(' '),
      ...changes,
    }),
  });
}

export async function takeToken(demo: DemoUnderTest, scopes: readonly string[] = allScopes): Promise<string> {
  const answer = await requestToken(demo, await signAssertion(demo), { scope: scopes.join(' ') });
  const body = (await answer.json()) as { access_token?: string };
  if (body.access_token === undefined) throw new Error(`no token: ${JSON.stringify(body)}`);
  return body.access_token;
}

/** Puts a hand into the platform. */
export async function control<T = unknown>(
  demo: Reachable,
  path: string,
  body?: unknown,
  method = 'POST',
): Promise<T> {
  const answer = await fetch(`${demo.url}/demo/control/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(method === 'GET' ? {} : { headers: { 'content-type': 'application/json' } }),
  });
  if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`);
  return (await answer.json()) as T;
}
