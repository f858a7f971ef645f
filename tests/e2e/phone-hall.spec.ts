import type { Page } from '@playwright/test';
import { agentFor } from '../support/http-or-tls.ts';
import { createPhone } from '../support/phone.ts';
import { confirmButton, expect, expectHeading, rememberPhone, scanAndSignIn, test } from './lecture-hall.ts';
import { words } from './words.ts';

// A full hall: everybody behind one address, and people who come and go.

const campus = '141.76.20.7';

async function tap(phone: Page, url: string): Promise<void> {
  await phone.goto(url);
  await confirmButton(phone).click();
}

test('in, out, and in and out again after a break: the minutes between are what counts', async ({
  hall,
  openPhoneOf,
}) => {
  const [coming, going] = [
    await hall.openWall({ closesAt: 90 }),
    await hall.openWall({ direction: 'out', closesAt: 90 }),
  ];
  const phone = await openPhoneOf();
  await rememberPhone(phone, coming.url(), 'Ruby Sinclair');

  await hall.passTime(25);
  await phone.goto(going.url());
  await expect(phone.getByRole('heading', { name: words('phone.confirm.title.out') })).toBeVisible();
  await confirmButton(phone).click();
  await expectHeading(phone, 'phone.result.checked-out.title');
  await expect(phone.getByText('25 min')).toBeVisible();
  await tap(phone, going.url());
  await expectHeading(phone, 'phone.result.already.title.out');

  await hall.passTime(10);
  await tap(phone, coming.url());
  await expectHeading(phone, 'phone.result.checked-in.title');
  await hall.passTime(15);
  await tap(phone, going.url());
  await expectHeading(phone, 'phone.result.checked-out.title');
  await expect(phone.getByText('40 min')).toBeVisible();

  const [record] = await hall.records();
  const lengths = record?.spans.map(({ from, to }) =>
    Math.round(((to?.getTime() ?? 0) - from.getTime()) / 60_000),
  );
  expect(lengths).toEqual([25, 15]);
  expect(record).toMatchObject({ status: 'partial', provenMinutes: 40 });
});

test('a check-out without a check-in before it counts for nothing yet, and says what to do', async ({
  hall,
  openPhoneOf,
}) => {
  const going = await hall.openWall({ direction: 'out' });
  const phone = await openPhoneOf();
  await scanAndSignIn(phone, going.url(), 'Clara Neumann');
  await expectHeading(phone, 'phone.result.unpaired.title');
  await expect(phone.getByText(words('phone.result.unpaired.lead'))).toBeVisible();
  expect(await hall.evidence()).toMatchObject([{ outcome: 'unpaired', flags: ['no-check-in'] }]);
  expect(await hall.records()).toEqual([]);
});

test('six hundred phones behind one address are all served', async ({ hall, toolUrl }) => {
  const wall = await hall.openWall();
  const agent = agentFor(toolUrl, { maxSockets: 40 });
  const code = new URL(wall.url()).pathname.slice('/c/'.length);
  const pages = await Promise.all(
    Array.from({ length: 600 }, () => createPhone({ url: toolUrl, forwardedFor: campus, agent }).scan(code)),
  );
  agent.destroy();
  expect(pages.filter(({ status }) => status !== 200)).toEqual([]);
  expect(new Set(pages.map(({ headers }) => String(headers['set-cookie'])))).toHaveProperty('size', 600);
});

test('who guesses typed codes is stopped kindly, alone: not their neighbour, and not their scan', async ({
  hall,
  openPhoneOf,
  toolUrl,
}) => {
  const wall = await hall.openWall();
  const earlier = await hall.openWall({ meetingId: await hall.addMeeting({ from: -15, to: 60 }) });
  const open = async (name: string) => {
    const phone = await openPhoneOf();
    await rememberPhone(phone, earlier.url(), name);
    const cookies = await phone.context().cookies(toolUrl);
    const deviceKey = cookies.find((cookie) => cookie.name.endsWith('sk_device'))?.value ?? '';
    return createPhone({ url: toolUrl, deviceKey, forwardedFor: campus });
  };
  const [guesser, neighbour] = [await open('Ruby Sinclair'), await open('Liam Fitzgerald')];
  const typed = wall.typed().replace('-', '').toLowerCase();
  const isRight = (code: string) =>
    [-1, 0, 1].some((at) => wall.typed(at).endsWith(code.slice(4).toUpperCase()));
  const wrong = Array.from({ length: 12 }, (_, index) => `${typed.slice(0, 4)}00${String(index + 10)}`)
    .filter((code) => !isRight(code))
    .slice(0, 11);

  const statuses = [];
  for (const code of wrong) {
    await guesser.scan(code);
    statuses.push((await guesser.confirm()).status);
  }
  expect(new Set(statuses)).toEqual(new Set([404]));
  // From now on not even the right one is looked at.
  await guesser.scan(typed);
  const refused = await guesser.confirm();
  expect(refused.status).toBe(429);
  expect(/<title>([^<]*)/.exec(refused.body)?.[1]).toMatch(words('phone.refused.too-many-attempts.title'));

  await neighbour.scan(typed);
  expect((await neighbour.confirm()).status).toBe(200);
  await guesser.scan(new URL(wall.url()).pathname.slice('/c/'.length));
  expect((await guesser.confirm()).status).toBe(200);
});
