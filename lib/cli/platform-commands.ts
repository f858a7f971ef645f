import type { Env } from '../base/env.ts';
import { invitePlatform } from '../platforms/invite-platform.ts';
import { listInvites } from '../platforms/list-invites.ts';
import { listPlatforms } from '../platforms/list-platforms.ts';
import { registerPlatform } from '../platforms/register-platform.ts';
import {
  hostedPresetOf,
  issuerDoubts,
  needsUrl,
  platformPresets,
  presetPlatform,
} from '../platforms/rules.ts';
import type { PlatformAddresses, PlatformPreset } from '../platforms/rules.ts';
import { switchPlatform } from '../platforms/switch-platform.ts';
import { withdrawInvite } from '../platforms/withdraw-invite.ts';
import { addressOf, listOf, numberOf, requiredText, textOf, UsageError } from './command.ts';
import type { Command, Given } from './command.ts';
import { momentText, table } from './layout.ts';

const whichPlatform = {
  issuer: 'the issuer, letter by letter as the platform sends it',
  'client-id': 'the client id that the platform gave the tool',
};

const presetMeanings: Record<PlatformPreset, string> = {
  canvas: 'Canvas, hosted by Instructure',
  'canvas-beta': 'its beta environment',
  'canvas-test': 'its test environment',
  'canvas-self-hosted':
    'Canvas on a server of your own; with --url, and with --issuer where its lti_iss is another',
  moodle: 'Moodle; with --url',
};

function switchCommand(word: 'disable' | 'enable', purpose: string): Command {
  return {
    words: `platforms ${word}`,
    purpose,
    options: whichPlatform,
    required: ['issuer', 'client-id'],
    async run({ ctx }, given) {
      const issuer = requiredText(given, 'issuer');
      const clientId = requiredText(given, 'client-id');
      await switchPlatform(ctx, { issuer, clientId, enabled: word === 'enable' });
      return {
        text: `${word}d: ${issuer} ${clientId}`,
        data: { issuer, clientId, enabled: word === 'enable' },
      };
    },
  };
}

export const platformCommands: readonly Command[] = [
  {
    words: 'platforms add',
    purpose: 'Register a learning platform, or bring its registration up to date.',
    options: {
      preset: `which kind of platform: ${platformPresets.map((preset) => `${preset} (${presetMeanings[preset]})`).join(', ')}`,
      url: "the platform's own address, for the presets that need it: https://moodle.example",
      'client-id': whichPlatform['client-id'],
      deployment: 'a deployment id; may be given several times (default: launches bring them)',
      issuer: `${whichPlatform.issuer} (default: the preset's)`,
      name: 'what to call it (default: the issuer)',
      'authorize-url': "OIDC authorisation endpoint (default: the preset's)",
      'token-url': "OAuth 2 token endpoint (default: the preset's)",
      'token-audience': 'audience of token requests, where it is not the token endpoint',
      'jwks-url': "the platform's public keys (default: the preset's)",
    },
    required: ['client-id'],
    repeatable: ['deployment'],
    async run({ ctx, settings }, given) {
      const { issuer, ...addresses } = readPlatform(given);
      const deploymentIds = listOf(given, 'deployment');
      const platform = await registerPlatform(ctx, {
        issuer,
        clientId: requiredText(given, 'client-id'),
        name: textOf(given, 'name') ?? issuer,
        ...addresses,
        tokenAudience: textOf(given, 'token-audience'),
        deploymentIds,
      });
      const { clientId, authorizeUrl, tokenUrl, jwksUrl } = platform;
      const warnings = warningsOf(issuer);
      return {
        text: [
          `registered: ${issuer} ${clientId}`,
          `  authorisation  ${authorizeUrl}`,
          `  token          ${tokenUrl}`,
          `  keys           ${jwksUrl}`,
          ...deploymentIds.map((id) => `  deployment     ${id}`),
          ...(deploymentIds.length === 0 ? [nextStep(settings)] : []),
          ...warnings.map((warning) => `Warning: ${warning}`),
        ].join('\n'),
        data: { issuer, clientId, authorizeUrl, tokenUrl, jwksUrl, deploymentIds, warnings },
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
        ...platform.pendingDeploymentIds.map((id) => `  deployment ${id}  (waits for approval)`),
      ]);
      return { text: lines.join('\n') || 'No platform is registered yet.', data: list };
    },
  },
  switchCommand(
    'disable',
    'Refuse a platform: its launches, and everybody who is signed in from it. Nothing is deleted.',
  ),
  switchCommand('enable', 'Accept launches from a platform again.'),
  {
    words: 'platforms invite',
    purpose: "Make a link by which a platform's administrator registers it, once.",
    options: {
      note: 'for whom it is: shown by `platforms invites`',
      days: 'how many days it can be used (default 7)',
    },
    async run({ ctx, settings }, given) {
      const invite = await invitePlatform(ctx, {
        note: textOf(given, 'note'),
        days: numberOf(given, 'days', { usual: 7, least: 1, most: 90 }),
        publicUrl: settings.PUBLIC_URL,
      });
      return {
        text: [
          invite.link,
          `Good once, until ${momentText(invite.expiresAt)}; it is not shown again. To withdraw it:`,
          `  npm run cli -- platforms uninvite ${invite.id}`,
        ].join('\n'),
        data: invite,
      };
    },
  },
  {
    words: 'platforms invites',
    purpose: 'Show the registration links that can still be used.',
    options: {},
    async run({ ctx }) {
      const open = await listInvites(ctx);
      const rows = open.map(({ id, note, expiresAt }) => [id, `until ${momentText(expiresAt)}`, note ?? '']);
      return { text: rows.length === 0 ? 'No registration link is open.' : table(rows), data: open };
    },
  },
  {
    words: 'platforms uninvite',
    purpose: 'Withdraw a registration link that was not used yet.',
    arguments: { ID: 'the id that `platforms invites` shows' },
    options: {},
    async run({ ctx }, given) {
      const id = requiredText(given, 'ID');
      const withdrawn = await withdrawInvite(ctx, id);
      return {
        text: withdrawn
          ? `withdrawn: ${id}`
          : `There is no registration link ${id}, or it was used. Open ones: npm run cli -- platforms invites`,
        data: { id, withdrawn },
        refused: !withdrawn,
      };
    },
  },
];

/**
 * Issuer and addresses, from a preset or one by one. Nothing is guessed: what kind of platform an unknown issuer
 * is, the preset says.
 *
 * @throws UsageError
 */
function readPlatform(given: Given): PlatformAddresses & { issuer: string } {
  const issuer = addressOf(given, 'issuer');
  const preset = readPreset(given, issuer);
  const known = preset === undefined ? undefined : presetPlatform(preset, readUrl(given, preset));
  if (preset !== undefined && !needsUrl(preset) && issuer !== undefined && issuer !== known?.issuer) {
    throw new UsageError(`The issuer of ${preset} is ${known?.issuer ?? ''}. Leave --issuer out.`);
  }
  const exactIssuer = issuer ?? known?.issuer;
  const authorizeUrl = addressOf(given, 'authorize-url') ?? known?.authorizeUrl;
  const tokenUrl = addressOf(given, 'token-url') ?? known?.tokenUrl;
  const jwksUrl = addressOf(given, 'jwks-url') ?? known?.jwksUrl;
  if (
    exactIssuer === undefined ||
    authorizeUrl === undefined ||
    tokenUrl === undefined ||
    jwksUrl === undefined
  ) {
    throw new UsageError(
      [
        exactIssuer === undefined
          ? 'Which platform? Say its kind:'
          : `What kind of platform is ${exactIssuer}? Its addresses are not known; say its kind:`,
        ...platformPresets.map((name) => `  --preset ${name.padEnd(18)}  ${presetMeanings[name]}`),
        'or name it all: --issuer, --authorize-url, --token-url, --jwks-url.',
        ...(exactIssuer === undefined ? [] : warningsOf(exactIssuer)),
      ].join('\n'),
    );
  }
  return { issuer: exactIssuer, authorizeUrl, tokenUrl, jwksUrl };
}

function readPreset(given: Given, issuer: string | undefined): PlatformPreset | undefined {
  const name = textOf(given, 'preset');
  if (name === undefined) return issuer === undefined ? undefined : hostedPresetOf(issuer);
  const preset = platformPresets.find((known) => known === name);
  if (preset === undefined) {
    throw new UsageError(`There is no preset ${name}, only ${platformPresets.join(', ')}.`);
  }
  return preset;
}

/** The platform's own address. Neither Moodle's wwwroot nor Canvas' host ends with a slash. */
function readUrl(given: Given, preset: PlatformPreset): string {
  const url = addressOf(given, 'url');
  if (needsUrl(preset) && url === undefined) {
    throw new UsageError(`--preset ${preset} needs --url, the platform's own address.`);
  }
  if (!needsUrl(preset) && url !== undefined) {
    throw new UsageError(`--preset ${preset} is one for all schools: leave --url out.`);
  }
  return (url ?? '').replace(/\/+$/, '');
}

function warningsOf(issuer: string): string[] {
  return issuerDoubts(issuer).map((doubt) =>
    doubt === 'trailing-slash'
      ? 'The issuer ends with a slash. It is compared letter by letter, and most platforms send it without.'
      : `${issuer} is a school's address. The issuer of Canvas hosted by Instructure is https://canvas.instructure.com for every school: use --preset canvas.`,
  );
}

/** What happens to the deployments that nobody has named. */
function nextStep({ APPROVE_DEPLOYMENTS: approval }: Env): string {
  return approval === 'never'
    ? 'Its first launch brings the deployment, which then waits: npm run cli -- deployments list --pending'
    : 'Its first launch brings the deployment, which is approved by it (APPROVE_DEPLOYMENTS).';
}
