/** One measured figure. Ratios are measured within one run, because absolute times tell of the machine. */
export interface Figure {
  bench: string;
  figure: string;
  value: number;
  unit: 'ratio' | 'ms' | 'kB' | 'MB' | 'statements' | 'rows' | 'pages' | 'count' | '/s';
  /** What the figure should reach. */
  aim?: Aim | undefined;
}

/** A bare number is what should not be exceeded. */
export type Aim = number | { atLeast: number };

export type Note = (figure: string, value: number, unit: Figure['unit'], aim?: Aim) => void;

/** One figure a line: for a person as a table, for a program as JSON. */
export function lineOf({ bench, figure, value, unit, aim }: Figure, asJson: boolean): string {
  const rounded = Math.round(value * 100) / 100;
  if (asJson) return JSON.stringify({ bench, figure, value: rounded, unit });
  return `${bench.padEnd(10)}${figure.padEnd(44)}${String(rounded).padStart(10)} ${unit}${judge(value, aim)}`;
}

function judge(value: number, aim: Aim | undefined): string {
  if (aim === undefined) return '';
  if (typeof aim === 'number') return `  at most ${String(aim)}${value <= aim ? '' : '  EXCEEDED'}`;
  return `  at least ${String(aim.atLeast)}${value >= aim.atLeast ? '' : '  MISSED'}`;
}

/** The smallest value that so many hundredths of all do not exceed. */
export function percentile(values: readonly number[], hundredths: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * hundredths) / 100) - 1] ?? Number.NaN;
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
