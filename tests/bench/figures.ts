/** One measured figure. Ratios are measured within one run, because absolute times tell of the machine. */
export interface Figure {
  bench: string;
  figure: string;
  value: number;
  unit: 'ratio' | 'ms' | 'kB' | 'MB' | 'statements' | 'count';
  /** What the figure should not exceed. */
  atMost?: number;
}

export type Note = (figure: string, value: number, unit: Figure['unit'], atMost?: number) => void;

/** One figure a line: for a person as a table, for a program as JSON. */
export function lineOf({ bench, figure, value, unit, atMost }: Figure, asJson: boolean): string {
  const rounded = Math.round(value * 100) / 100;
  if (asJson) return JSON.stringify({ bench, figure, value: rounded, unit });
  const aim = atMost === undefined ? '' : `  at most ${String(atMost)}${value <= atMost ? '' : '  EXCEEDED'}`;
  return `${bench.padEnd(10)}${figure.padEnd(44)}${String(rounded).padStart(10)} ${unit}${aim}`;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** How long something takes, in milliseconds. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await act();
  return performance.now() - before;
}

/**
 * Measures several things in turns, so that a busy moment of the machine meets all of them.
 *
 * @returns the median of each, in milliseconds
 */
export async function inTurns<Name extends string>(
  rounds: number,
  acts: Record<Name, (round: number) => Promise<unknown>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(acts) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  // The first rounds warm caches and compilers, and are not counted.
  const warmUp = Math.ceil(rounds / 4);
  for (let round = 0; round < rounds + warmUp; round += 1) {
    for (const name of names) {
      const ms = await timed(() => acts[name](round));
      if (round >= warmUp) times.get(name)?.push(ms);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<
    Name,
    number
  >;
}
