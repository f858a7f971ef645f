import { countLaunch } from '../watching/meters.ts';
import { asAppError } from './as-app-error.ts';

/** Counts the launches that a door refuses, by the code that its answer says. */
export async function countingRefusals<Result>(launch: () => Promise<Result>): Promise<Result> {
  try {
    return await launch();
  } catch (error) {
    countLaunch(asAppError(error).code);
    throw error;
  }
}
