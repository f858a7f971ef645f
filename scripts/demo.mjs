#!/usr/bin/env node
// `npm run demo`. This file must be understood by very old versions of Node, to be able to say so.
import('./require-node.mjs').then(({ requireNode }) => {
  if (requireNode()) import('./run-demo.mjs').then(({ runDemo }) => runDemo());
});
