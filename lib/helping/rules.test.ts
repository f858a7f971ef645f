import { describe, expect, test } from 'vitest';
import { findCardHolder, helpingTimes, mayTakeBack, readScan } from './rules.ts';

const token = 'A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0_-x';

describe('what a camera has read', () => {
  test.each([
    ['a personal code', `https://tool.example/h/${token}`, { kind: 'personal-code', token }],
    ['with space around it', ` https://tool.example/h/${token}\n`, { kind: 'personal-code', token }],
    ['a card', '0012345', { kind: 'card', number: '0012345' }],
    ['a card with letters', ' ab-12 ', { kind: 'card', number: 'ab-12' }],
    ['the code on the wall', 'https://tool.example/c/K7QD2M9X', undefined],
    ['a personal code cut short', 'https://tool.example/h/abc', undefined],
    ['nothing', '  ', undefined],
    ['a vCard', 'BEGIN:VCARD '.repeat(9), undefined],
  ])('%s', (_what, text, read) => {
    expect(readScan(text)).toEqual(read);
  });
});

describe('whose card it is', () => {
  const holder = (membershipId: string, sisId: string | null, canvasUserId: string | null = null) => ({
    ...{ membershipId, sisId, canvasUserId },
  });
  test.each([
    ['the institution’s number', [holder('a', '7001'), holder('b', '7002')], '7002', 'b'],
    ['the platform’s number', [holder('a', null, '17'), holder('b', '7002', '18')], '18', 'b'],
    ['the institution’s number first', [holder('a', '18', '3'), holder('b', '7', '18')], '18', 'a'],
    ['capitals', [holder('a', 'ab12')], 'AB12', 'a'],
    ['zeros in front on the card', [holder('a', '7001')], '0007001', 'a'],
    ['zeros in front in the list', [holder('a', '0007001')], '7001', 'a'],
    ['the exact number before a similar one', [holder('a', '07'), holder('b', '7')], '7', 'b'],
    ['two similar ones', [holder('a', '07'), holder('b', '007')], '7', undefined],
    ['two of one number', [holder('a', '7'), holder('b', '7')], '7', undefined],
    ['nobody', [holder('a', '7001', null), holder('b', null)], '9', undefined],
    ['zero is a number too', [holder('a', '0')], '000', 'a'],
  ])('%s', (_what, holders, number, expected) => {
    const found = findCardHolder(holders, number);
    expect(typeof found === 'object' ? found.membershipId : undefined).toBe(expected);
  });

  test('several are told apart from none', () => {
    const twins = [holder('a', '7'), holder('b', '7')];
    expect(findCardHolder(twins, '7')).toBe('several');
    expect(findCardHolder(twins, '8')).toBeUndefined();
  });
});

const now = new Date('2026-11-28T08:00:00Z');

test('a personal code opens meetings from two hours before them to two hours after', () => {
  expect(helpingTimes(now)).toEqual({
    startsBefore: new Date('2026-11-28T10:00:00Z'),
    endsAfter: new Date('2026-11-28T06:00:00Z'),
  });
});

test.each([
  [0, true],
  [10, true],
  [60, true],
  [61, false],
])('%s s after it was made, it may be taken back: %s', (seconds, may) => {
  expect(mayTakeBack(new Date(now.getTime() - seconds * 1000), now)).toBe(may);
});
