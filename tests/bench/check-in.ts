import { sql } from 'drizzle-orm';
import { newId, randomToken, recordSubject } from '#lib/base/ids.ts';
import { tokenHash } from '#lib/base/seal.ts';
import { confirmScan } from '#lib/check-in/confirm-scan.ts';
import { loadScan } from '#lib/check-in/load-scan.ts';
import { openTicket } from '#lib/check-in/scan-ticket.ts';
import type { BareOrder } from './bare-server.ts';
import type { CrowdAnswer, CrowdOrder } from './crowd.ts';
import { median, percentile } from './figures.ts';
import type { Note } from './figures.ts';
import { seedHall } from './hall.ts';
import type { Hall, OpenMeeting, Student } from './hall.ts';
import { startHelper } from './ordered-process.ts';
import type { Helper } from './ordered-process.ts';
import { memoryMb, processorMs, serverPid, serverProcessorMs } from './processor-time.ts';
import { seedOtherCourses } from './school.ts';
import { recordStatements } from './statements.ts';
import type { Statement } from './statements.ts';
import { startBenchTool } from './tool.ts';
import type { BenchTool } from './tool.ts';
import type { WatchersAnswer, WatchersOrder } from './watchers.ts';

const hallSize = 1_000;
const otherCourses = 500;
/** As many check-ins in a turn as these hold: some seconds of work. */
const halls = 4;
/** One turn warms caches and compilers, and is not counted. */
const turns = 4;
/**
 * Connections that are kept busy: enough for the tool to have the next request at hand, always, also while many wait for
 * their commit. (With 32 processor time is left over at check-ins.)
 */
const connections = 96;
/** The tool's own default (DB_POOL_MAX). */
const poolMax = 20;

const burstMs = 10_000;
/** Of each kind, in turns. */
const bursts = 3;
const screens = { projectors: 10, registers: 30 };

type Crowd = Helper<CrowdOrder, CrowdAnswer>;

/**
 * Check-ins by remembered phones: at saturation against an empty route handler of the same tool and against their bare
 * SQL; then a lecture hall's burst, with and without screens that watch it. Every check-in that is measured is a
 * student's first at that meeting.
 */
export async function benchCheckIn(note: Note): Promise<void> {
  const tool = await startBenchTool({ durable: true });
  const crowd: Crowd = startHelper('crowd.ts');
  const bare = startHelper<BareOrder, { url: string }>('bare-server.ts');
  const watchers = startHelper<WatchersOrder, WatchersAnswer>('watchers.ts');
  try {
    const full: Hall[] = [];
    while (full.length < halls) full.push(await seedHall(tool, hallSize));
    // Other courses with their records: PostgreSQL goes on reading a table as a whole that was empty when it looked.
    await seedOtherCourses(tool.db, otherCourses);
    const { url: bareUrl } = await bare.ask({ kind: 'listen', databaseUrl: tool.databaseUrl, poolMax });
    const template = await recordCheckIn(tool);

    note('memory_before', await memoryMb(tool.pid), 'MB');
    await measureSaturation(note, { tool, crowd, bare, bareUrl, full, template });
    const [hall] = full;
    if (hall !== undefined) await measureBursts(note, { tool, crowd, watchers, hall });
    note('memory_after', await memoryMb(tool.pid), 'MB');
  } finally {
    await Promise.all([crowd.stop(), bare.stop(), watchers.stop()]);
    await tool.stop();
  }
}

async function measureSaturation(
  note: Note,
  given: {
    tool: BenchTool;
    crowd: Crowd;
    bare: Helper<BareOrder, { url: string }>;
    bareUrl: string;
    full: readonly Hall[];
    template: Template;
  },
): Promise<void> {
  const { tool, crowd, bare, bareUrl, full, template } = given;
  const { url } = tool;
  const count = halls * hallSize;
  const cpuMs = { empty: [] as number[], confirm: [] as number[] };
  const perSecond = {
    empty: [] as number[],
    bare: [] as number[],
    scan: [] as number[],
    confirm: [] as number[],
  };
  const run = async (name: keyof typeof perSecond, order: CrowdOrder, turn: number) => {
    const before = await processorMs(tool.pid);
    const { ms, errors } = await crowd.ask(order);
    const used = (await processorMs(tool.pid)) - before;
    if (errors.length > 0)
      throw new Error(`${name}: ${String(errors.length)} went wrong, first ${String(errors[0])}`);
    if (turn === 0) return;
    perSecond[name].push(count / (ms / 1000));
    if (name === 'empty' || name === 'confirm') cpuMs[name].push(used / count);
  };
  for (let turn = 0; turn < turns; turn += 1) {
    await run('empty', { kind: 'empty', url, count, connections }, turn);

    const replayed = await beginAll(full);
    const requests = replayed.flatMap((meeting, at) =>
      (full[at]?.students ?? []).map((student) =>
        statementsFor(template, placeOf(full[at], meeting, student)),
      ),
    );
    await bare.ask({ kind: 'load', requests });
    await run('bare', { kind: 'bare', url: bareUrl, count, connections }, turn);
    await requireRecorded(tool, replayed);

    const meetings = await beginAll(full);
    const phones = meetings.flatMap((meeting) => meeting.phones);
    await run('scan', { kind: 'scan', url, phones, connections }, turn);
    await run('confirm', { kind: 'confirm', url, connections }, turn);
    await requireRecorded(tool, meetings);
  }
  // Each turn against its own: a busy moment of the machine meets all of them.
  const ratioTo = (other: 'empty' | 'bare') =>
    median(perSecond.confirm.map((rate, turn) => rate / (perSecond[other][turn] ?? Number.NaN)));
  note('ratio_to_empty_handler', ratioTo('empty'), 'ratio', { atLeast: 0.6 });
  note('ratio_to_bare_sql', ratioTo('bare'), 'ratio');
  note('empty_handler_per_second', median(perSecond.empty), '/s');
  note('bare_sql_per_second', median(perSecond.bare), '/s');
  note('scan_per_second', median(perSecond.scan), '/s');
  note('confirm_per_second', median(perSecond.confirm), '/s');
  // Tells of the tool alone, and little of whatever else keeps the machine busy.
  note('empty_handler_cpu_ms', median(cpuMs.empty), 'ms');
  note('confirm_cpu_ms', median(cpuMs.confirm), 'ms');
  note('statements', template.statements.length, 'statements');
}

async function measureBursts(
  note: Note,
  {
    tool,
    crowd,
    watchers,
    hall,
  }: { tool: BenchTool; crowd: Crowd; watchers: Helper<WatchersOrder, WatchersAnswer>; hall: Hall },
): Promise<void> {
  const alone: CrowdAnswer[] = [];
  const watched: CrowdAnswer[] = [];
  let recorded = 0;
  let blind = 0;
  let listening = 0;
  const postgres = await serverPid(tool.db);
  const usedMs = async () => (await processorMs(tool.pid)) + (await serverProcessorMs(postgres));
  /** What tool and PostgreSQL have worked, in milliseconds. */
  const worked = { alone: 0, watched: 0 };
  const burst = async (kind: keyof typeof worked) => {
    const meeting = await hall.begin();
    return {
      meeting,
      run: async () => {
        const before = await usedMs();
        const answer = await crowd.ask({
          kind: 'burst',
          url: tool.url,
          phones: meeting.phones,
          withinMs: burstMs,
        });
        worked[kind] += (await usedMs()) - before;
        recorded += await countRecorded(tool, [meeting]);
        return answer;
      },
    };
  };
  const headers = await tool.headersOf(hall.teacher);
  for (let turn = 0; turn < bursts; turn += 1) {
    alone.push(await (await burst('alone')).run());

    const { meeting, run } = await burst('watched');
    const path = `/api/courses/${hall.courseId}/meetings/${meeting.meetingId}`;
    await watchers.ask({ kind: 'watch', url: tool.url, path, headers, ...screens });
    watched.push(await run());
    listening = Math.max(listening, await countListening(tool));
    const { complete } = await watchers.ask({ kind: 'end', expected: hallSize, withinMs: 10_000 });
    blind += screens.projectors + screens.registers - complete;
  }
  const all = [...alone, ...watched];
  const errors = all.flatMap((one) => one.errors);
  for (const error of new Set(errors)) process.stderr.write(`${error}\n`);
  note('burst_lost', all.length * hallSize - recorded, 'count', 0);
  note('burst_errors', errors.length, 'count', 0);
  note(
    'burst_waited',
    all.reduce((sum, { waited }) => sum + waited, 0),
    'count',
    0,
  );

  // Of all bursts of a kind together: what befalls one in a hundred is rare in a single one.
  const of = (runs: readonly CrowdAnswer[], hundredths: number, which: (run: CrowdAnswer) => number[]) =>
    percentile(runs.flatMap(which), hundredths);
  const both = (run: CrowdAnswer) => [...run.scanMs, ...run.confirmMs];
  note('burst_p50_ms', of(alone, 50, both), 'ms');
  note('burst_p99_ms', of(alone, 99, both), 'ms', 500);
  note(
    'burst_scan_p50_ms',
    of(alone, 50, (run) => run.scanMs),
    'ms',
  );
  note(
    'burst_scan_p99_ms',
    of(alone, 99, (run) => run.scanMs),
    'ms',
    500,
  );
  note(
    'burst_confirm_p50_ms',
    of(alone, 50, (run) => run.confirmMs),
    'ms',
  );
  note(
    'burst_confirm_p99_ms',
    of(alone, 99, (run) => run.confirmMs),
    'ms',
    500,
  );
  note('watched_p50_ms', of(watched, 50, both), 'ms');
  note('watched_p99_ms', of(watched, 99, both), 'ms', 500);
  note('watched_p50_to_unwatched', of(watched, 50, both) / of(alone, 50, both), 'ratio', 1.1);
  note('watched_p99_to_unwatched', of(watched, 99, both) / of(alone, 99, both), 'ratio', 1.1);
  // The screens' own process needs the same processor, which the percentiles feel: this is what the tool does more.
  note('watched_cpu_to_unwatched', worked.watched / worked.alone, 'ratio', 1.1);
  note('watchers_that_missed_something', blind, 'count', 0);
  note('listen_connections', listening, 'count', 1);
}

function beginAll(all: readonly Hall[]): Promise<OpenMeeting[]> {
  return Promise.all(all.map((hall) => hall.begin()));
}

/** How many members have all that a check-in writes: evidence, record, presence and the log's row. */
async function countRecorded(tool: BenchTool, meetings: readonly OpenMeeting[]): Promise<number> {
  let found = 0;
  for (const { meetingId, windowId } of meetings) {
    const { rows } = await tool.db.execute<{ count: number }>(sql`
      select count(distinct r.membership_id)::int as count
      from attendance_records r
      join record_spans s on s.record_id = r.id
      join check_ins c on c.membership_id = r.membership_id and c.window_id = ${windowId}
        and c.outcome = 'checked-in'
      join audit_events a on a.course_id = c.course_id and a.action = 'record.checked-in'
        and a.after ->> 'checkInId' = c.id::text
      where r.meeting_id = ${meetingId}`);
    found += rows[0]?.count ?? 0;
  }
  return found;
}

async function requireRecorded(tool: BenchTool, meetings: readonly OpenMeeting[]): Promise<void> {
  const found = await countRecorded(tool, meetings);
  const expected = meetings.length * hallSize;
  if (found !== expected) throw new Error(`${String(found)} of ${String(expected)} check-ins were recorded`);
}

async function countListening(tool: BenchTool): Promise<number> {
  const { rows } = await tool.db.execute<{ count: number }>(sql`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and query ilike 'listen %'`);
  return rows[0]?.count ?? 0;
}

/** What names one check-in among its statements' values. */
interface CheckInPlace {
  courseId: string;
  meetingId: string;
  windowId: string;
  membershipId: string;
  personId: string;
  deviceId: string;
  deviceHash: string;
  subjectId: string;
  ticketId: string;
}

/** One real check-in's statements, and what in them is that check-in's own. */
interface Template {
  statements: Statement[];
  place: CheckInPlace;
}

function placeOf(
  hall: Hall | undefined,
  { meetingId, windowId }: OpenMeeting,
  student: Student,
): CheckInPlace {
  const { membershipId, personId, deviceId, deviceKey } = student;
  return {
    ...{ courseId: hall?.courseId ?? '', meetingId, windowId, membershipId, personId, deviceId },
    deviceHash: tokenHash(deviceKey),
    subjectId: recordSubject(meetingId, membershipId),
    ticketId: newId(),
  };
}

/** Checks one student in by the use case itself, and keeps what it sends. */
async function recordCheckIn(tool: BenchTool): Promise<Template> {
  const hall = await seedHall(tool, 1);
  const meeting = await hall.begin();
  const [student] = hall.students;
  const code = meeting.phones[0]?.codes[0]?.code;
  if (student === undefined || code === undefined) throw new Error('the check-in to record did not open');
  const ctx = tool.as(undefined);
  const circumstances = {
    deviceKey: student.deviceKey,
    browserHash: tokenHash(randomToken()),
    network: '203.0.113.0/24',
  };
  const scan = await loadScan(ctx, { code, cookieTicket: undefined, ...circumstances });
  if (scan.kind !== 'confirm') throw new Error(`the scan to record was ${scan.kind}`);
  const { ticket, membershipId: expectedMembershipId } = scan;
  const statements = await recordStatements(tool.databaseUrl, async (db) => {
    const result = await confirmScan({ ...ctx, db }, { ticket, circumstances, expectedMembershipId });
    if (result.kind !== 'checked-in') throw new Error(`the check-in to record was ${result.kind}`);
  });
  const ticketId = openTicket(ctx, ticket)?.id ?? '';
  return { statements, place: { ...placeOf(hall, meeting, student), ticketId } };
}

const idPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** The same statements for another student: what names the recorded one names this one, and every new row has a new id. */
function statementsFor({ statements, place }: Template, other: CheckInPlace): Statement[] {
  const renamed = new Map<string, string>();
  for (const key of Object.keys(place) as (keyof CheckInPlace)[]) renamed.set(place[key], other[key]);
  const rename = (id: string) => {
    const known = renamed.get(id) ?? newId();
    renamed.set(id, known);
    return known;
  };
  return statements.map((statement) => ({
    ...statement,
    // Rows travel as JSON: their names stand within a text.
    values: statement.values.map((value) =>
      typeof value !== 'string'
        ? value
        : value
            .replace(idPattern, rename)
            .replaceAll(place.deviceHash, other.deviceHash)
            .replaceAll(place.ticketId, other.ticketId),
    ),
  }));
}
