import { migrateDatabase } from '../db/migrate.ts';
import { auditCommands } from './audit-commands.ts';
import { backupCommands } from './backup-commands.ts';
import type { Command } from './command.ts';
import { deploymentCommands } from './deployment-commands.ts';
import { doctorCommand } from './doctor-command.ts';
import { importCommands } from './import-commands.ts';
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
  doctorCommand,
  ...backupCommands,
  ...importCommands,
  {
    words: 'db migrate',
    purpose: 'Bring the schema of the database up to date.',
    options: {},
    needsSchema: false,
    async run({ address, settings }) {
      const warnings = await migrateDatabase(address, {
        isNamedDirect: settings.DATABASE_DIRECT_URL !== undefined,
      });
      return {
        text: ['The schema is up to date.', ...warnings].join('\n'),
        data: { migrated: true, warnings },
      };
    },
  },
];
