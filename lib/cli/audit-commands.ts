import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { eraseFromAudit } from '../audit/erase-from-audit.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import type { AuditVerdict } from '../audit/verify-audit.ts';
import type { AuditProblem } from '../audit/rules.ts';
import { auditHeadsFileOf } from '../base/env.ts';
import { isId } from '../base/ids.ts';
import { requiredText, textOf, UsageError } from './command.ts';
import type { Command, Given } from './command.ts';
import { counted } from './layout.ts';

export const auditCommands: readonly Command[] = [
  {
    words: 'audit verify',
    purpose: 'Go through the sealed log of changes: was anything changed, removed, made anew or cut off?',
    options: {
      heads:
        'the file of heads that is kept outside of the database (default: AUDIT_HEADS_FILE), or a log of the tool',
      course: 'only this course, by its id',
    },
    async run({ ctx, settings }, given) {
      const courseId = idOf(given, 'course');
      const named = textOf(given, 'heads');
      const headsFile = named === undefined ? auditHeadsFileOf(settings) : resolve(named);
      const isThere = existsSync(headsFile);
      if (named !== undefined && !isThere) throw new UsageError(`There is no file ${headsFile}.`);
      const verdict = await verifyAudit(ctx, { courseId, headsFile: isThere ? headsFile : undefined });
      // A chain that nothing outside vouches for could have been made anew by whoever holds the key.
      const isProven = verdict.problemCount === 0 && (verdict.heads !== undefined || verdict.seals === 0);
      return {
        text: tellVerdict(verdict, headsFile).join('\n'),
        data: { proven: isProven, headsFile: isThere ? headsFile : null, ...verdict },
        refused: !isProven,
      };
    },
  },
  {
    words: 'audit erase',
    purpose: "Erase what the log of changes tells of a person. The log's seals hold.",
    options: { person: 'the id of the person' },
    required: ['person'],
    async run({ ctx }, given) {
      const personId = idOf(given, 'person') ?? requiredText(given, 'person');
      const erased = await eraseFromAudit(ctx, personId);
      return {
        text:
          erased.events === 0
            ? `The log tells nothing of ${personId}, or no more.`
            : `Erased ${counted(erased.events, 'change')} in ${counted(erased.courses, 'course')}; each course's log says how many.`,
        data: erased,
      };
    },
  },
];

/** @throws UsageError when it is no id */
function idOf(given: Given, name: string): string | undefined {
  const text = textOf(given, name);
  if (text !== undefined && !isId(text)) throw new UsageError(`--${name} is an id, such as the log shows.`);
  return text;
}

function tellVerdict(verdict: AuditVerdict, headsFile: string): string[] {
  const { courses, seals, events, erased, unsealed, heads, problems, problemCount } = verdict;
  const untold = problemCount - problems.length;
  return [
    problemCount === 0
      ? `Nothing was found: ${counted(events, 'change')} of ${counted(courses, 'course')} under ${counted(seals, 'seal')} are as they were sealed.`
      : `${counted(problemCount, 'problem')} in ${counted(events, 'change')} of ${counted(courses, 'course')} under ${counted(seals, 'seal')}:`,
    ...problems.map((problem) => `- ${tellProblem(problem)}`),
    ...(untold === 0 ? [] : [`- and ${String(untold)} more`]),
    ...(erased === 0
      ? []
      : [`The content of ${counted(erased, 'change')} was erased; that is told in the log.`]),
    ...(unsealed === 0
      ? []
      : [
          `${counted(unsealed, 'change')} ${unsealed === 1 ? 'is' : 'are'} not sealed yet: nothing vouches for ${unsealed === 1 ? 'it' : 'them'} so far.`,
        ]),
    ...(heads !== undefined
      ? [`Compared with ${counted(heads.compared, 'head')} of ${headsFile}.`]
      : seals === 0
        ? []
        : [
            `There is no ${headsFile}: nobody can tell whether the end was cut off, or all was made anew with the key. Name the file, or a log of the tool, with --heads.`,
          ]),
  ];
}

function tellProblem(problem: AuditProblem): string {
  const place = `course ${problem.courseId}`;
  switch (problem.kind) {
    case 'event-changed':
      return `${place}, seal ${String(problem.seal)}: the change ${problem.eventId} is not as it was sealed.`;
    case 'events-missing':
      return `${place}, seal ${String(problem.seal)}: ${counted(problem.count, 'change')} removed.`;
    case 'events-added':
      return `${place}, seal ${String(problem.seal)}: ${counted(problem.count, 'change')} put in afterwards.`;
    case 'seal-broken':
      return `${place}, seal ${String(problem.seal)}: the seal does not fit what it covers, or the seal before it; it was made anew, or what it covers was.`;
    case 'key-lost':
      return `${place}, seal ${String(problem.seal)}: its key does not open with this SESSION_SECRET, so that nothing proves it.`;
    case 'seals-missing':
      return `${place}: ${counted(problem.count, 'seal')} missing, from ${String(problem.seal)} on.`;
    case 'erasure-unknown':
      return `${place}: ${counted(problem.erased, 'change')} erased at ${problem.at}, but the log tells of ${String(problem.told)}.`;
    case 'unsealed':
      return `${place}: ${counted(problem.count, 'change')} written more than a quarter of an hour ago and not sealed; the job that seals stands still, or seals were taken away.`;
    case 'tail-cut':
      return `${place}: seal ${String(problem.seal)} is known outside, but the database has none: the end was cut off.`;
    case 'head-differs':
      return `${place}: seal ${String(problem.seal)} is another one than was kept outside: the chain was made anew.`;
  }
}
