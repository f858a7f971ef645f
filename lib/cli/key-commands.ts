import { listToolKeys } from '../platforms/list-tool-keys.ts';
import { rotateToolKeys } from '../platforms/rotate-tool-keys.ts';
import type { KeyRotation } from '../platforms/rotate-tool-keys.ts';
import { leastSignsInMinutes, usualSignsInMinutes } from '../platforms/rules.ts';
import { renewKeys } from '../seals/renew-keys.ts';
import type { RenewedKeys } from '../seals/renew-keys.ts';
import { resealSecrets } from '../seals/reseal-secrets.ts';
import { numberOf, UsageError } from './command.ts';
import type { Command } from './command.ts';
import { counted, momentText, table } from './layout.ts';

const noKey = 'There is no key yet: the first start makes one.';
const weekMinutes = 7 * 24 * 60;

export const keyCommands: readonly Command[] = [
  {
    words: 'keys list',
    purpose: "Show the tool's own signing keys, and what each is good for.",
    options: {},
    async run({ ctx }) {
      const keys = await listToolKeys(ctx);
      const rows = keys.map(({ kid, state, signsFrom, retiredAt, opens }) => [
        kid,
        state,
        `signs from ${momentText(signsFrom)}`,
        retiredAt === null ? '' : `shown until ${momentText(retiredAt)}`,
        opens ? '' : 'does not open with this SESSION_SECRET',
      ]);
      return {
        text: rows.length === 0 ? noKey : table(rows),
        data: keys,
      };
    },
  },
  {
    words: 'keys rotate',
    purpose:
      'Replace the signing key: the new one is published at once and signs later, the old one stays published a day longer.',
    options: {
      'signs-in': `minutes until the new key signs (default ${String(usualSignsInMinutes)}, at least ${String(leastSignsInMinutes)}): platforms must have seen it before`,
      now: 'for a key that has leaked: the new key signs at once, and the old ones are withdrawn at once',
    },
    flags: ['now'],
    async run({ ctx }, given) {
      if (given.now === true && given['signs-in'] !== undefined) {
        throw new UsageError('Either --now or --signs-in, not both.');
      }
      const signsInMinutes = numberOf(given, 'signs-in', {
        usual: usualSignsInMinutes,
        least: leastSignsInMinutes,
        most: weekMinutes,
      });
      const rotation = await rotateToolKeys(ctx, given.now === true ? 'now' : { signsInMinutes });
      return {
        text: tellRotation(rotation, given.now === true),
        data: rotation,
        refused: rotation.kind !== 'rotated',
      };
    },
  },
  {
    words: 'keys reseal',
    purpose:
      'Seal everything that lies sealed in the database with the current SESSION_SECRET, once every process runs with it.',
    options: {},
    async run({ ctx }) {
      const resealed = await resealSecrets(ctx);
      return { text: tellResealed(resealed), data: resealed };
    },
  },
  {
    words: 'keys renew',
    purpose: 'When the SESSION_SECRET is lost for good: replace what it sealed. Whatever still opens stays.',
    options: {},
    async run({ ctx }) {
      const renewed = await renewKeys(ctx);
      return { text: tellRenewed(renewed), data: renewed };
    },
  },
];

function tellRotation(rotation: KeyRotation, hasLeaked: boolean): string {
  if (rotation.kind === 'no-key') return noKey;
  if (rotation.kind === 'under-way') {
    return [
      `A rotation is under way: ${rotation.kid} is published and signs from ${momentText(rotation.signsFrom)}.`,
      'Nothing was changed. Rotate again after that, or, if a key has leaked, with --now.',
    ].join('\n');
  }
  const old = rotation.retired.join(', ');
  return hasLeaked
    ? [
        `New key ${rotation.kid} signs from now on.`,
        `Withdrawn at once: ${old}. A platform that keeps keys may trust it for some minutes more,`,
        'and may refuse what the tool asks of it until it reads /lti/jwks again; then it works by itself.',
      ].join('\n')
    : [
        `New key ${rotation.kid} is published now and signs from ${momentText(rotation.signsFrom)}.`,
        `The old one, ${old}, stays published until ${momentText(rotation.retiredAt)}. Nothing else has to be done.`,
      ].join('\n');
}

function tellResealed(sealed: Awaited<ReturnType<typeof resealSecrets>>): string {
  const { keys, auditKeys, windows, calendars, codes } = sealed;
  const changed = keys.changed + auditKeys.changed + windows.changed + calendars.changed + codes.changed;
  const lost = keys.lost + windows.lost + calendars.lost;
  return [
    changed === 0
      ? 'Everything was sealed with the current SESSION_SECRET already.'
      : `Sealed anew: ${counted(keys.changed, 'tool key')}, ${counted(auditKeys.changed, 'audit key')}, ${counted(windows.changed, 'check-in secret')}, ${counted(calendars.changed, 'calendar link')}, ${counted(codes.changed, 'personal code')}.`,
    ...(lost === 0
      ? []
      : [`${counted(lost, 'secret')} of long ago could not be opened; nothing needs them any more.`]),
    'SESSION_SECRET_PREVIOUS can go. People who signed in under it sign in again then; after 12 hours nobody does.',
  ].join('\n');
}

function tellRenewed(renewed: RenewedKeys): string {
  const { withdrawn, made, auditKeyRenewed, closedCheckIns, withdrawnCalendars, withdrawnCodes } = renewed;
  const wasLost =
    withdrawn.length > 0 ||
    auditKeyRenewed ||
    closedCheckIns > 0 ||
    withdrawnCalendars > 0 ||
    withdrawnCodes > 0;
  if (!wasLost && made === undefined) {
    return 'Everything in use opens with this SESSION_SECRET: no key was changed.';
  }
  if (!wasLost) {
    return `There was no key yet. New key, signing from now on: ${made ?? ''}`;
  }
  return [
    ...(withdrawn.length === 0 ? [] : [`Withdrawn, since no secret opens it: ${withdrawn.join(', ')}`]),
    ...(made === undefined ? [] : [`New key, signing from now on: ${made}`]),
    ...(auditKeyRenewed
      ? [
          'Changes are sealed with a new audit key from now on. What the lost one sealed stays, but `audit verify` can prove it no more, and says so.',
        ]
      : []),
    ...(closedCheckIns === 0 ? [] : [`Check-ins that had to be closed: ${String(closedCheckIns)}`]),
    ...(withdrawnCalendars === 0
      ? []
      : [`Calendar links that were withdrawn: ${String(withdrawnCalendars)}. Their owners subscribe again.`]),
    ...(withdrawnCodes === 0
      ? []
      : [
          `Personal codes that were withdrawn: ${String(withdrawnCodes)}. Their owners open "My code" again.`,
        ]),
    '',
    'Attendance, people and remembered phones are all there. What remains to be done:',
    '- Start the tool with this SESSION_SECRET.',
    '- Platforms read the new key from /lti/jwks by themselves; nothing is entered there.',
    '- People who were signed in open Attendance from their course again.',
    '- Teachers start the check-ins again that were closed; codes and scans of before are void.',
  ].join('\n');
}
