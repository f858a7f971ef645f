import { z } from 'zod';
import { seal, unseal } from '../base/seal.ts';
import type { Secrets } from '../base/seal.ts';
import type { MessageKind } from '../db/schema.ts';
import { messageKinds } from './queries.ts';

export interface Unsubscribing {
  personId: string;
  kind: MessageKind;
}

const sealed = z.object({ personId: z.uuid(), kind: z.enum(messageKinds) });

/** What stands in a mail's link: whoever holds it may turn mails of this kind off and on for this person, nothing else. */
export function sealUnsubscribing(secrets: Secrets, unsubscribing: Unsubscribing): string {
  return seal(secrets, 'unsubscribe', unsubscribing);
}

/** Undefined: not sealed by us, or with a secret that is gone. */
export function openUnsubscribing(secrets: Secrets, token: string): Unsubscribing | undefined {
  return sealed.safeParse(unseal(secrets, 'unsubscribe', token)).data;
}

export function unsubscribePath(token: string): string {
  return `/mail/unsubscribe/${token}`;
}
