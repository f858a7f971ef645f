import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addMs } from '../base/time.ts';
import { cookieSeconds, decideExpiry, isHandheld, isRenewalDue, nameDevice } from './rules.ts';

const now = new Date('2026-11-28T07:58:00Z');
const days = (count: number) => addMs(now, count * 24 * 3600 * 1000);

const agents = {
  iPhone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  iPhoneChrome:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.0.0 Mobile/15E148 Safari/604.1',
  iPhoneFirefox:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/133.0 Mobile/15E148 Safari/605.1.15',
  iPhoneInApp:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148',
  iPadMobile:
    'Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  iPadDesktop:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  android:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
  androidTablet:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  samsung:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36',
  androidEdge:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36 EdgA/131.0.0.0',
  androidOpera:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36 OPR/86.0.0.0',
  androidFirefox: 'Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0',
  androidTabletFirefox: 'Mozilla/5.0 (Android 14; Tablet; rv:133.0) Gecko/133.0 Firefox/133.0',
  windows:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  windowsTablet: 'Mozilla/5.0 (Windows NT 6.3; Trident/7.0; Touch; Tablet PC 2.0; rv:11.0) like Gecko',
  chromebook:
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  linux: 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0',
} as const;

describe('who may be remembered', () => {
  test.each<[keyof typeof agents, boolean, string | null]>([
    ['iPhone', true, 'iPhone, Safari'],
    ['iPhoneChrome', true, 'iPhone, Chrome'],
    ['iPhoneFirefox', true, 'iPhone, Firefox'],
    ['iPhoneInApp', true, 'iPhone'],
    ['iPadMobile', true, 'iPad, Safari'],
    ['iPadDesktop', false, 'Safari'],
    ['android', true, 'Android, Chrome'],
    ['androidTablet', true, 'Android, Chrome'],
    ['samsung', true, 'Android, Samsung Internet'],
    ['androidEdge', true, 'Android, Edge'],
    ['androidOpera', true, 'Android, Opera'],
    ['androidFirefox', true, 'Android, Firefox'],
    ['androidTabletFirefox', true, 'Android, Firefox'],
    ['windows', false, 'Chrome'],
    ['windowsTablet', false, null],
    ['chromebook', false, 'Chrome'],
    ['linux', false, 'Firefox'],
  ])('%s: %s, %s', (which, handheld, name) => {
    expect(isHandheld({ userAgent: agents[which], mobile: null })).toBe(handheld);
    expect(nameDevice(agents[which])).toBe(name);
  });

  test('the hint of the browser says it too; a browser that says nothing is a computer', () => {
    expect(isHandheld({ userAgent: agents.linux, mobile: '?1' })).toBe(true);
    expect(isHandheld({ userAgent: agents.androidTablet, mobile: '?0' })).toBe(true);
    expect(isHandheld({ userAgent: agents.windows, mobile: '?0' })).toBe(false);
    expect(isHandheld({ userAgent: null, mobile: null })).toBe(false);
    expect(nameDevice(null)).toBeNull();
  });

  test('a name is made of our own words, whatever a browser calls itself', () => {
    const words = new Set(
      'iPhone iPad iPod Android Samsung Internet Edge Opera DuckDuckGo Firefox Chrome Safari'.split(' '),
    );
    fc.assert(
      fc.property(
        fc
          .array(fc.oneof(fc.string(), fc.constantFrom(...Object.values(agents))))
          .map((all) => all.join(' ')),
        (text) => (nameDevice(text) ?? '').split(/,? /).every((word) => word === '' || words.has(word)),
      ),
    );
  });
});

describe('until when', () => {
  test.each<[string, Date[], Date]>([
    ['the term', [days(100)], days(100)],
    ['the last of several terms', [days(30), days(200), days(100)], days(200)],
    ['no term', [], days(180)],
    ['a term that is over', [days(-1)], days(180)],
    ['a term that ends at this moment', [now], days(180)],
    ['a term that never ends', [days(5_000)], days(180)],
    ['a term within 400 days', [days(400)], days(400)],
    ['a term over 400 days away', [addMs(days(400), 1)], days(180)],
    ['an endless term and a real one', [days(5_000), days(20)], days(20)],
  ])('%s', (_what, ends, expected) => {
    expect(decideExpiry(ends, now)).toEqual(expected);
  });

  test('never in the past, never longer than a browser keeps it', () => {
    fc.assert(
      fc.property(fc.array(fc.date({ noInvalidDate: true })), (ends) => {
        const expiry = decideExpiry(ends, now);
        return expiry > now && expiry <= days(400);
      }),
    );
  });

  test('the cookie goes with it, in whole seconds, and never below none', () => {
    expect(cookieSeconds(addMs(now, 90_999), now)).toBe(90);
    expect(cookieSeconds(days(-1), now)).toBe(0);
  });
});

test.each<[string, { isNextKey: boolean; renewedAt: Date }, boolean]>([
  ['a new key', { isNextKey: false, renewedAt: now }, false],
  ['one of just a week', { isNextKey: false, renewedAt: days(-7) }, false],
  ['one older than a week', { isNextKey: false, renewedAt: addMs(days(-7), -1) }, true],
  ['the next one, shown for the first time', { isNextKey: true, renewedAt: days(-8) }, true],
])('renewal of %s', (_what, shown, due) => {
  expect(isRenewalDue(shown, now)).toBe(due);
});
