import { migrateDatabase } from '../db/migrate.ts';
import { listPlatforms } from '../platforms/list-platforms.ts';
import { registerPlatform } from '../platforms/register-platform.ts';
import { canvasAddresses } from '../platforms/rules.ts';
import { switchPlatform } from '../platforms/switch-platform.ts';
import type { CommandLine } from './open-command-line.ts';

export type Options = Record<string, string | string[] | boolean | undefined>;

export interface Command {
  words: string;
  purpose: string;
  /** Name of the option, and what it means. */
  options: Record<string, string>;
  required?: readonly string[];
  repeatable?: readonly string[];
  /** False for the command that brings the schema up to date itself. */
  needsSchema?: boolean;
  run(line: CommandLine, options: Options): Promise<{ text: string; data: unknown }>;
}

function textOf(options: Options, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

const whichPlatform = {
  issuer: 'the issuer, letter by letter as the platform sends it',
  'client-id': 'the client id',
};

function switchCommand(word: 'disable' | 'enable', purpose: string): Command {
  return {
    words: `platforms ${word}`,
    purpose,
    options: whichPlatform,
    required: ['issuer', 'client-id'],
    async run({ ctx }, options) {
      const issuer = textOf(options, 'issuer') ?? '';
      const clientId = textOf(options, 'client-id') ?? '';
      await switchPlatform(ctx, { issuer, clientId, enabled: word === 'enable' });
      return {
        text: `${word}d: ${issuer} ${clientId}`,
        data: { issuer, clientId, enabled: word === 'enable' },
      };
    },
  };
}

export const commands: readonly Command[] = [
  {
    words: 'platforms add',
    purpose: 'Register a learning platform, or bring its registration up to date.',
    options: {
      ...whichPlatform,
      deployment: 'a deployment id; may be given several times',
      name: 'what to call it (default: the issuer)',
      'authorize-url': 'OIDC authorisation endpoint (default: where Canvas has it)',
      'token-url': 'OAuth 2 token endpoint (default: where Canvas has it)',
      'token-audience': 'audience of token requests, where it is not the token endpoint',
      'jwks-url': "the platform's public keys (default: where Canvas has them)",
    },
    required: ['issuer', 'client-id', 'deployment'],
    repeatable: ['deployment'],
    async run({ ctx }, options) {
      const issuer = textOf(options, 'issuer') ?? '';
      const derived = canvasAddresses(issuer);
      const deployments = options.deployment;
      const platform = await registerPlatform(ctx, {
        issuer,
        clientId: textOf(options, 'client-id') ?? '',
        name: textOf(options, 'name') ?? issuer,
        authorizeUrl: textOf(options, 'authorize-url') ?? derived.authorizeUrl,
        tokenUrl: textOf(options, 'token-url') ?? derived.tokenUrl,
        tokenAudience: textOf(options, 'token-audience'),
        jwksUrl: textOf(options, 'jwks-url') ?? derived.jwksUrl,
        deploymentIds: Array.isArray(deployments) ? deployments : [],
      });
      const { clientId, authorizeUrl, tokenUrl, jwksUrl } = platform;
      return {
        text: [
          `registered: ${issuer} ${clientId}`,
          `  authorisation  ${authorizeUrl}`,
          `  token          ${tokenUrl}`,
          `  keys           ${jwksUrl}`,
        ].join('\n'),
        data: { issuer, clientId, authorizeUrl, tokenUrl, jwksUrl },
      };
    },
  },
  {
    words: 'platforms list',
    purpose: 'Show the registered platforms with their deployments.',
    options: {},
    async run({ ctx }) {
      const list = await listPlatforms(ctx);
      const lines = list.flatMap((platform) => [
        `${platform.issuer}  ${platform.clientId}  ${platform.name}${platform.disabled ? '  (disabled)' : ''}`,
        ...platform.deploymentIds.map((id) => `  deployment ${id}`),
      ]);
      return { text: lines.join('\n') || 'No platform is registered yet.', data: list };
    },
  },
  switchCommand('disable', 'Refuse launches from a platform. Nothing is deleted.'),
  switchCommand('enable', 'Accept launches from a platform again.'),
  {
    words: 'db migrate',
    purpose: 'Bring the schema of the database up to date.',
    options: {},
    needsSchema: false,
    async run({ databaseUrl }) {
      await migrateDatabase(databaseUrl);
      return { text: 'The schema is up to date.', data: { migrated: true } };
    },
  },
];
