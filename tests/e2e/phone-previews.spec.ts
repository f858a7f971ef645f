import { readdirSync } from 'node:fs';
import { sql } from 'drizzle-orm';
import type { Db } from '#lib/db/client.ts';
import { expect, expectHeading, scanAndSignIn, signIn, signInLink, targetOf, test } from './lecture-hall.ts';

/** Who opens addresses without a person: messengers that draw a preview, and browsers that load ahead. */
const visitors: readonly Record<string, string>[] = [
  { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' },
  { 'user-agent': 'WhatsApp/2.23.20.0 A' },
  { purpose: 'prefetch' },
  { 'sec-purpose': 'prefetch;prerender' },
];

/** Of which rows go by themselves once their time is over; that one was used is a new row. */
const clearedByTime = ['used_nonces', 'used_tickets'];

/** What an event of the log is given when it is sealed, within a minute. */
const sealOfEvent = '{salt,commitment,seal_id,seal_position}';

/** What jobs write when its time has come, whoever looks: seals of the log, mails, what has been kept long enough. */
const writtenByTime = ['audit_keys', 'audit_seals', 'messages', 'excuse_files', 'retention_runs'];

/** All that the tool keeps, row by row, except what time alone writes. */
async function everything(db: Db): Promise<Set<string>> {
  const tables = await db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE'
        and table_name != all(${sql.param(writtenByTime)}::text[])`,
  );
  const kept = new Set<string>();
  for (const { name } of tables.rows) {
    const rows = await db.execute<{ row: string }>(
      sql`select (to_jsonb(t) - ${sealOfEvent}::text[])::text as row from ${sql.identifier(name)} t`,
    );
    for (const { row } of rows.rows) kept.add(`${name} ${row}`);
  }
  return kept;
}

test('who previews or loads ahead records nothing, and takes nothing from the person whose link it is', async ({
  hall,
  openPhoneOf,
  playwright,
  toolUrl,
}) => {
  const wall = await hall.openWall();
  const student = await openPhoneOf();
  await scanAndSignIn(student, wall.url(), 'Grace Okafor');
  await expectHeading(student, 'phone.result.checked-in.title');
  const result = new URL(student.url()).pathname;

  const phone = await openPhoneOf();
  await phone.goto(wall.url());
  const finish = await targetOf(phone);
  const addresses: Record<string, string[]> = {
    route: ['/c', `/c?code=${wall.typed()}`],
    '[code]': [new URL(wall.url()).pathname, `/c/${wall.typed()}`, '/c/zzzz0123456789abc'],
    confirm: ['/c/confirm', `/c/confirm${finish.search}`],
    finish: [finish.pathname + finish.search],
    forget: ['/c/forget', `/c/forget${finish.search}`],
    refused: ['/c/refused/closed', '/c/refused/code-too-old?age=30'],
    remember: ['/c/remember'],
    result: [result],
  };
  // A new phone page belongs into this list.
  const pages = readdirSync('app/c').filter((name) => name !== '_pages');
  expect(Object.keys(addresses).sort()).toEqual(pages.map((name) => name.replace('.ts', '')).sort());

  await expectListsKept(hall.db);
  const before = await everything(hall.db);
  for (const headers of visitors) {
    // As a robot without cookies, and as the signed-in student's own browser.
    const robot = await playwright.request.newContext({ extraHTTPHeaders: headers });
    for (const path of Object.values(addresses).flat()) {
      for (const [method, asking] of [
        ['HEAD', robot],
        ['GET', robot],
        ['GET', student.request],
      ] as const) {
        const answer = await asking.fetch(toolUrl + path, { method, headers, maxRedirects: 0 });
        expect(answer.status(), `${method} ${path}`).toBeLessThan(500);
      }
    }
    await robot.dispose();
  }
  const after = await everything(hall.db);
  expect([...after].filter((row) => !before.has(row))).toEqual([]);
  const gone = [...before].filter((row) => !after.has(row));
  expect(gone.filter((row) => !clearedByTime.some((table) => row.startsWith(`${table} `)))).toEqual([]);

  await signInLink(phone).click();
  await signIn(phone, 'Liam Fitzgerald');
  await expectHeading(phone, 'phone.result.checked-in.title');
  expect((await hall.evidence()).map(({ outcome, flags }) => ({ outcome, flags }))).toEqual([
    { outcome: 'checked-in', flags: [] },
    { outcome: 'checked-in', flags: [] },
  ]);
});

/**
 * The lists that launches before have asked for are kept, or given up. The queue's other work is no matter: the log is
 * sealed every minute, and a seal is due for half a minute before a process looks for it.
 */
async function expectListsKept(db: Db): Promise<void> {
  await expect
    .poll(async () => {
      const busy = await db.execute<{ count: string }>(
        sql`select count(*) from pgboss.job where name = 'sync-roster' and state in ('created', 'retry', 'active')`,
      );
      return Number(busy.rows[0]?.count);
    })
    .toBe(0);
}
