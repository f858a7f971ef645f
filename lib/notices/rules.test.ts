import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../base/course-policy.ts';
import { decideRecipient, digestDueAt, judgeFailure, waitAfter } from './rules.ts';
import type { Recipient } from './rules.ts';

test.each([
  // The server's answer, what it answered to, whether it had begun to take the text.
  [550, 'RCPT TO', false, 'refused'],
  [450, 'RCPT TO', false, 'later'],
  [554, 'DATA', true, 'refused'],
  [451, 'DATA', true, 'later'],
  [421, 'RCPT TO', false, 'away'],
  [421, 'DATA', true, 'away'],
  [535, 'AUTH PLAIN', false, 'away'],
  [530, 'MAIL FROM', false, 'away'],
  [undefined, 'CONN', false, 'away'],
  [undefined, 'CONN', true, 'unclear'],
  [undefined, undefined, false, 'away'],
] as const)('an answer %s to %s, the text %s: %s', (responseCode, command, wasHandedOver, expected) => {
  expect(judgeFailure({ responseCode, command, wasHandedOver })).toBe(expected);
});

test('waits grow, and after two days a mail is given up', () => {
  const waits: number[] = [];
  for (let attempts = 1; waitAfter(attempts) !== undefined; attempts += 1) {
    waits.push((waitAfter(attempts) ?? 0) / 60_000);
  }
  expect(waits).toEqual([1, 4, 16, 64, 256, 360, 360, 360, 360, 360, 360]);
});

test('a digest is due within three hours after what it tells of, and the same for all that comes till then', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
      fc.nat(3 * 3_600_000),
      (at, later) => {
        const due = digestDueAt(at);
        expect(due.getTime() - at.getTime()).toBeGreaterThan(0);
        expect(due.getTime() - at.getTime()).toBeLessThanOrEqual(3 * 3_600_000);
        const next = new Date(at.getTime() + later);
        if (next < due) expect(digestDueAt(next)).toEqual(due);
      },
    ),
  );
});

describe('who is written to', () => {
  const anna: Recipient = {
    email: 'anna@school.example',
    isErased: false,
    place: { role: 'student', isTestUser: false },
    isPlatformAdmitted: true,
    hasOptedOut: false,
  };
  const told = { ...defaultPolicy, mailAbsences: true };

  test.each([
    ['somebody', {}, 'write'],
    ['somebody whose address has letters of their own', { email: 'änna@schule.example' }, 'write'],
    ['nobody without an address', { email: null }, 'no-address'],
    ['nobody by two addresses', { email: 'anna@school.example,eve@evil.example' }, 'no-address'],
    ['nobody by a name and an address', { email: 'Anna <anna@school.example>' }, 'no-address'],
    [
      'nobody by an address with a line break',
      { email: 'anna@school.example\r\nBcc: eve@e.example' },
      'no-address',
    ],
    ['nobody who is erased', { isErased: true }, 'no-address'],
    ['nobody who has left', { place: null }, 'no-place'],
    ['no test user', { place: { role: 'student', isTestUser: true } }, 'no-place'],
    ['no observer', { place: { role: 'observer', isTestUser: false } }, 'no-place'],
    ['nobody on a platform that is switched off', { isPlatformAdmitted: false }, 'no-place'],
    ['nobody who wants none', { hasOptedOut: true }, 'unsubscribed'],
  ] as const)('%s', (_what, change, expected) => {
    const decided = decideRecipient('marked-absent', { ...anna, ...change }, told);
    expect(decided.kind === 'drop' ? decided.reason : decided.kind).toBe(expected);
  });

  test.each([
    ['excuse-decided', 'student', { mailExcuses: false }],
    ['excuses-received', 'teacher', { mailExcuses: false }],
    ['marked-absent', 'student', {}],
    ['rate-below', 'student', { mailRateBelow: false }],
  ] as const)('of %s, a %s alone, and not where the course has none', (kind, role, without) => {
    const to = (one: 'student' | 'teacher' | 'assistant') => ({
      ...anna,
      place: { role: one, isTestUser: false },
    });
    expect(decideRecipient(kind, to(role), told).kind).toBe('write');
    const others = (['student', 'teacher', 'assistant'] as const).filter((one) => one !== role);
    for (const other of others) {
      expect(decideRecipient(kind, to(other), told)).toEqual({ kind: 'drop', reason: 'no-place' });
    }
    expect(decideRecipient(kind, to(role), { ...defaultPolicy, ...without })).toEqual({
      kind: 'drop',
      reason: 'switched-off',
    });
  });
});
