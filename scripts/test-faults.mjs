#!/usr/bin/env node
// `npm run test:faults`. This file must be understood by very old versions of Node, to be able to say so.
import('./require-node.mjs').then(({ requireNode }) => {
  if (requireNode()) import('./run-fault-tests.mjs').then(({ testFaults }) => testFaults());
});
