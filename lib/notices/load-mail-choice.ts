import type { Ctx } from '../context.ts';
import type { MessageKind } from '../db/schema.ts';
import { selectOptOut } from './queries.ts';
import { openUnsubscribing } from './unsubscribe-token.ts';

export interface MailChoice {
  kind: MessageKind;
  isOff: boolean;
}

/**
 * What the holder of a mail's link may turn off or on, and how it stands. Nobody is signed in: the link alone decides,
 * and tells nothing of its person.
 */
export async function loadMailChoice(
  ctx: Pick<Ctx, 'db' | 'secrets'>,
  token: string,
): Promise<MailChoice | 'wrong-link'> {
  const opened = openUnsubscribing(ctx.secrets, token);
  const found = opened && (await selectOptOut(ctx.db, opened));
  return opened === undefined || found === undefined ? 'wrong-link' : { kind: opened.kind, ...found };
}
