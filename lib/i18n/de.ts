import type { Messages } from './translator.ts';
import { phoneDe } from './phone-de.ts';
import { problemsDe } from './problems-de.ts';
import { screensDe } from './screens-de.ts';

export const de: Messages = { ...problemsDe, ...phoneDe, ...screensDe };
