import type { Ctx } from '../context.ts';
import type { MailChoice } from './load-mail-choice.ts';
import { deleteOptOuts, insertOptOut, selectOptOut } from './queries.ts';
import { openUnsubscribing } from './unsubscribe-token.ts';

/** Turns the mails of one kind off or on for the person of a mail's link, in all courses. */
export async function chooseMails(
  ctx: Pick<Ctx, 'db' | 'now' | 'secrets'>,
  { token, isOff }: { token: string; isOff: boolean },
): Promise<MailChoice | 'wrong-link'> {
  const opened = openUnsubscribing(ctx.secrets, token);
  if (opened === undefined || (await selectOptOut(ctx.db, opened)) === undefined) return 'wrong-link';
  if (isOff) await insertOptOut(ctx.db, { ...opened, createdAt: ctx.now });
  else await deleteOptOuts(ctx.db, opened);
  return { kind: opened.kind, isOff };
}
