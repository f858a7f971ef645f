#!/usr/bin/env node
// `npm run test:deploy`. This file must be understood by very old versions of Node, to be able to say so.
import('./require-node.mjs').then(({ requireNode }) => {
  if (requireNode()) import('./run-deploy-tests.mjs').then(({ testDeploy }) => testDeploy());
});
