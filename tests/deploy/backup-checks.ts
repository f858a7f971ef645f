import assert from 'node:assert/strict';
import pg from 'pg';
import type { Check } from './checks.ts';
import { runCommand } from './run-command.ts';
import type { Stand } from './stand.ts';

/** What people have entered. Jobs and sign-ins come and go by themselves. */
const compared = [
  'people',
  'courses',
  'memberships',
  'meetings',
  'attendance_records',
  'check_ins',
  'excuses',
  'excuse_files',
  'audit_events',
];

/** Last night's backup, brought back on another database and another part of the store. */
export function backupCheck(stand: Stand): Check {
  return {
    name: 'backup and restore',
    work: async () => {
      const cli = (args: readonly string[], more: Readonly<Record<string, string>> = {}) =>
        runCommand(stand.node, ['lib/cli/main.ts', ...args], {
          cwd: stand.clone,
          env: { ...stand.env, ...more, PATH: `${stand.postgres.bin}:${stand.env.PATH ?? ''}` },
        });
      await cli(['backup']);
      const elsewhere = await stand.postgres.createDatabase('restored');
      await cli(['restore', 'latest', '--to-database', elsewhere], { S3_PREFIX: 'restored/' });
      const [before, after] = [
        await countRows(stand.settings.DATABASE_URL ?? ''),
        await countRows(elsewhere),
      ];
      assert.deepEqual(after, before);
      assert.ok(
        (before.attendance_records ?? 0) > 0 && (before.check_ins ?? 0) > 0,
        'there was nothing to lose',
      );
      const told = ['people', 'attendance_records', 'check_ins', 'excuses', 'excuse_files', 'audit_events'];
      return told.map((name) => `${String(after[name])} ${name.replace('_', ' ')}`).join(', ');
    },
  };
}

async function countRows(url: string): Promise<Record<string, number>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const counts: Record<string, number> = {};
    for (const table of compared) {
      const { rows } = await client.query<{ count: number }>(
        `select count(*)::int as count from ${pg.escapeIdentifier(table)}`,
      );
      counts[table] = rows[0]?.count ?? 0;
    }
    return counts;
  } finally {
    await client.end();
  }
}
