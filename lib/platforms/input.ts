import { z } from 'zod';
import { webAddress } from '../base/web-address.ts';

/** A platform as an administrator registers it. The issuer is kept letter by letter: it is compared so. */
export const platformInput = z.object({
  issuer: webAddress,
  clientId: z.string().trim().min(1).max(255),
  name: z.string().trim().min(1).max(200),
  authorizeUrl: webAddress,
  tokenUrl: webAddress,
  tokenAudience: z.string().max(2_000).optional(),
  jwksUrl: webAddress,
  deploymentIds: z.array(z.string().trim().min(1).max(255)),
});

export type PlatformInput = z.output<typeof platformInput>;
