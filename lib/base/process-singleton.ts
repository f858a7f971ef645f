/**
 * One value for the whole process. Next bundles instrumentation and routes apart, so a module-level
 * variable would exist twice; the global symbol registry does not.
 */
export function processSingleton<T>(name: string, create: () => T): T {
  const holder = globalThis as unknown as Record<symbol, T | undefined>;
  const key = Symbol.for(`sk-attendance.${name}`);
  return (holder[key] ??= create());
}
