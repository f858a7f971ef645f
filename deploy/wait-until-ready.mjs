// node deploy/wait-until-ready.mjs URL [SECONDS]: ends with 0 once the address answers with 200, else with 1 (90 seconds).
// For service managers and containers, which have Node but perhaps no curl.
import { setTimeout as delay } from 'node:timers/promises';

const [url, seconds = '90'] = process.argv.slice(2);
if (url === undefined) {
  process.stderr.write('Usage: node deploy/wait-until-ready.mjs URL [SECONDS]\n');
  process.exit(1);
}
const deadline = Date.now() + Number(seconds) * 1000;
let trouble = await askOnce();
while (trouble !== undefined && Date.now() < deadline) {
  await delay(250);
  trouble = await askOnce();
}
if (trouble !== undefined) {
  process.stderr.write(`${url} is not ready: ${trouble}\n`);
  process.exitCode = 1;
}

async function askOnce() {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await answer.body?.cancel();
    return answer.ok ? undefined : `status ${String(answer.status)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
