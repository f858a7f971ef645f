import { Hono } from 'hono';
import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Inbox, ReceivedMail } from './inbox.ts';
import type { Html } from './layout.ts';
import { renderPage, renderProblem } from './layout.ts';
import type { Platform } from './platform.ts';
import type { PageEnv } from './viewer.ts';

const pathOf = ({ number }: ReceivedMail): string => `/inbox/${String(number)}`;

function findMail(inbox: Inbox, c: Context): ReceivedMail | undefined {
  return inbox.find(Number(c.req.param('number')));
}

/** Everybody's mails: what the tool sends arrives here and goes nowhere else. */
export function inboxRoutes({ inbox }: Platform): Hono<PageEnv> {
  const routes = new Hono<PageEnv>();

  routes.get('/inbox', async (c) => {
    const { inboxTitle, ...t } = c.get('t');
    const mails = inbox.all();
    const lang = c.get('lang');
    return c.html(
      await renderPage(c, {
        title: inboxTitle,
        nav: 'inbox',
        content: html`<h1>${inboxTitle}</h1>
          <p class="lead">${inbox.url === undefined ? t.inboxClosed : t.inboxLead(inbox.url)}</p>
          ${
            mails.length === 0
              ? html`<p>${t.inboxEmpty}</p>`
              : html`<ul class="mails">
                  ${mails.map(
                    (one) =>
                      html`<li>
                        <a href="${pathOf(one)}">${subjectOf(one)}</a>
                        <span class="quiet">${one.recipient} · ${timeOf(one, lang)}</span>
                      </li>`,
                  )}
                </ul>`
          }
          <section class="honest-note">
            <h2>${t.inboxHowTitle}</h2>
            ${t.inboxHow.map(([kind, how]) => html`<p><strong>${kind}</strong> ${how}</p>`)}
          </section>`,
      }),
    );
  });

  routes.get('/inbox/:number{[0-9]+}', async (c) => {
    const t = c.get('t');
    const found = findMail(inbox, c);
    if (found === undefined) return c.html(await renderProblem(c, t.notFoundTitle, t.inboxGone), 404);
    const { mail, recipient } = found;
    const facts = [
      [t.inboxFrom, `${mail.from?.name ?? ''} <${mail.from?.address ?? ''}>`],
      [t.inboxTo, recipient],
      [t.inboxTime, timeOf(found, c.get('lang'))],
      ['List-Unsubscribe', mail.headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? '–'],
    ] as const;
    return c.html(
      await renderPage(c, {
        title: subjectOf(found),
        nav: 'inbox',
        content: html`<p><a href="/inbox">${t.inboxBack}</a></p>
          <h1>${subjectOf(found)}</h1>
          <dl class="facts">
            ${facts.map(
              ([name, value]) =>
                html`<div>
                  <dt>${name}</dt>
                  <dd>${value}</dd>
                </div>`,
            )}
          </dl>
          <h2>${t.inboxText}</h2>
          <div class="mail-text">${linked(mail.text ?? '')}</div>
          ${
            mail.html === undefined
              ? ''
              : html`<h2>${t.inboxHtml}</h2>
                  <iframe
                    class="mail-frame"
                    title="${t.inboxHtml}"
                    sandbox
                    src="${pathOf(found)}/html"
                  ></iframe>`
          }`,
      }),
    );
  });
  return routes;
}

/** A mail's HTML, for a frame in which it can do nothing. */
export function mailBodyRoutes({ inbox }: Platform): Hono {
  const routes = new Hono();
  routes.get('/inbox/:number{[0-9]+}/html', (c) => {
    const body = findMail(inbox, c)?.mail.html;
    if (body === undefined) return c.notFound();
    c.header(
      'Content-Security-Policy',
      "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
    );
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Cache-Control', 'no-store');
    return c.html(body);
  });
  return routes;
}

function subjectOf({ mail }: ReceivedMail): string {
  return mail.subject === undefined || mail.subject === '' ? '–' : mail.subject;
}

function timeOf({ receivedAt }: ReceivedMail, lang: string): string {
  return receivedAt.toLocaleString(lang === 'de' ? 'de-DE' : 'en-GB', {
    dateStyle: 'short',
    timeStyle: 'medium',
  });
}

/** Plain text with its addresses as links, each in a tab of its own. */
function linked(text: string): Html[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, index) =>
      index % 2 === 1 ? html`<a href="${part}" target="_blank" rel="noopener">${part}</a>` : html`${part}`,
    );
}
