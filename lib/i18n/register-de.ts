import type { registerEn } from './register-en.ts';

export const registerDe: Record<keyof typeof registerEn, string> = {};
