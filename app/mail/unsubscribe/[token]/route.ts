import { answering } from '#lib/http/answering.ts';
import { hiddenFields, html, lightPage } from '#lib/http/html.ts';
import { stopMark, tickMark } from '#lib/http/page-mark.ts';
import { readForm } from '#lib/http/read-body.ts';
import type { Voice } from '#lib/http/request-context.ts';
import { chooseMails } from '#lib/notices/choose-mails.ts';
import { loadMailChoice } from '#lib/notices/load-mail-choice.ts';
import type { MailChoice } from '#lib/notices/load-mail-choice.ts';

interface Route {
  params: Promise<{ token: string }>;
}

/** What a mail's link opens: it asks, because programs open links too; nobody has to sign in. */
export const GET = answering<Route>(async (_request, voice, { params }) => {
  const choice = await loadMailChoice(voice.ctx, (await params).token);
  if (choice === 'wrong-link') return wrongLinkPage(voice);
  return choice.isOff ? offPage(choice, voice) : askPage(choice, voice);
});

/**
 * The page's button, and what mail programs send by themselves (RFC 8058, `List-Unsubscribe=One-Click`): it comes from
 * no page of ours, so that the link's own seal has to do.
 */
export const POST = answering<Route>(async (request, voice, { params }) => {
  const isOff = (await readForm(request)).get('mails') !== 'on';
  const choice = await chooseMails(voice.ctx, { token: (await params).token, isOff });
  if (choice === 'wrong-link') return wrongLinkPage(voice);
  return isOff ? offPage(choice, voice) : onPage(choice, voice);
});

function askPage({ kind }: MailChoice, { t, language }: Voice): Response {
  return lightPage({
    language,
    title: t('mail.stop.title'),
    body: html`<div class="card">
      <h1>${t('mail.stop.ask')}</h1>
      <p><strong>${t(`mail.kind.${kind}`)}</strong></p>
      <p>${t('mail.stop.all-courses')}</p>
      ${choiceForm('off', t('mail.stop.go'))}
    </div>`,
  });
}

function offPage({ kind }: MailChoice, { t, language }: Voice): Response {
  return lightPage({
    language,
    title: t('mail.stop.done'),
    mood: 'good',
    body: html`<div class="card">
      ${tickMark}
      <h1>${t('mail.stop.done')}</h1>
      <p><strong>${t(`mail.kind.${kind}`)}</strong></p>
      <p>${t('mail.stop.done.text')}</p>
      ${choiceForm('on', t('mail.stop.undo'), 'second')}
    </div>`,
  });
}

function onPage({ kind }: MailChoice, { t, language }: Voice): Response {
  return lightPage({
    language,
    title: t('mail.stop.undone'),
    mood: 'good',
    body: html`<div class="card">
      ${tickMark}
      <h1>${t('mail.stop.undone')}</h1>
      <p><strong>${t(`mail.kind.${kind}`)}</strong></p>
      <p>${t('mail.stop.undone.text')}</p>
    </div>`,
  });
}

function wrongLinkPage({ t, language }: Voice): Response {
  return lightPage({
    language,
    title: t('mail.stop.wrong'),
    status: 404,
    mood: 'problem',
    body: html`<div class="card">
      ${stopMark}
      <h1>${t('mail.stop.wrong')}</h1>
      <p>${t('mail.stop.wrong.text')}</p>
    </div>`,
  });
}

/** Sent to the page's own address, in which the link's token stands. */
function choiceForm(mails: 'on' | 'off', label: string, look = '') {
  return html`<form method="post">
    ${hiddenFields({ mails })}
    <button class="${look}">${label}</button>
  </form>`;
}
