import type { Page } from '@playwright/test';
import { confirmButton, expect, expectHeading, rememberPhone, test } from './lecture-hall.ts';

/** All that a page asks for, favicon included, as the browser's network counts it: bytes with headers, as served. */
async function countTraffic(page: Page) {
  const network = await page.context().newCDPSession(page);
  const asked: string[] = [];
  const sizes = new Map<string, number>();
  network.on('Network.requestWillBeSent', ({ requestId, request }) => {
    // What stands in the page itself travels nowhere.
    if (request.url.startsWith('data:')) return;
    asked.push(`${request.method} ${new URL(request.url).pathname.split('/').slice(0, 3).join('/')}`);
    sizes.set(requestId, 0);
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (sizes.has(requestId)) sizes.set(requestId, encodedDataLength);
  });
  await network.send('Network.enable');
  return {
    asked,
    sizes: () => [...sizes.values()],
  };
}

for (const locale of ['de-DE', 'en-GB']) {
  test(`from the scan to "checked in" on a remembered phone: two requests of at most 8 kB (${locale})`, async ({
    hall,
    openPhoneOf,
  }) => {
    const phone = await openPhoneOf({ locale });
    const earlier = await hall.openWall({
      meetingId: await hall.addMeeting({ from: -15, to: 60, title: 'Earlier' }),
    });
    await rememberPhone(phone, earlier.url(), 'Ruby Sinclair');
    const url = (await hall.openWall()).url();

    const traffic = await countTraffic(phone);
    await phone.goto(url, { waitUntil: 'load' });
    await confirmButton(phone).click();
    await expectHeading(phone, 'phone.result.checked-in.title');
    await phone.waitForLoadState('networkidle');

    expect(traffic.asked).toEqual([`GET ${new URL(url).pathname}`, 'POST /c/confirm']);
    for (const size of traffic.sizes()) {
      expect(size).toBeGreaterThan(500);
      expect(size).toBeLessThanOrEqual(8_000);
    }
    expect(await phone.evaluate(() => document.scripts.length)).toBe(0);
  });
}
