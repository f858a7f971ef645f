import { z } from 'zod';

/**
 * An http(s) address that others supply. Its host has nothing but letters, digits, dots, hyphens and a port:
 * hosts go into security policies, where a semicolon would begin another rule.
 */
export const webAddress = z
  .url({ protocol: /^https?$/ })
  .max(4_000)
  .refine(
    (text) => /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d+)?$/.test(URL.parse(text)?.host ?? ''),
    'has an odd host',
  );
