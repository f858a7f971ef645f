import { gzipSync } from 'node:zlib';
import { unstable_doesMiddlewareMatch as doesMiddlewareMatch } from 'next/experimental/testing/server';
import { describe, expect, test } from 'vitest';
import { newId, randomToken } from '#lib/base/ids.ts';
import { resolvePolicy } from '#lib/base/course-policy.ts';
import type { ConfirmedCheckIn, MeetingOfWindow } from '#lib/check-in/confirm-scan.ts';
import type { LoadedScan } from '#lib/check-in/load-scan.ts';
import { createTicket, sealTicket } from '#lib/check-in/scan-ticket.ts';
import { readCode } from '#lib/check-in-windows/rules.ts';
import type { Voice } from '#lib/http/request-context.ts';
import { problemPage } from '#lib/http/problem-page.ts';
import { finishPath } from '#lib/http/finish-scan.ts';
import { setCookie } from '#lib/http/cookies.ts';
import { languages } from '#lib/i18n/languages.ts';
import { translatorFor } from '#lib/i18n/translator.ts';
import { codePage } from '../../app/c/_pages/code-page.ts';
import { notAPhonePage } from '../../app/c/_pages/not-a-phone-page.ts';
import { refusalPage } from '../../app/c/_pages/refusal-page.ts';
import { resultPage } from '../../app/c/_pages/result-page.ts';
import { scanPage, waitingPage } from '../../app/c/_pages/scan-page.ts';
import { config } from '../../middleware.ts';
import { testSecrets } from '../support/test-context.ts';
import { useTestProcess } from '../support/test-process.ts';

// The browser's own count, of the two requests and whatever else it might load, is taken in tests/e2e/phone-weight.spec.ts.

useTestProcess();

/** What one page may cost with its headers: 8 kB of 1,000. */
const limit = 8_000;

const now = new Date('2026-11-28T08:03:00Z');

/** Names as long as they come, and not to be compressed away. */
const meeting: MeetingOfWindow = {
  id: newId(),
  courseId: newId(),
  title: 'Arbeitssicherheit, Gefährdungsbeurteilung & Unterweisung: Praxisteil in der Werkstatt (Gruppe 2b)',
  number: 137,
  localStart: '2026-11-28T09:00',
  timeZone: 'Europe/Berlin',
  startsAt: new Date('2026-11-28T08:00:00Z'),
  endsAt: new Date('2026-11-28T11:45:00Z'),
  breakMinutes: 15,
  breaks: [],
  state: 'planned',
  revision: 3,
  loneCheckOuts: 0,
};
const personName = 'Maximiliane Wilhelmine Freifrau von und zu Hohenstein-Lindenberg (geb. Szczepańska)';
const courseTitle = 'Meistervorbereitung Teil II: Fachtheorie Elektrotechnik, Abendkurs Winter 2026/27';

function ticket(): string {
  const code = readCode('k7qd0123456789abc');
  if (code === undefined) throw new Error('no code');
  const scanned = createTicket(code, now, randomToken());
  return sealTicket({ secrets: testSecrets }, { ...scanned, verified: { windowId: newId(), ageMs: 12_345 } });
}

const platform = {
  issuer: 'https://canvas.instructure.com',
  webHost: 'eine-schule-mit-langem-namen.instructure.com',
  canvasCourseId: '123456',
  deploymentId: `12:${randomToken(20)}`,
};
const seen = { direction: 'in', at: now, meeting } as const;
const toSignIn = {
  kind: 'sign-in',
  ...seen,
  courseTitle,
  platform,
  isProven: true,
  typedCode: 'K7QD-2M9X',
} as const;
const roomPosition = '52.520008, 13.404954';

/** All that a scan may set: its ticket, the browser's id, and the next key of a remembered phone. */
const cookies = (): [string, string][] => [
  ['set-cookie', setCookie('sk_scan', ticket(), 600)],
  ['set-cookie', setCookie('sk_browser', randomToken(16), 400 * 24 * 3600)],
  ['set-cookie', setCookie('sk_device', randomToken(), 180 * 24 * 3600)],
];

const scans: LoadedScan[] = [
  ...(['in', 'out'] as const).map((direction) => ({
    ...{ kind: 'confirm' as const, ...seen, direction, ticket: ticket(), membershipId: newId(), personName },
    policy: { ...resolvePolicy({}, {}), roomPosition },
  })),
  { ...toSignIn, ticket: ticket() },
  {
    ...toSignIn,
    ticket: ticket(),
    platform: { ...platform, issuer: 'https://moodle.example', canvasCourseId: null },
  },
  { kind: 'waiting', ticket: ticket(), at: now },
  { kind: 'code-too-old', ageSeconds: 75, withMoreTime: { ...toSignIn, ticket: ticket() } },
  { kind: 'closed', withMoreTime: { ...toSignIn, ticket: ticket() } },
];

const refusals = [
  'code-unknown',
  'not-open-yet',
  'meeting-over',
  'not-a-member',
  'not-a-student',
  'test-user',
  'ticket-expired',
  'ticket-used',
  'too-many-attempts',
] as const;

const results: ConfirmedCheckIn[] = (
  ['checked-in', 'checked-out', 'already', 'noted', 'unpaired'] as const
).flatMap((kind) =>
  (['in', 'out'] as const).map((direction) => ({
    ...{ kind, direction, checkInId: newId(), courseId: newId(), at: now, status: 'late' as const },
    ...{ provenMinutes: 207, isOpen: direction === 'in', meeting, personName },
  })),
);

const pages: [string, (voice: Voice) => Response][] = [
  ...scans.map((scan): [string, (voice: Voice) => Response] => [
    `scan: ${scan.kind}`,
    (voice) => scanPage(scan, voice, { headers: cookies(), changed: true }),
  ]),
  ...refusals.map((kind): [string, (voice: Voice) => Response] => [
    `refused: ${kind}`,
    (voice) => refusalPage(kind, voice),
  ]),
  ...results.map((result): [string, (voice: Voice) => Response] => [
    `result: ${result.kind}, ${result.direction}`,
    (voice) =>
      resultPage(result, voice, {
        headers: cookies(),
        phone: { isRemembered: false, isHandheld: true, hasScanned: false },
      }),
  ]),
  ['waiting', (voice) => waitingPage(finishPath(ticket()), voice, cookies())],
  ['typing a code', (voice) => codePage(voice)],
  ['not a phone', (voice) => notAPhonePage('/c', voice)],
  ['a problem', (voice) => problemPage({ code: 'internal', requestId: newId(), headers: [], ...voice })],
];

/** The answer as it goes over the line, compressed where it may be: status line, headers, body. */
async function bytesOf(page: Response): Promise<number> {
  const headers = [...page.headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  // What the server adds: the status line, Date, Connection, Keep-Alive, Vary, Transfer-Encoding.
  const added = 250;
  const body = Buffer.from(await page.arrayBuffer());
  const isAsItIs = page.headers.get('cache-control')?.includes('no-transform') === true;
  return headers + added + (isAsItIs ? body : gzipSync(body)).length;
}

describe.each(languages)('the phone’s pages in %s', (language) => {
  const voice = { language, t: translatorFor(language) };

  test.each(pages)('%s: at most 8 kB with all that it needs', async (_name, show) => {
    const page = show(voice);
    const text = await page.clone().text();
    expect(await bytesOf(page)).toBeLessThanOrEqual(limit);
    // Nothing else is asked for: no file of style or script, no picture, and no icon.
    expect(text).not.toMatch(
      /<script[^>]+src|<link[^>]+href="(?!data:)|<img|<iframe|@import|url\((?!["']?data:)/,
    );
    expect(text).toContain('<link rel="icon" href="data:,"');
    expect(text).not.toMatch(/_next|react|__NEXT/i);
    expect(text).toMatch(/^<!doctype html>[^]*<\/html>\s*$/);
  });
});

test.each([
  ['/c', false],
  ['/c/k7qd0123456789abc', false],
  ['/c/confirm', false],
  ['/c/finish?ticket=x', false],
  ['/c/result/0193', false],
  // Else the test would pass with a pattern that leaves out everything.
  ['/courses/0193', true],
])('the middleware at %s: %s', (url, runs) => {
  expect(doesMiddlewareMatch({ config, url, nextConfig: {} })).toBe(runs);
});
