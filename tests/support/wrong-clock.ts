// Preloaded into a program (node --import): its clock is wrong by CLOCK_OFFSET_MS, until its parent sets it.
let offsetMs = Number(process.env.CLOCK_OFFSET_MS);
const right = Date;
const now = () => right.now() + offsetMs;

process.on('message', (message) => {
  if (typeof message !== 'object' || message === null || !('clockOffsetMs' in message)) return;
  offsetMs = Number(message.clockOffsetMs);
});

globalThis.Date = new Proxy(right, {
  construct: (target, given: unknown[], newTarget) =>
    Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as Date,
  apply: () => new right(now()).toString(),
  get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
});
