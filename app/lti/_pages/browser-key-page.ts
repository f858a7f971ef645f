import { hiddenFields, html, lightPage } from '#lib/http/html.ts';
import type { Html } from '#lib/http/html.ts';
import { probeCookie } from '#lib/http/cookies.ts';
import { newTabMark, stopMark } from '#lib/http/page-mark.ts';
import type { PlatformStorage } from '#lib/http/platform-storage.ts';
import type { Voice } from '#lib/http/request-context.ts';
import { waiting } from './waiting.ts';

const script = '/lti/browser-key.js';

export interface KeptLogin {
  keyName: string;
  browserKey: string;
  /** The platform's authorisation address, with all that it must be told. */
  continueTo: string;
  storage: PlatformStorage;
  /** The platform's own fields: where nothing is kept, they are posted again from a new tab. */
  fields: Readonly<Record<string, string>>;
  headers: [string, string][];
}

/** Sees to it that this browser keeps its key, then goes on to the platform; else offers a way that works. */
export function keepKeyPage(login: KeptLogin, { t, language }: Voice): Response {
  return lightPage({
    language,
    title: t('app.name'),
    script,
    // An institution's own domain is not known before its first launch.
    framedBy: 'anyone',
    headers: login.headers,
    body: html`<div
      data-browser-key="keep"
      data-key-name="${login.keyName}"
      data-key-value="${login.browserKey}"
      data-continue-to="${login.continueTo}"
      data-probe-name="${probeCookie().name}"
      data-probe-attributes="${probeCookie().attributes}"
      ${storageData(login.storage)}
    >
      <div data-waiting>
        ${waiting(t('launch.opening'))}
        <noscript>
          <p><a class="button" href="${login.continueTo}">${t('launch.continue')}</a></p>
        </noscript>
      </div>
      <div data-in-new-tab hidden>
        <form class="card" method="post" action="/lti/login" target="_blank" data-testid="open-in-new-tab">
          ${newTabMark}
          <h1>${t('launch.new-tab.title')}</h1>
          <p>${t('launch.new-tab.why')}</p>
          ${hiddenFields(login.fields)}
          <p><button type="submit">${t('launch.new-tab.go')}</button></p>
        </form>
      </div>
      <div class="card" data-nothing-kept hidden>
        ${stopMark}
        <h1>${t('launch.nothing-kept.title')}</h1>
        <p>${t('launch.nothing-kept.todo')}</p>
      </div>
    </div>`,
  });
}

export interface FoundLaunch {
  keyName: string;
  storage: PlatformStorage;
  /** The platform's own answer, to be posted again together with the key. */
  fields: Readonly<Record<string, string>>;
}

/** Looks for the key in the frame, and sends the launch once more with what was found. */
export function findKeyPage(launch: FoundLaunch, { t, language }: Voice): Response {
  return lightPage({
    language,
    title: t('app.name'),
    script,
    // An institution's own domain is not known before its first launch.
    framedBy: 'anyone',
    body: html`<div data-browser-key="find" data-key-name="${launch.keyName}" ${storageData(launch.storage)}>
      ${waiting(t('launch.opening'))}
      <noscript><p>${t('launch.needs-script')}</p></noscript>
      <form method="post" action="/lti/launch">${hiddenFields({ ...launch.fields, kept_key: 'none' })}</form>
    </div>`,
  });
}

function storageData({ target, platformOrigin, pageOrigins }: PlatformStorage): Html {
  return html`${target !== undefined && html`data-storage-target="${target}"`}
  data-platform-origin="${platformOrigin}" data-page-origins="${pageOrigins.join(' ')}"`;
}
