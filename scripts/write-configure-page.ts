// Writes docs/configure.md anew: npm run docs:configure
import { writeFile } from 'node:fs/promises';
import { configurePage } from './configure-page.ts';

await writeFile('docs/configure.md', await configurePage());
