import { AppError } from '../base/errors.ts';

/** Does something with this machine's disk; what it refuses is told by its code alone, since messages hold paths. */
export async function failingByDisk<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new AppError('files-unavailable', { doing, reason: codeOf(error) ?? 'other' }, { cause: error });
  }
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
