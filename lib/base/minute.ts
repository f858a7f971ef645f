/** Apart from `time.ts`, whose calendars a browser need not load to count minutes. */
export const minuteMs = 60_000;
