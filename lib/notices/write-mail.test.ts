import { describe, expect, test } from 'vitest';
import { languages } from '../i18n/languages.ts';
import { translatorFor } from '../i18n/translator.ts';
import type { Letter, LetterMeeting } from './letter.ts';
import { writeMail } from './write-mail.ts';

const meeting: LetterMeeting = {
  title: null,
  number: 4,
  localStart: '2026-11-28T09:00',
  startsAt: new Date('2026-11-28T08:00:00Z'),
  endsAt: new Date('2026-11-28T11:45:00Z'),
  timeZone: 'Europe/Berlin',
};
const addressing = {
  givenName: 'Anna',
  courseTitle: 'Meisterkurs',
  courseUrl: 'https://canvas.example/courses/42/external_tools/7?display=borderless&launch_url=x',
  unsubscribeUrl: 'https://tool.example/mail/unsubscribe/abc',
};
const letters: Letter[] = [
  {
    kind: 'excuse-decided',
    decision: 'accepted',
    meetings: [
      { ...meeting, decision: 'accepted' },
      { ...meeting, number: 5, decision: 'declined' },
    ],
  },
  { kind: 'excuses-received', waiting: 3 },
  { kind: 'marked-absent', meeting },
  { kind: 'rate-below', rate: 699, requiredPercent: 80 },
];

describe.each(languages)('in %s', (language) => {
  const t = translatorFor(language);

  test.each(letters)('$kind: whole sentences, in text and HTML', (letter) => {
    const mail = writeMail(letter, addressing, t);
    for (const part of Object.values(mail)) expect(part).not.toMatch(/[{}]|undefined|null|NaN/);
    expect(mail.subject).toMatch(/^Meisterkurs: /);
    expect(mail.text).toContain(addressing.courseUrl);
    expect(mail.text).toContain(addressing.unsubscribeUrl);
    expect(mail.html).toContain(`lang="${language}"`);
    expect(mail.html).toContain('&amp;launch_url=x"');
    // Nothing that is fetched, and nothing that tells when a mail was read.
    expect(mail.html).not.toMatch(/<(img|script|link|iframe)|url\(/);
    expect({ subject: mail.subject, text: mail.text }).toMatchSnapshot();
  });

  test('a list of many meetings is cut', () => {
    const meetings = Array.from({ length: 12 }, (_, index) => ({
      ...meeting,
      number: index + 1,
      decision: 'accepted' as const,
    }));
    const { text } = writeMail({ kind: 'excuse-decided', decision: 'accepted', meetings }, addressing, t);
    expect(text.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(9);
    expect(text).toMatch(/- (und|and) 4 /);
  });

  test('an excuse for days without a meeting tells the decision alone', () => {
    const { text } = writeMail({ kind: 'excuse-decided', decision: 'declined', meetings: [] }, addressing, t);
    expect(text).toMatch(/^- (declined|abgelehnt)$/m);
  });

  test('what people call themselves and their courses stays one line, and text', () => {
    const mail = writeMail(
      { kind: 'marked-absent', meeting: { ...meeting, title: '<b>Bad</b>\r\n\r\nHeading' } },
      { ...addressing, courseTitle: 'Kurs\r\nBcc: eve@evil.example', givenName: '<script>\u2028x' },
      t,
    );
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.text).toContain('<b>Bad</b> Heading');
    expect(mail.html).not.toMatch(/<b>|<script>/);
    expect(mail.html).toContain('&lt;script&gt; x');
  });
});
