import { defaultPolicy } from '../base/course-policy.ts';
import type { Ctx } from '../context.ts';
import { translatorFor } from '../i18n/translator.ts';
import { approveDeployment } from '../platforms/approve-deployment.ts';
import { findDeployment } from '../platforms/find-deployment.ts';
import type { Deployment } from '../platforms/find-platform.ts';
import { listDeployments } from '../platforms/list-deployments.ts';
import { moveDeployment } from '../platforms/move-deployment.ts';
import type { DeploymentMove } from '../platforms/move-deployment.ts';
import { refuseDeployment } from '../platforms/refuse-deployment.ts';
import type { PolicyInput } from '../settings/input.ts';
import { policyFields } from '../settings/rules.ts';
import type { PolicyField } from '../settings/rules.ts';
import { tellProblem } from '../settings/tell-problem.ts';
import { updateInstitutionPolicy } from '../settings/update-institution-policy.ts';
import { listOf, requiredText, UsageError } from './command.ts';
import type { Command } from './command.ts';
import { counted, momentText, table } from './layout.ts';

export const whichDeployment =
  "the id that `deployments list` and the log show, or the platform's own deployment id";

export const deploymentCommands: readonly Command[] = [
  {
    words: 'deployments list',
    purpose: 'Show the installations of the tool: which are approved, which wait.',
    options: { pending: 'only those that wait' },
    flags: ['pending'],
    async run({ ctx }, { pending }) {
      const all = await listDeployments(ctx);
      const list = pending === true ? all.filter((deployment) => deployment.approvedAt === null) : all;
      const rows = list.map(({ id, deploymentId, issuer, clientId, approvedAt, firstSeenAt, courses }) => [
        id,
        approvedAt === null ? `waits since ${momentText(firstSeenAt)}` : `approved ${momentText(approvedAt)}`,
        counted(courses, 'course'),
        deploymentId,
        `${issuer} ${clientId}`,
      ]);
      const none = pending === true ? 'No deployment waits for approval.' : 'No deployment is known yet.';
      return { text: rows.length === 0 ? none : table(rows), data: list };
    },
  },
  {
    words: 'deployments approve',
    purpose: 'Admit the launches of a deployment that waits.',
    arguments: { ID: whichDeployment },
    options: {},
    async run({ ctx }, given) {
      const deployment = await deploymentNamed(ctx, requiredText(given, 'ID'));
      const { approvedAt } = await approveDeployment(ctx, deployment);
      const { id, deploymentId } = deployment;
      return {
        text: `approved: ${deploymentId}\nAttendance can be opened there right away.`,
        data: { id, deploymentId, approvedAt },
      };
    },
  },
  {
    words: 'deployments refuse',
    purpose: 'Forget a deployment that waits. It would wait anew with its next launch.',
    arguments: { ID: whichDeployment },
    options: {},
    async run({ ctx }, given) {
      const deployment = await deploymentNamed(ctx, requiredText(given, 'ID'));
      const { id, deploymentId } = deployment;
      const refused = await refuseDeployment(ctx, deployment);
      return {
        text: refused
          ? `refused: ${deploymentId}`
          : `Nothing was changed: ${deploymentId} is approved, or holds courses. To shut out a whole platform: platforms disable.`,
        data: { id, deploymentId, refused },
        refused: !refused,
      };
    },
  },
  {
    words: 'deployments move',
    purpose:
      'After the tool was installed anew: take all courses of the old deployment, with everything in them, to the new one.',
    arguments: {
      OLD: `the deployment that holds the courses: ${whichDeployment}`,
      NEW: 'the deployment that the new installation brought, approved or waiting',
    },
    options: {
      leave: 'the id of a course that stays in the old deployment; may be given several times',
      'dry-run': 'only say what would happen',
    },
    flags: ['dry-run'],
    repeatable: ['leave'],
    async run({ ctx, settings }, given) {
      const from = await deploymentNamed(ctx, requiredText(given, 'OLD'));
      const to = await deploymentNamed(ctx, requiredText(given, 'NEW'));
      const dryRun = given['dry-run'] === true;
      const move = await moveDeployment(ctx, { from, to, leave: listOf(given, 'leave'), dryRun });
      const lines = tellMove(move, from, to, dryRun);
      if (move.kind === 'moved' && settings.CANVAS_DEPLOYMENT_ID === from.deploymentId) {
        lines.push(
          `Set CANVAS_DEPLOYMENT_ID to ${to.deploymentId}: the next start would approve the old one again.`,
        );
      }
      return { text: lines.join('\n'), data: { ...move, dryRun }, refused: move.kind !== 'moved' };
    },
  },
  {
    words: 'deployments policy',
    purpose:
      'Show how the courses of a deployment count attendance unless they say otherwise, or change it. Courses that follow are judged anew.',
    arguments: { ID: whichDeployment },
    options: {
      set: 'for example graceMinutes=10, absentAfterMinutes=never, autoAbsent=true, allowedNetworks="192.0.2.0/24 2001:db8::/32" (or any); may be given several times',
      reset: "a field in which the tool's own default holds again; may be given several times",
    },
    repeatable: ['set', 'reset'],
    async run({ ctx }, given) {
      const deployment = await deploymentNamed(ctx, requiredText(given, 'ID'));
      const set = Object.fromEntries(listOf(given, 'set').map(assignmentOf));
      const reset = listOf(given, 'reset').map(policyFieldNamed);
      const changed = await updateInstitutionPolicy(ctx, deployment.id, { set, reset });
      const { id, deploymentId } = deployment;
      if (changed.kind === 'invalid') {
        const t = translatorFor('en');
        const lines = Object.entries(changed.problems).map(
          ([field, problem]) => `  ${field}: ${tellProblem(problem, t)}`,
        );
        return {
          text: ['Nothing was changed:', ...lines].join('\n'),
          data: { id, deploymentId, ...changed },
          refused: true,
        };
      }
      const { policy, fields, courses, records } = changed;
      const done = `Changed: ${fields.join(', ')}. ${counted(courses, 'course')} that follow were gone through, ${counted(records, 'record')} judged anew.`;
      return {
        text: [policyTable(policy), ...(fields.length === 0 ? [] : [done])].join('\n'),
        data: { id, deploymentId, ...changed },
      };
    },
  },
];

function policyTable(policy: PolicyInput): string {
  return table(
    policyFields.map((field) => [
      field,
      wordOf(policy[field]),
      policy[field] === defaultPolicy[field] ? '' : `(the tool's own: ${wordOf(defaultPolicy[field])})`,
    ]),
  );
}

const never = 'never';
/** No networks: check-ins are expected from everywhere. */
const any = 'any';

function wordOf(value: PolicyInput[PolicyField]): string {
  if (value === null) return never;
  return value === '' ? any : String(value);
}

/** `graceMinutes=10`. @throws UsageError */
function assignmentOf(text: string): [PolicyField, unknown] {
  const [name = '', ...rest] = text.split('=');
  const value = rest.join('=');
  if (value === '') throw new UsageError('--set is a field and its value, for example graceMinutes=10.');
  return [policyFieldNamed(name), valueIn(value)];
}

function valueIn(text: string): unknown {
  if (text === never) return null;
  if (text === any) return '';
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

/** @throws UsageError */
function policyFieldNamed(name: string): PolicyField {
  const field = policyFields.find((known) => known === name);
  if (field === undefined) {
    throw new UsageError(`There is no field "${name}". There are: ${policyFields.join(', ')}.`);
  }
  return field;
}

/** @throws Error with a sentence when nothing, or more than one thing, is called so */
export async function deploymentNamed(ctx: Pick<Ctx, 'db'>, named: string): Promise<Deployment> {
  const found = await findDeployment(ctx, named);
  if (found.kind === 'found') return found.deployment;
  throw new Error(
    found.kind === 'unknown'
      ? `No deployment is called ${named}. All of them: npm run cli -- deployments list`
      : `Several platforms call a deployment ${named}. Name it by its own id: ${found.ids.join(', ')}`,
  );
}

function tellMove(move: DeploymentMove, from: Deployment, to: Deployment, dryRun: boolean): string[] {
  const nothing = 'Nothing was moved:';
  switch (move.kind) {
    case 'same-deployment':
      return [`${nothing} OLD and NEW name the same deployment.`];
    case 'nothing-there':
      return [
        `${nothing} ${from.deploymentId} holds no course that could go.`,
        'If that is the new installation, name the two the other way round.',
      ];
    case 'no-such-course':
      return [`${nothing} ${from.deploymentId} has no course ${move.courseIds.join(', ')}.`];
    case 'other-issuer':
      return [
        `${nothing} the two belong to different issuers, and nobody can tell that their people are the same.`,
      ];
    case 'people-elsewhere':
      return [
        `${nothing} ${counted(move.people, 'person', 'people')} of these courses also sit in courses that stay (${move.deploymentIds.join(', ')}), and a person belongs to one registration.`,
        'Install the tool in the platform with the old client id instead of a new one: that makes a new deployment, to which everything can go.',
      ];
    case 'people-doubtful':
      return [
        `${nothing} ${counted(move.people, 'person', 'people')} of these courses bear a number that belongs to somebody else in the new registration.`,
        'Look whether both are registrations of the same institution. If they are, the platform has merged accounts: install the tool there with the old client id, and move to the deployment that this makes.',
      ];
    case 'twice-held':
      return [
        `${nothing} these courses hold something in both deployments, and one cannot be laid over the other.`,
        ...move.courses.flatMap((course) => [
          `  ${course.from.title} (${course.from.contextId})`,
          ...[course.from, course.to].map(
            ({ id, meetings, checkIns, auditEvents }, index) =>
              `    ${index === 0 ? 'old' : 'new'}  ${id}  ${counted(meetings, 'meeting')}, ${counted(checkIns, 'check-in')}, ${counted(auditEvents, 'log entry', 'log entries')}`,
          ),
        ]),
        'To take the others along and keep these as they are, in both places, say the same again with:',
        `  ${move.courses.map((course) => `--leave ${course.from.id}`).join(' ')}`,
      ];
    case 'moved': {
      const { moved, joined } = move.people;
      return [
        `${dryRun ? 'Would move' : 'Moved'} ${counted(move.courses.length, 'course')} from ${from.deploymentId} to ${to.deploymentId}:`,
        ...move.courses.map(({ title, meetings }) => `  ${title}, ${counted(meetings, 'meeting')}`),
        ...(move.gaveWay.length === 0
          ? []
          : [`Empty, and giving way: ${counted(move.gaveWay.length, 'course')} of the same name.`]),
        ...(moved + joined === 0
          ? []
          : [
              `Of their people, ${String(moved)} come along, and ${String(joined)} are known in the new registration already.`,
            ]),
        move.left.length === 0
          ? 'The new deployment is approved by it. The old one is empty and not admitted any more; it is listed as waiting until you forget it: deployments refuse.'
          : `${counted(move.left.length, 'course')} stay in the old deployment, which is admitted as before.`,
        ...(dryRun ? ['Nothing was changed (--dry-run).'] : []),
      ];
    }
  }
}
