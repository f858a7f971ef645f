import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FileContent, FoundMeeting } from './found-meeting.ts';
import { mostMeetings, readFile } from './read-file.ts';

const berlin = { timeZone: 'Europe/Berlin', now: new Date('2026-11-26T08:00:00Z') };
const sample = (name: string) =>
  readFileSync(new URL(`../../tests/support/calendars/${name}`, import.meta.url));
const bytes = (text: string) => new TextEncoder().encode(text);

function contentOf(file: Uint8Array, course = berlin): FileContent {
  const read = readFile(file, course);
  if (!read.ok) throw new Error(JSON.stringify(read.problem));
  return read.content;
}
const problemOf = (file: Uint8Array) => {
  const read = readFile(file, berlin);
  return read.ok ? undefined : read.problem;
};

/** A meeting in one line: when, and how it is called. */
const inShort = ({ localStart, localEnd, title, isCancelled }: FoundMeeting) =>
  `${isCancelled ? 'off: ' : ''}${localStart}–${localEnd.slice(11)} ${title ?? ''}`;

const calendar = (...events: string[]) =>
  bytes(
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      ...events.flatMap((event) => ['BEGIN:VEVENT', event.trim().replaceAll(/\n\s*/g, '\r\n'), 'END:VEVENT']),
      'END:VCALENDAR',
    ].join('\r\n'),
  );

describe('files as programs write them', () => {
  test('Outlook: zones of its own, a series that ends in UTC, one of it moved', () => {
    const { meetings, unread } = contentOf(sample('outlook.ics'));
    expect(meetings.map(inShort)).toEqual([
      '2026-12-04T18:00–21:00 Elektrotechnik – Grundlagen',
      '2026-12-11T17:30–20:30 Elektrotechnik – Grundlagen',
      '2026-12-18T18:00–21:00 Elektrotechnik – Grundlagen',
    ]);
    expect(meetings.map(({ room }) => room)).toEqual([
      'Raum 301, Hauptgebäude',
      'Aula',
      'Raum 301, Hauptgebäude',
    ]);
    expect(meetings[0]?.description).toBe('Bitte Taschenrechner mitbringen.');
    expect(unread).toEqual([]);
  });

  test('Google: nine stays nine when the clocks change, links are places, HTML is text, days are left out', () => {
    const { meetings, unread } = contentOf(sample('google.ics'));
    expect(meetings.map(inShort)).toEqual([
      '2027-03-20T09:00–12:45 Samstagskurs',
      '2027-03-27T09:00–12:45 Samstagskurs',
      '2027-04-10T09:00–12:45 Samstagskurs',
      'off: 2027-04-03T09:00–12:45 Samstagskurs',
      '2026-12-02T18:00–19:30 Prüfungsvorbereitung mit einem Namen, der so lang ist, dass er in der Datei umgebrochen wird',
      'off: 2026-12-09T18:00–19:30 Fällt aus',
    ]);
    expect(meetings[0]).toMatchObject({
      room: null,
      kind: 'online',
      onlineUrl: 'https://meet.google.example/abc-defg-hij',
      description: '<b>Samstag</b> mit Übung',
    });
    expect(unread).toEqual([{ line: 34, name: 'Weihnachten', reason: { kind: 'left-out', why: 'all-day' } }]);
  });

  test('Moodle: UTC becomes the course’s clock; what has no length is told', () => {
    const { meetings, unread } = contentOf(sample('moodle.ics'));
    expect(meetings.map(inShort)).toEqual(['2026-12-01T09:00–10:45 Vorlesung 1']);
    expect(unread).toEqual([
      { line: 16, name: 'Abgabe Aufgabe 1', reason: { kind: 'problem', problem: 'end-before-start' } },
    ]);
  });

  test('German Excel: Windows-1252, semicolons, formulas are text, each problem at its line', () => {
    const { meetings, unread } = contentOf(sample('excel.csv'));
    expect(meetings).toMatchObject([
      {
        line: 2,
        localStart: '2026-11-28T09:00',
        localEnd: '2026-11-28T12:45',
        title: 'Schaltpläne für Einsteiger',
        room: 'Aula Süd',
        kind: 'weekend',
        breakMinutes: 15,
      },
      { line: 3, title: 'Messen; Prüfen', localStart: '2026-12-05T09:00', breakMinutes: 15 },
      { line: 4, title: '=SUMME(A1:A9)', kind: 'evening', breakMinutes: 0 },
    ]);
    expect(unread).toEqual([
      { line: 6, name: '12:00–09:00', reason: { kind: 'problem', problem: 'end-before-start' } },
      { line: 7, name: '31.02.2027', reason: { kind: 'problem', problem: 'date' } },
    ]);
  });
});

describe('iCalendar', () => {
  const times = 'DTSTART;TZID=Europe/Berlin:20261128T090000\nDTEND;TZID=Europe/Berlin:20261128T124500';

  test.each([
    ['the course’s own zone', 'TZID=Europe/Berlin:20261128T090000', '2026-11-28T09:00'],
    [
      'a zone with a path before it',
      'TZID=/mozilla.org/20050126_1/Europe/Berlin:20261128T090000',
      '2026-11-28T09:00',
    ],
    ['another zone', 'TZID=America/New_York:20261128T030000', '2026-11-28T09:00'],
    ['no zone', 'VALUE=DATE-TIME:20261128T090000', '2026-11-28T09:00'],
    ['a zone that nobody knows', 'TZID=Kingdom of Far Far Away:20261128T090000', '2026-11-28T09:00'],
  ])('a time in %s', (_, start, reading) => {
    const { meetings } = contentOf(calendar(`UID:1\nDTSTART;${start}\nDURATION:PT1H30M`));
    expect(meetings.map(({ localStart }) => localStart)).toEqual([reading]);
  });

  test('a zone that nobody knows is told beside the meeting', () => {
    const { meetings } = contentOf(calendar('UID:1\nDTSTART;TZID=Nowhere:20261128T090000\nDURATION:PT1H'));
    expect(meetings[0]?.notes).toEqual(['zone-unknown']);
  });

  test.each([
    ['two weekdays for four weeks', 'FREQ=WEEKLY;BYDAY=SA,SU;COUNT=8', 8],
    ['until a moment in UTC', 'FREQ=WEEKLY;UNTIL=20261212T080000Z', 3],
    ['until a day, that day included', 'FREQ=WEEKLY;UNTIL=20261212', 3],
    ['every second week', 'FREQ=WEEKLY;INTERVAL=2;COUNT=3', 3],
    ['the last Saturday of a month', 'FREQ=MONTHLY;BYDAY=-1SA;COUNT=5', 5],
  ])('a series: %s', (_, rule, count) => {
    const { meetings, unread } = contentOf(calendar(`UID:1\n${times}\nRRULE:${rule}`));
    expect(meetings).toHaveLength(count);
    expect(new Set(meetings.map(({ key }) => key)).size).toBe(count);
    expect(unread).toEqual([]);
  });

  test.each([
    ['weekly for ever', 'FREQ=WEEKLY', 53],
    ['daily for ever', 'FREQ=DAILY', 367],
  ])('a series without end is read for a year, and that is told: %s', (_, rule, count) => {
    const { meetings, unread } = contentOf(calendar(`UID:1\nSUMMARY:Immer\n${times}\nRRULE:${rule}`));
    expect(meetings).toHaveLength(count);
    expect(unread).toEqual([{ line: 3, name: 'Immer', reason: { kind: 'left-out', why: 'series-cut' } }]);
  });

  test('added dates count, and a day that is taken out counts for all of it', () => {
    const { meetings } = contentOf(
      calendar(`UID:1\n${times}\nRRULE:FREQ=WEEKLY;COUNT=2
        RDATE;TZID=Europe/Berlin:20261130T140000\nEXDATE;VALUE=DATE:20261205`),
    );
    expect(meetings.map(inShort)).toEqual([
      '2026-11-28T09:00–12:45 ',
      '2026-11-30T14:00–17:45 ',
      'off: 2026-12-05T09:00–12:45 ',
    ]);
  });

  test('a change of one occurrence is found by its instant, in whatever zone it is written', () => {
    const { meetings } = contentOf(
      calendar(
        `UID:1\n${times}\nRRULE:FREQ=WEEKLY;COUNT=2`,
        'UID:1\nRECURRENCE-ID:20261205T080000Z\nSUMMARY:Später\nDTSTART:20261205T100000Z\nDURATION:PT1H',
      ),
    );
    expect(meetings.map(inShort)).toEqual(['2026-11-28T09:00–12:45 ', '2026-12-05T11:00–12:00 Später']);
    expect(meetings.map(({ key }) => key)).toEqual(['ical:1#2026-11-28', 'ical:1#2026-12-05']);
  });

  test('a series that moves to another hour keeps its keys, so that it is changed and not doubled', () => {
    const keys = (start: string) =>
      contentOf(calendar(`UID:1\nDTSTART:${start}\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3`)).meetings.map(
        ({ key }) => key,
      );
    expect(keys('20261128T090000')).toEqual(keys('20261128T140000'));
  });

  test.each([
    ['ends before it starts', 'DTSTART:20261128T090000Z\nDTEND:20261128T080000Z', 'end-before-start'],
    ['lasts two days', 'DTSTART:20261128T090000Z\nDTEND:20261130T090000Z', 'too-long'],
    ['has no beginning', 'SUMMARY:x', 'no-start'],
    ['has a beginning that is none', 'DTSTART:tomorrow\nDURATION:PT1H', 'event-broken'],
    ['has a line that is none', 'DTSTART:20261128T090000Z\nand so on', 'event-broken'],
    [
      'repeats every second',
      'DTSTART:20261128T090000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY',
      'rule-unreadable',
    ],
    [
      'repeats in an unknown way',
      'DTSTART:20261128T090000Z\nDURATION:PT1H\nRRULE:FREQ=OFTEN',
      'event-broken',
    ],
    [
      'changes a series from a day on',
      'DTSTART:20261128T090000Z\nDURATION:PT1H\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261128T090000Z',
      'change-of-many',
    ],
  ])('an event that %s is told, and the others are read', (_, event, problem) => {
    const { meetings, unread } = contentOf(calendar(`UID:good\n${times}`, `UID:bad\n${event}`));
    expect(meetings).toHaveLength(1);
    expect(unread).toMatchObject([{ line: 8, reason: { kind: 'problem', problem } }]);
  });

  test('a day without the word that it is one is left out as a day', () => {
    const { unread } = contentOf(calendar('UID:1\nSUMMARY:Feiertag\nDTSTART:20261224'));
    expect(unread).toEqual([{ line: 3, name: 'Feiertag', reason: { kind: 'left-out', why: 'all-day' } }]);
  });

  test('what lies more than a year back is left out in one line', () => {
    const { meetings, unread } = contentOf(
      calendar('UID:1\nDTSTART:20200101T090000Z\nDURATION:PT1H', `UID:2\n${times}`),
    );
    expect(meetings).toHaveLength(1);
    expect(unread).toMatchObject([{ reason: { kind: 'left-out', why: 'long-past' } }]);
  });

  test('signs that turn text around or control a screen are taken out, long text is cut and that is told', () => {
    const { meetings } = contentOf(
      calendar(`UID:1\n${times}\nSUMMARY:Kurs\u202e geheim\nDESCRIPTION:${'x'.repeat(5_000)}`),
    );
    expect(meetings[0]?.title).toBe('Kurs geheim');
    expect(meetings[0]?.description).toHaveLength(4_000);
    expect(meetings[0]?.notes).toEqual(['text-cut']);
  });

  test('only https addresses without passwords become links', () => {
    const { meetings } = contentOf(
      calendar(
        ...['javascript:alert(1)', 'http://zoom.example', 'https://a:b@zoom.example'].map(
          (url, at) => `UID:${String(at)}\n${times}\nURL:${url}`,
        ),
      ),
    );
    expect(meetings.map(({ onlineUrl }) => onlineUrl)).toEqual([null, null, null]);
  });
});

describe('tables', () => {
  const rows = (...lines: string[]) => bytes(lines.join('\n'));

  test.each([
    ['German, with semicolons', 'Datum;Von;Bis', '28.11.2026;9:00;12:45'],
    ['English, with commas', 'Date,From,To', '2026-11-28,09:00,12:45'],
    ['with tabs, in another order', 'Ende\tBeginn\tTag', '12.45\t9.00 Uhr\t28.11.26'],
    ['times in one column', 'Datum;Uhrzeit', '28.11.2026;9:00–12:45'],
    ['with a line that names the delimiter', 'sep=;\nDatum;Von;Bis', '28.11.2026;09:00;12:45'],
    ['half days', 'date,start time,end time', '2026-11-28,9:00 AM,12:45 PM'],
    ['with a byte order mark', '\ufeffDatum;Von;Bis', '28.11.2026;09:00;12:45'],
  ])('%s', (_, head, row) => {
    expect(contentOf(rows(head, row)).meetings).toMatchObject([
      { localStart: '2026-11-28T09:00', localEnd: '2026-11-28T12:45' },
    ]);
  });

  test.each([
    ['UTF-16, little end first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 without a mark', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-16, big end first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['Latin-1', (text: string) => Buffer.from(text, 'latin1')],
    ['UTF-8', (text: string) => Buffer.from(text, 'utf8')],
  ])('%s', (_, encode) => {
    const file = encode('Datum;Von;Bis;Titel\n28.11.2026;9:00;12:45;Übungen für Geübte');
    expect(contentOf(file).meetings[0]?.title).toBe('Übungen für Geübte');
  });

  test.each([
    ['a day that no month has', '31.02.2026;9:00;10:00;;;', 'date'],
    ['a day that could be two', '03/04/2026;9:00;10:00;;;', 'date'],
    ['no beginning', '28.11.2026;;10:00;;;', 'from'],
    ['an hour that no day has', '28.11.2026;25:00;26:00;;;', 'from'],
    ['an end that is a word', '28.11.2026;9:00;spät;;;', 'to'],
    ['an end before the start', '28.11.2026;9:00;8:00;;;', 'end-before-start'],
    ['an unknown kind', '28.11.2026;9:00;10:00;Ausflug;;', 'kind'],
    ['a break in words', '28.11.2026;9:00;10:00;;kurz;', 'break'],
    ['an odd link', '28.11.2026;9:00;10:00;;;javascript:alert(1)', 'online-url'],
  ])('a row with %s is told by its line, and the others are read', (_, row, problem) => {
    const { meetings, unread } = contentOf(
      rows('Datum;Von;Bis;Art;Pause;Online', row, '29.11.2026;9:00;10:00;;;'),
    );
    expect(meetings).toHaveLength(1);
    expect(unread).toMatchObject([{ line: 2, reason: { kind: 'problem', problem } }]);
  });

  test('lines are counted as an editor counts them, past empty ones and breaks within a cell', () => {
    const { meetings } = contentOf(
      rows(
        'Datum;Von;Bis;Beschreibung',
        '',
        '28.11.2026;9:00;10:00;"eins',
        'zwei"',
        '29.11.2026;9:00;10:00;',
      ),
    );
    expect(meetings.map(({ line }) => line)).toEqual([3, 5]);
  });

  test('a column that is missing says nothing; one that is empty says nothing is there', () => {
    const without = contentOf(rows('Datum;Von;Bis', '28.11.2026;9:00;10:00')).meetings[0];
    const empty = contentOf(rows('Datum;Von;Bis;Raum;Pause', '28.11.2026;9:00;10:00;;')).meetings[0];
    expect(without).not.toHaveProperty('room');
    expect(empty).toMatchObject({ room: null, breakMinutes: 0 });
  });

  test('a row’s own key, else its beginning, finds it again; the same one twice is refused', () => {
    const { meetings, unread } = contentOf(
      rows(
        'Datum;Von;Bis;Titel;Kennung',
        '28.11.2026;9:00;10:00;a;k1',
        '29.11.2026;9:00;10:00;b;',
        '30.11.2026;9:00;10:00;c;',
        '30.11.2026;9:00;10:00;d;',
        '01.12.2026;9:00;10:00;e;k1',
      ),
    );
    expect(meetings.map(({ key }) => key)).toEqual([
      'csv:id:k1',
      'csv:2026-11-29T09:00',
      'csv:2026-11-30T09:00 c',
      'csv:2026-11-30T09:00 d',
    ]);
    expect(unread).toMatchObject([{ line: 6, reason: { problem: 'twice' } }]);
  });
});

describe('files that are none of these', () => {
  test.each([
    ['nothing', bytes(''), { kind: 'empty' }],
    [
      'a picture',
      Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13]),
      { kind: 'not-text' },
    ],
    ['a letter', bytes('Sehr geehrte Damen und Herren,\nanbei'), { kind: 'not-known' }],
    [
      'a calendar without events',
      bytes('BEGIN:VCALENDAR\r\nEND:VCALENDAR'),
      { kind: 'calendar-without-events' },
    ],
    [
      'a table without an end',
      bytes('Datum;Von\n28.11.2026;9:00'),
      { kind: 'columns-missing', columns: ['to'] },
    ],
    [
      'a table with a quote that never ends',
      bytes('Datum;Von;Bis\n"28.11.2026;9:00;10:00\n'),
      { kind: 'table-broken', line: 2 },
    ],
    ['a huge file', new Uint8Array(900_001).fill(65), { kind: 'too-large' }],
  ])('%s', (_, file, problem) => {
    expect(problemOf(file)).toEqual(problem);
  });

  test('more than can be looked at', () => {
    const events = Array.from(
      { length: mostMeetings + 1 },
      (_, at) => `UID:${String(at)}\nDTSTART:20261128T090000Z\nDURATION:PT1H`,
    );
    expect(problemOf(calendar(...events))).toEqual({ kind: 'too-many', most: mostMeetings });
  });

  test('a rule that no day fits is broken off', () => {
    const rule = 'RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30';
    expect(problemOf(calendar(`UID:1\nDTSTART:20261128T090000Z\nDURATION:PT1H\n${rule}`))).toEqual({
      kind: 'takes-too-long',
    });
  });

  test('a line folded at every letter is read', () => {
    const folded = `DESCRIPTION:${'a\r\n '.repeat(2_999)}a`;
    const { meetings } = contentOf(
      bytes(
        `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261128T090000Z\r\nDURATION:PT1H\r\n${folded}\r\nEND:VEVENT\r\nEND:VCALENDAR`,
      ),
    );
    expect(meetings[0]?.description).toHaveLength(3_000);
  });

  test('whatever the bytes are, there is an answer', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'BEGIN:VEVENT\r\n',
        'END:VEVENT\r\n',
        'BEGIN:VTIMEZONE\r\n',
        'DTSTART:',
        'RRULE:FREQ=WEEKLY\r\n',
      ),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }),
          fc.array(piece).map((pieces) => bytes(`BEGIN:VCALENDAR\r\n${pieces.join('')}`)),
          fc.array(piece).map((pieces) => bytes(`Datum;Von;Bis\n${pieces.join(';')}`)),
        ),
        (file) => {
          expect(readFile(file, berlin)).toHaveProperty('ok');
        },
      ),
    );
  });
});
