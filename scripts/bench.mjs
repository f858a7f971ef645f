#!/usr/bin/env node
// `npm run bench`. This file must be understood by very old versions of Node, to be able to say so.
import('./require-node.mjs').then(({ requireNode }) => {
  if (requireNode()) import('./run-bench.mjs').then(({ runBench }) => runBench());
});
