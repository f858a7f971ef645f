#!/bin/bash
# Several instances may come here at once: the first migrates, the others find it done.
set -euo pipefail
node --input-type=module -e '
  import { execFileSync } from "node:child_process";
  const settings = JSON.parse(execFileSync("/opt/elasticbeanstalk/bin/get-config", ["environment"], { encoding: "utf8" }));
  execFileSync("npm", ["run", "db:migrate"], { stdio: "inherit", env: { ...process.env, ...settings } });
'
