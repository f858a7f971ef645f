import { env } from '../base/env.ts';
import { addMs, minuteMs } from '../base/time.ts';
import type { Ctx } from '../context.ts';
import { pickLanguage } from '../i18n/languages.ts';
import { translatorFor } from '../i18n/translator.ts';
import { directLaunchUrl } from '../launches/direct-launch-url.ts';
import { loadLetter } from './load-letter.ts';
import type { Mailer } from './mailer.ts';
import { dropDue, noteSending, selectDelivering, settleMessage, takeDueMessage } from './queries.ts';
import type { Delivering, Message, Outcome } from './queries.ts';
import { decideRecipient, takenForMs, waitAfter } from './rules.ts';
import type { DropReason } from './rules.ts';
import { sealUnsubscribing, unsubscribePath } from './unsubscribe-token.ts';
import { writeMail } from './write-mail.ts';

/** What is due beyond this is left to the next run. */
const runMs = 5 * minuteMs;

/** Mails that are on their way at a time. */
const lanes = 2;

export interface SendingMeans {
  /** Undefined: no mail server is set up. */
  mailer: Mailer | undefined;
  now: () => Date;
  /** The process ends: what has been begun is ended, nothing more is begun. */
  isStopping: () => boolean;
}

export interface Sent {
  sent: number;
  dropped: number;
  /** Left for another attempt. */
  later: number;
}

/**
 * Sends the mails that are due, each at most once: that it is being sent is noted before anything goes out, and where
 * nobody knows how that ended it is not sent again. What certainly did not go out is tried again, after growing waits.
 * Where the mail server is away, the run ends, so that few mails have waited for it.
 */
export async function sendMessages(ctx: Ctx, means: SendingMeans): Promise<Sent> {
  const { mailer, now, isStopping } = means;
  const done: Sent = { sent: 0, dropped: 0, later: 0 };
  if (mailer === undefined) return { ...done, dropped: await dropDue(ctx.db, now(), 'no-server') };
  const endAt = addMs(now(), runMs);
  let isAway = false;
  const send = async () => {
    while (!isAway && !isStopping() && now() < endAt) {
      const at = now();
      const message = await takeDueMessage(ctx.db, at, addMs(at, takenForMs));
      if (message === undefined) return;
      const attempt = await attemptMessage({ ...ctx, now: at }, message, mailer);
      if (attempt === undefined) continue;
      await settleMessage(ctx.db, message.id, attempt.outcome);
      done[attempt.outcome.kind] += 1;
      isAway ||= attempt.isAway;
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: lanes }, send));
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason;
  return done;
}

/** Undefined: another process has it. */
async function attemptMessage(
  ctx: Ctx,
  message: Message,
  mailer: Mailer,
): Promise<{ outcome: Outcome; isAway: boolean } | undefined> {
  const dropped = (reason: DropReason, isAway = false) => ({
    outcome: { kind: 'dropped' as const, reason, at: ctx.now },
    isAway,
  });
  // Whose words could not be made so often: something is wrong with it that waiting does not mend.
  if (waitAfter(message.attempts - 1) === undefined) return dropped('given-up');
  const written = await writeMessage(ctx, message);
  if (written.kind === 'drop') return dropped(written.reason);
  if (!(await noteSending(ctx.db, message, ctx.now))) return undefined;
  const delivery = await mailer.send(written.mail);
  const isAway = delivery === 'away';
  if (delivery === 'sent') return { outcome: { kind: 'sent', at: ctx.now }, isAway };
  if (delivery === 'refused' || delivery === 'unclear') return dropped(delivery);
  const waitMs = waitAfter(message.attempts);
  if (waitMs === undefined) return dropped('given-up', isAway);
  return { outcome: { kind: 'later', dueAt: addMs(ctx.now, waitMs) }, isAway };
}

/** The mail as it is to be sent now, or why it is not. */
async function writeMessage(ctx: Ctx, message: Message) {
  const delivering = await selectDelivering(ctx.db, message, ctx.now);
  if (delivering === undefined) return { kind: 'drop', reason: 'no-place' } as const;
  const decided = decideRecipient(message.kind, delivering.recipient, delivering.course.policy);
  if (decided.kind === 'drop') return decided;
  const letter = await loadLetter(ctx, message, delivering);
  if (letter === undefined) return { kind: 'drop', reason: 'outdated' } as const;
  const { PUBLIC_URL, DEFAULT_LANGUAGE } = env();
  const t = translatorFor(pickLanguage(delivering.locale) ?? DEFAULT_LANGUAGE);
  const { personId, givenName } = delivering;
  const token = sealUnsubscribing(ctx.secrets, { personId, kind: message.kind });
  const unsubscribeUrl = PUBLIC_URL + unsubscribePath(token);
  const addressing = {
    ...{ givenName, unsubscribeUrl },
    courseTitle: delivering.course.title,
    courseUrl: courseUrlOf(delivering, PUBLIC_URL),
  };
  return {
    kind: 'written',
    mail: {
      ...writeMail(letter, addressing, t),
      ...{ to: decided.email, unsubscribeUrl },
      messageId: `<${message.id}@${new URL(PUBLIC_URL).hostname}>`,
    },
  } as const;
}

/** The course within its platform, where that is known: it signs in. Else our own page of it. */
function courseUrlOf({ platform, course }: Delivering, publicUrl: string): string {
  const target = `${publicUrl}/courses/${course.id}`;
  return directLaunchUrl({ ...platform, target }) ?? target;
}
