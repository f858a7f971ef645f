import { parseArgs } from 'node:util';
import { benchCheckIn } from './check-in.ts';
import { lineOf } from './figures.ts';
import type { Note } from './figures.ts';
import { benchMarks } from './marks.ts';
import { benchRegister } from './register.ts';
import { benchRoster } from './roster.ts';
import { benchScale } from './scale.ts';
import { benchSizing } from './sizing.ts';

/** Each measures against something in the same run, prints what it found, and stops by itself. */
const benches: Readonly<Record<string, (note: Note, options: { fraction: number }) => Promise<void>>> = {
  register: benchRegister,
  marks: benchMarks,
  roster: benchRoster,
  'check-in': benchCheckIn,
  sizing: benchSizing,
  scale: benchScale,
};
/** Not among all: a school of full size takes ten minutes and 15 GB. */
const onRequest = new Set(['scale']);
const names = Object.keys(benches).join(', ');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    fraction: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const unknown = positionals.find((name) => benches[name] === undefined);
if (values.help || unknown !== undefined) {
  if (unknown !== undefined) process.stderr.write(`There is no bench "${unknown}".\n\n`);
  process.stdout
    .write(`npm run bench [-- NAME … --json]\n\nNames: ${names}; without one, all but ${[...onRequest].join(', ')}.
--fraction 0.1: of the school that scale measures.\n`);
  process.exitCode = unknown === undefined ? 0 : 2;
} else {
  const chosen =
    positionals.length === 0 ? Object.keys(benches).filter((name) => !onRequest.has(name)) : positionals;
  const options = { fraction: Number(values.fraction) };
  for (const bench of chosen) {
    await benches[bench]?.((figure, value, unit, aim) => {
      process.stdout.write(`${lineOf({ bench, figure, value, unit, aim }, values.json)}\n`);
    }, options);
  }
}
