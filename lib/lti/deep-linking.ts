import { z } from 'zod';
import { randomToken } from '../base/ids.ts';
import { webAddress } from '../base/web-address.ts';
import { claimNames } from './claim-names.ts';
import { signClaims } from './tool-key.ts';
import type { ToolSigner } from './tool-key.ts';

const deepLinking = 'https://purl.imsglobal.org/spec/lti-dl/claim';

/** How long a platform may take to read our answer, in seconds. */
const answerLifeSeconds = 300;

export const deepLinkingSettings = z.object({
  deep_link_return_url: webAddress,
  accept_types: z.array(z.string()).max(100),
  /** Given back as it came (LTI Deep Linking 2.0 § 4.4.1). */
  data: z.string().max(16_000).nullish(),
});

/** What a platform wants back from a deep linking request (LTI Deep Linking 2.0 § 4.4). */
export interface DeepLinkingSettings {
  returnUrl: string;
  acceptTypes: string[];
  data?: string;
}

/** A link to a page of ours, as the platform will show and launch it (LTI Deep Linking 2.0 § 3.3). */
export interface PlacedLink {
  title: string;
  text?: string;
  /** Becomes the signed `target_link_uri` of its launches. */
  url: string;
}

export interface DeepLinkingAnswer {
  issuer: string;
  clientId: string;
  deploymentId: string;
  data: string | undefined;
  links: readonly PlacedLink[];
}

/**
 * The signed message that places the links (LTI Deep Linking 2.0 § 4.5): the tool is its issuer by its client
 * id, the platform its audience. No links: the person has thought better of it.
 */
export function signDeepLinkingAnswer(
  answer: DeepLinkingAnswer,
  using: { signer: ToolSigner; now: Date },
): Promise<string> {
  // Set back a little: some platforms refuse what their own clock has not reached.
  const issuedAt = Math.floor(using.now.getTime() / 1000) - 5;
  return signClaims(using.signer, {
    iss: answer.clientId,
    aud: answer.issuer,
    iat: issuedAt,
    exp: issuedAt + answerLifeSeconds,
    nonce: randomToken(16),
    [claimNames.messageType]: 'LtiDeepLinkingResponse',
    [claimNames.version]: '1.3.0',
    [claimNames.deploymentId]: answer.deploymentId,
    [`${deepLinking}/content_items`]: answer.links.map((link) => ({ type: 'ltiResourceLink', ...link })),
    ...(answer.data !== undefined && { [`${deepLinking}/data`]: answer.data }),
  });
}
