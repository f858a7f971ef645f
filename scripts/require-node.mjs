/** Whether this Node can run the scripts; where not, it says so. The program itself brings its own Node. */
export function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= 20) return true;
  console.error(
    'Node 20 or later is needed, this is ' + process.version + '. Get a newer one from https://nodejs.org.',
  );
  process.exitCode = 1;
  return false;
}
