import { z } from 'zod';

const address = z.url({ protocol: /^https?$/ }).max(2_000);

/** A platform as an administrator registers it. The issuer is kept letter by letter: it is compared so. */
export const platformInput = z.object({
  issuer: address,
  clientId: z.string().trim().min(1).max(255),
  name: z.string().trim().min(1).max(200),
  authorizeUrl: address,
  tokenUrl: address,
  tokenAudience: z.string().max(2_000).optional(),
  jwksUrl: address,
  deploymentIds: z.array(z.string().trim().min(1).max(255)),
});

export type PlatformInput = z.output<typeof platformInput>;
