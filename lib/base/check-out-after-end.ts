import { minuteMs } from './minute.ts';

/** Whoever leaves late, or whose check-out was forgotten, is let out for so long after the meeting's end. */
export const checkOutAfterEndMs = 60 * minuteMs;
