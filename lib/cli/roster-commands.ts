import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../base/errors.ts';
import { createOutsideFetch } from '../base/outside-fetch.ts';
import type { Ctx } from '../context.ts';
import { createServiceClient } from '../lti/service-client.ts';
import { canvasApiOf } from '../rosters/canvas-api.ts';
import { findCourseCalled, listSyncableCourses } from '../rosters/find-courses.ts';
import type { SyncableCourse } from '../rosters/find-courses.ts';
import { readRosterLog } from '../rosters/load-roster-log.ts';
import type { RosterSyncView } from '../rosters/load-roster-log.ts';
import type { RosterMeans } from '../rosters/read-roster.ts';
import { syncRoster } from '../rosters/sync-roster.ts';
import { listOf, requiredText, UsageError } from './command.ts';
import type { Command } from './command.ts';
import { counted, momentText, table } from './layout.ts';
import type { CommandLine } from './open-command-line.ts';

const whichCourse = "the id in the course's address, or the platform's own id or number of it";

export const rosterCommands: readonly Command[] = [
  {
    words: 'roster sync',
    purpose: 'Read the list of members of courses from their platform now.',
    rest: { name: 'COURSE', meaning: whichCourse },
    options: { all: 'every course whose platform lists its members, one after the other' },
    flags: ['all'],
    async run(line, given) {
      const named = listOf(given, 'COURSE');
      if (named.length > 0 === (given.all === true)) {
        throw new UsageError('Name the courses, or say --all.');
      }
      const courses =
        given.all === true ? await listSyncableCourses(line.ctx) : await coursesNamed(line.ctx, named);
      const means = meansOf(line);
      const ended: Ended[] = [];
      for (const course of courses) ended.push(await syncOne(line, course, means));
      return {
        text:
          ended.length === 0
            ? 'No course is known whose platform lists its members.'
            : ended.map(({ title, text }) => `${title}: ${text}`).join('\n'),
        data: ended.map(({ text: _text, ...rest }) => rest),
        refused: ended.some(({ outcome }) => outcome === 'failed'),
      };
    },
  },
  {
    words: 'roster log',
    purpose: "Show the last readings of a course's list of members.",
    arguments: { COURSE: whichCourse },
    options: {},
    async run({ ctx, settings }, given) {
      const [course] = await coursesNamed(ctx, [requiredText(given, 'COURSE')]);
      const log = await readRosterLog(ctx, course?.id ?? '', canvasApiOf(settings));
      const rows = [...(log.running === undefined ? [] : [log.running]), ...log.past].map((sync) => [
        momentText(sync.startedAt),
        sync.askedBy,
        sync.source,
        textOfSync(sync),
      ]);
      const held =
        log.held === undefined
          ? []
          : [
              `${String(log.held.missing)} of ${String(log.held.enrolled)} are no longer on the list and still count: a teacher has to confirm that they left.`,
            ];
      return {
        text: [...held, rows.length === 0 ? 'The list has never been read.' : table(rows)].join('\n'),
        data: log,
      };
    },
  },
];

interface Ended {
  courseId: string;
  title: string;
  outcome: 'complete' | 'failed' | 'not-offered';
  text: string;
  [figure: string]: unknown;
}

async function syncOne(
  { ctx }: CommandLine,
  { id, title }: SyncableCourse,
  means: RosterMeans,
): Promise<Ended> {
  const course = { courseId: id, title };
  try {
    const order = { courseId: id, askedBy: 'operator' } as const;
    const done = await syncRoster({ ...ctx, now: means.now() }, order, means);
    if (done.kind === 'not-offered') {
      return { ...course, outcome: 'not-offered', text: 'its platform lists nobody to the tool.' };
    }
    const { sync } = done;
    const { source, pages, listed, kept, joined, departed, missing } = sync;
    const ms = msOf(sync);
    const figures = { source, pages, listed, kept, joined, departed, missing, ms };
    return { ...course, outcome: 'complete', ...figures, text: textOfSync({ ...sync, state: 'complete' }) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { status, reason } = error.facts;
    const why = [error.code, status, reason].filter((part) => part !== undefined).join(', ');
    return {
      ...course,
      outcome: 'failed',
      problem: error.code,
      status,
      text: `failed (${why}). Nobody was taken off.`,
    };
  }
}

function textOfSync(sync: RosterSyncView): string {
  switch (sync.state) {
    case 'complete':
      return [
        `${String(sync.kept)} of ${counted(sync.listed, 'member')}`,
        `${String(sync.joined)} new`,
        `${String(sync.departed)} left`,
        ...(sync.missing > 0 ? [`${String(sync.missing)} missing`] : []),
        `${(msOf(sync) / 1000).toFixed(1)} s`,
      ].join(', ');
    case 'running':
      return `runs: ${counted(sync.listed, 'member')} on ${counted(sync.pages, 'page')} so far`;
    case 'interrupted':
      return 'interrupted: its process ended in the middle';
    case 'failed':
      return `failed (${[sync.problem, sync.problemStatus].filter((part) => part !== null).join(', ')})`;
  }
}

function msOf({ startedAt, endedAt }: Pick<RosterSyncView, 'startedAt' | 'endedAt'>): number {
  return (endedAt ?? startedAt).getTime() - startedAt.getTime();
}

function meansOf({ settings, clock }: CommandLine): RosterMeans {
  const services = createServiceClient({
    fetchOutside: createOutsideFetch({
      allowPrivateHosts: settings.ALLOW_PRIVATE_HOSTS,
      ownOrigin: settings.PUBLIC_URL,
    }),
    now: () => clock.now(),
    wait: (ms, calledOff) => delay(ms, undefined, { signal: calledOff }),
    random: Math.random,
  });
  return { services, canvas: canvasApiOf(settings), now: () => clock.now() };
}

/** @throws Error with a sentence when nothing, or more than one course, is called so */
async function coursesNamed(ctx: Pick<Ctx, 'db'>, names: readonly string[]): Promise<SyncableCourse[]> {
  const courses: SyncableCourse[] = [];
  for (const name of names) {
    const found = await findCourseCalled(ctx, name);
    if (found.kind === 'unknown') throw new Error(`No course is called ${name}.`);
    if (found.kind === 'ambiguous') {
      throw new Error(`Several courses are called ${name}. Name it by its own id: ${found.ids.join(', ')}`);
    }
    courses.push(found.course);
  }
  return courses;
}
