import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { GET, POST } from '../../app/mail/unsubscribe/[token]/route.ts';
import { seal } from '#lib/base/seal.ts';
import { messageOptOuts, people } from '#lib/db/schema.ts';
import { sealUnsubscribing, unsubscribePath } from '#lib/notices/unsubscribe-token.ts';
import { seedCourse } from '../support/seed-course.ts';
import { publicUrl, useTestProcess } from '../support/test-process.ts';

const tool = useTestProcess();
let personId: string;
let token: string;

beforeEach(async () => {
  const course = await seedCourse(tool.ctx().db);
  ({ personId } = await course.addMember('Anna Beispiel'));
  token = sealUnsubscribing(tool.ctx().secrets, { personId, kind: 'marked-absent' });
});

/** A browser that is signed in nowhere, or a mail program. */
function request(form?: Record<string, string>, headers: Record<string, string> = {}) {
  return new Request(publicUrl + unsubscribePath(token), {
    headers: { 'accept-language': 'de', ...headers },
    ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
  });
}
const route = () => ({ params: Promise.resolve({ token }) });
const open = () => GET(request(), route());
const post = (form: Record<string, string>, headers?: Record<string, string>) =>
  POST(request(form, headers), route());

async function optOuts() {
  const rows = await tool.ctx().db.select().from(messageOptOuts).where(eq(messageOptOuts.personId, personId));
  return rows.map(({ kind }) => kind);
}

test('the link asks, changes nothing, and tells nothing of its person', async () => {
  const answer = await open();
  const page = await answer.text();
  expect(answer.status).toBe(200);
  expect(page).toContain('Keine Mails dieser Art mehr?');
  expect(page).toContain('Termine, an denen man als abwesend eingetragen ist');
  expect(page).not.toContain('Anna');
  expect(answer.headers.get('cache-control')).toContain('no-store');
  expect(await optOuts()).toEqual([]);
});

test('its button turns the kind off, once more does no harm, and the page leads back', async () => {
  for (let times = 0; times < 2; times += 1) {
    const page = await (await post({ mails: 'off' }, { origin: publicUrl })).text();
    expect(page).toContain('Diese Mails sind abbestellt');
    expect(page).toContain('Wieder bestellen');
    expect(await optOuts()).toEqual(['marked-absent']);
  }
  expect(await (await open()).text()).toContain('Diese Mails sind abbestellt');
  expect(await (await post({ mails: 'on' }, { origin: publicUrl })).text()).toContain(
    'Diese Mails kommen wieder',
  );
  expect(await optOuts()).toEqual([]);
});

test('a mail program does it by one click, without cookies and without an origin', async () => {
  const answer = await post({ 'List-Unsubscribe': 'One-Click' });
  expect(answer.status).toBe(200);
  expect(await optOuts()).toEqual(['marked-absent']);
});

describe('a link that is not ours says so and changes nothing', () => {
  test.each([
    ['cut', () => token.slice(0, -4)],
    ['changed', () => `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`],
    [
      'sealed for something else',
      () => seal(tool.ctx().secrets, 'calendar-feed', { personId, kind: 'marked-absent' }),
    ],
    ['of a kind that there is not', () => seal(tool.ctx().secrets, 'unsubscribe', { personId, kind: 'all' })],
    [
      'sealed with another secret',
      () => seal({ current: 'x'.repeat(40) }, 'unsubscribe', { personId, kind: 'marked-absent' }),
    ],
    ['nothing at all', () => '%00'],
  ])('%s', async (_what, wrong) => {
    token = wrong();
    for (const answer of [await open(), await post({ mails: 'off' })]) {
      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain('Dieser Link geht nicht');
    }
    expect(await optOuts()).toEqual([]);
  });
});

test('the link of somebody who is erased leads to nobody', async () => {
  await tool.ctx().db.update(people).set({ erasedAt: new Date() }).where(eq(people.id, personId));
  expect((await open()).status).toBe(404);
  expect((await post({ mails: 'off' })).status).toBe(404);
});
