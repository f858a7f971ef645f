import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

// The machine's own Node, perhaps 20, runs these before the project's own is installed. It cannot read TypeScript.
it.each(globSync('scripts/*.mjs'))('%s loads no TypeScript', (path) => {
  expect(readFileSync(path, 'utf8')).not.toMatch(
    /^(import|export) .*from '[^']+\.ts'|^\s*[^'"`]*\bimport\('[^']+\.ts'\)/m,
  );
});
