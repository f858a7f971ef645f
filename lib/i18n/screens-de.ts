import type { screensEn } from './screens-en.ts';

export const screensDe: Record<keyof typeof screensEn, string> = {};
