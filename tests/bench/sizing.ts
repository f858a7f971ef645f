import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { registerPlatform } from '#lib/platforms/register-platform.ts';
import { freePort } from '../support/free-port.ts';
import { clientId, createLaunchSigner, deploymentId, issuer } from '../support/launch-signer.ts';
import { json, startRecordingServer } from '../support/test-platform.ts';
import type { CrowdAnswer, CrowdOrder } from './crowd.ts';
import type { Note } from './figures.ts';
import { flood } from './flood.ts';
import type { FloodRequest } from './flood.ts';
import { seedHall } from './hall.ts';
import { startHelper } from './ordered-process.ts';
import { memoryMb, processorMs, serverPid, serverProcessorMs } from './processor-time.ts';
import { seedHeldCourse, seedOtherCourses } from './school.ts';
import { startBenchTool } from './tool.ts';
import type { BenchTool } from './tool.ts';

const connections = 4;
const hallSize = 300;
const pages = 100;
const launches = 150;
/** The first warms caches and compilers, and is not counted. */
const turns = 3;

/**
 * What things cost: the processor time of the tool and of PostgreSQL for one of each, which says how many a core can do
 * in a second, whatever else keeps the machine busy. Then check-ins through two processes of the tool, to see that
 * they cost the same there. Linux only: it alone tells how long processes have worked.
 */
export async function benchSizing(note: Note): Promise<void> {
  const platform = await startRecordingServer(await freePort());
  const signer = await createLaunchSigner();
  platform.on('/jwks', json({ keys: [signer.publicJwk] }));
  const tool = await startBenchTool({
    durable: true,
    moreToolEnv: { ALLOW_PRIVATE_HOSTS: new URL(platform.url).host },
  });
  const crowd = startHelper<CrowdOrder, CrowdAnswer>('crowd.ts');
  let second: Awaited<ReturnType<typeof startSecondProcess>> | undefined;
  try {
    await registerPlatform(tool.as(undefined), {
      ...{ issuer, clientId, name: 'Canvas', deploymentIds: [deploymentId] },
      authorizeUrl: `${platform.url}/authorize`,
      tokenUrl: `${platform.url}/token`,
      jwksUrl: `${platform.url}/jwks`,
    });
    const course = await seedHeldCourse(tool.db, { students: 100, meetings: 50, now: new Date() });
    const hall = await seedHall(tool, hallSize);
    await seedOtherCourses(tool.db, 200);
    const postgres = await serverPid(tool.db);
    const idle = await memoryMb(tool.pid);

    const measure = async (name: string, count: number, act: () => Promise<unknown>, pids = [tool.pid]) => {
      const now = async () => ({
        at: performance.now(),
        tool: (await Promise.all(pids.map((pid) => processorMs(pid)))).reduce((sum, ms) => sum + ms, 0),
        database: await serverProcessorMs(postgres),
      });
      const before = await now();
      await act();
      const after = await now();
      const cost = {
        tool: (after.tool - before.tool) / count,
        database: (after.database - before.database) / count,
      };
      return { name, cost, perSecond: (count * 1000) / (after.at - before.at) };
    };
    const visit = async (path: string, headers: Record<string, string>) => {
      const { answers } = await flood(tool.url, { count: pages, connections }, () => ({
        method: 'GET',
        path,
        headers,
      }));
      requireStatus(answers, 200);
    };
    const teacher = await tool.headersOf(course.teacher);
    const student = await tool.headersOf(course.members[0] ?? course.teacher);
    const home = `/courses/${course.courseId}`;
    const checkIns = async (url: string, phones: Parameters<typeof order>[2]) => {
      const scan = await measure('scan', hallSize, () =>
        order(crowd, { kind: 'scan', url, connections }, phones),
      );
      const confirm = await measure('check-in', hallSize, () =>
        order(crowd, { kind: 'confirm', url, connections }),
      );
      return [scan, confirm];
    };

    const found: Awaited<ReturnType<typeof measure>>[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      const { phones } = await hall.begin();
      const prepared = await prepareLaunches(tool, signer, turn);
      const measured = [
        await measure('empty handler', pages, () => visit('/health', {})),
        ...(await checkIns(tool.url, phones)),
        await measure('register of 100', pages, () => visit(`${home}/meetings/${course.meetingId}`, teacher)),
        await measure('list of meetings', pages, () => visit(home, teacher)),
        await measure("a student's own attendance", pages, () => visit(home, student)),
        await measure('launch', launches, async () => {
          const { answers } = await flood(
            tool.url,
            { count: launches, connections },
            (index) => prepared[index] ?? missing(),
          );
          requireStatus(answers, 303);
        }),
      ];
      if (turn > 0) found.push(...measured);
    }
    for (const [name, all] of Map.groupBy(found, (one) => one.name)) {
      const mean = (of: (one: (typeof found)[number]) => number) =>
        all.reduce((sum, one) => sum + of(one), 0) / all.length;
      const cost = { tool: mean((one) => one.cost.tool), database: mean((one) => one.cost.database) };
      note(`${name}: processor time of the tool`, cost.tool, 'ms');
      note(`${name}: processor time of PostgreSQL`, cost.database, 'ms');
      note(`${name}: one process alone, on a core of its own`, 1000 / cost.tool, '/s');
      note(
        `${name}: in this run, all on one machine`,
        mean((one) => one.perSecond),
        '/s',
      );
    }
    note('memory of a process before', idle, 'MB');
    note('memory of a process after', await memoryMb(tool.pid), 'MB');
    note('connections of a process', await countConnections(tool), 'count');

    second = await startSecondProcess(tool);
    await warm(second.url);
    const pids = [tool.pid, second.pid];
    const other = startHelper<CrowdOrder, CrowdAnswer>('crowd.ts');
    try {
      for (let turn = 0; turn < turns; turn += 1) {
        const { phones } = await hall.begin();
        const half = hallSize / 2;
        await order(crowd, { kind: 'scan', url: tool.url, connections }, phones.slice(0, half));
        await order(
          other,
          { kind: 'scan', url: second.url, origin: tool.url, connections },
          phones.slice(half),
        );
        const { url } = second;
        const both = await measure(
          'two processes',
          hallSize,
          () =>
            Promise.all([
              order(crowd, { kind: 'confirm', url: tool.url, connections }),
              order(other, { kind: 'confirm', url, connections }),
            ]),
          pids,
        );
        if (turn < turns - 1) continue;
        note('check-in through two processes: processor time of the tool', both.cost.tool, 'ms');
        note('check-in through two processes: processor time of PostgreSQL', both.cost.database, 'ms');
        note('check-in through two processes: in this run', both.perSecond, '/s');
      }
    } finally {
      await other.stop();
    }
    note('connections of two processes', await countConnections(tool), 'count');
  } finally {
    await crowd.stop();
    await second?.stop();
    await tool.stop();
    await platform.close();
  }
}

const missing = (): never => {
  throw new Error('nothing was prepared for it');
};

/** What a crowd does, and that all of it went well. */
async function order(
  crowd: { ask(given: CrowdOrder): Promise<CrowdAnswer> },
  given: { kind: 'scan' | 'confirm'; url: string; origin?: string; connections: number },
  phones: Extract<CrowdOrder, { kind: 'scan' }>['phones'] = [],
): Promise<void> {
  const { kind, url, connections: lines, ...from } = given;
  const { errors } = await crowd.ask(
    kind === 'scan' ? { kind, url, ...from, phones, connections: lines } : { kind, url, connections: lines },
  );
  if (errors.length > 0)
    throw new Error(`${kind}: ${String(errors.length)} went wrong, first ${String(errors[0])}`);
}

function requireStatus(answers: readonly { status: number }[], expected: number): void {
  const other = answers.find(({ status }) => status !== expected);
  if (other !== undefined) throw new Error(`answered ${String(other.status)} instead of ${String(expected)}`);
}

/** Signed launches of as many students, each with the browser that began it: what is measured is their arrival. */
async function prepareLaunches(
  tool: BenchTool,
  signer: Awaited<ReturnType<typeof createLaunchSigner>>,
  turn: number,
): Promise<FloodRequest[]> {
  const target = `${tool.url}/lti/launch`;
  const query = new URLSearchParams({
    ...{ iss: issuer, client_id: clientId, login_hint: 'h', target_link_uri: target },
  }).toString();
  const { answers } = await flood(tool.url, { count: launches, connections }, () => ({
    method: 'GET',
    path: `/lti/login?${query}`,
    headers: { 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' },
  }));
  return Promise.all(
    answers.map(async ({ headers }, index) => {
      const asked = new URL(headers.location ?? '').searchParams;
      const idToken = await signer.sign({
        sub: `student ${String(index)} of ${String(turn % 2)}`,
        nonce: asked.get('nonce') ?? '',
        now: new Date(),
        target,
      });
      const body = new URLSearchParams({ id_token: idToken, state: asked.get('state') ?? '' }).toString();
      return {
        method: 'POST' as const,
        path: '/lti/launch',
        headers: {
          origin: new URL(headers.location ?? '').origin,
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': String(Buffer.byteLength(body)),
          cookie: (headers['set-cookie'] ?? []).map((cookie) => cookie.split(';', 1)[0] ?? '').join('; '),
        },
        body,
      };
    }),
  );
}

async function countConnections(tool: BenchTool): Promise<number> {
  const { rows } = await tool.db.execute<{ count: number }>(sql`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid()`);
  return rows[0]?.count ?? 0;
}

/** Another process of the tool on the same database, as behind a balancer. */
async function startSecondProcess(
  tool: BenchTool,
): Promise<{ url: string; pid: number; stop(): Promise<void> }> {
  const port = String(await freePort());
  const child = spawn(process.execPath, ['scripts/start.ts', '--host', '127.0.0.1'], {
    env: { ...tool.toolEnv, PORT: port },
    stdio: 'ignore',
  });
  return {
    url: `http://localhost:${port}`,
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

async function warm(url: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const isUp = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    if (Date.now() > deadline) throw new Error('the second process did not answer within a minute');
    await delay(100);
  }
}
