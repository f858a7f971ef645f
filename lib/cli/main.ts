import { existsSync } from 'node:fs';
import { openCommandLine } from './open-command-line.ts';
import { runCommand } from './run-command.ts';

// As the server is started: an operator's commands mean the same installation, and judge its settings alike.
const { NODE_ENV = 'production' } = process.env as Partial<NodeJS.ProcessEnv>;
Object.assign(process.env, { NODE_ENV });
for (const file of ['.env.local', '.env']) if (existsSync(file)) process.loadEnvFile(file);
const { code, out = '', said = '' } = await runCommand(process.argv.slice(2), openCommandLine);
process.stdout.write(out);
process.stderr.write(said);
process.exitCode = code;
