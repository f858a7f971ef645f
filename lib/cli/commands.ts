import { migrateDatabase } from '../db/migrate.ts';
import { auditCommands } from './audit-commands.ts';
import type { Command } from './command.ts';
import { deploymentCommands } from './deployment-commands.ts';
import { keyCommands } from './key-commands.ts';
import { mailCommands } from './mail-commands.ts';
import { platformCommands } from './platform-commands.ts';
import { privacyCommands } from './privacy-commands.ts';
import { rosterCommands } from './roster-commands.ts';

export const commands: readonly Command[] = [
  ...platformCommands,
  ...deploymentCommands,
  ...keyCommands,
  ...rosterCommands,
  ...auditCommands,
  ...privacyCommands,
  ...mailCommands,
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
