import { existsSync, readFileSync } from 'node:fs';

/** What a runner has written about its run; nothing, when it did not get so far. */
export function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** A runner that ends badly without a failed test (a file that does not load, a set-up that throws) has failed. */
export function judge(code, passed, failed) {
  if (code !== 0 && failed === 0) return { passed, failed: 1 };
  // No test at all proves nothing.
  return passed + failed === 0 ? { passed: 0, failed: 1 } : { passed, failed };
}
