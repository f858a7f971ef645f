import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../base/course-policy.ts';
import { readShape } from './old-shape.ts';
import {
  chooseRecord,
  decideImported,
  documentPaths,
  gatherHumans,
  readLocal,
  readMoment,
  readSession,
  readStatus,
} from './rules.ts';
import type { OldRecord } from './rules.ts';

describe('users of one human', () => {
  test('are joined by what identifies, and by e-mail where nothing parts them', () => {
    const { humans, joined, contradicting } = gatherHumans([
      { id: '1', loginId: 'anna', canvasUserId: '11', email: 'Anna@school.example', name: 'Anna' },
      { id: '2', sub: 'sub-anna', email: 'anna@school.example' },
      { id: '3', sub: 'sub-ben', canvasUserId: '12' },
      { id: '4', canvasUserId: '12', loginId: 'ben' },
      { id: '5', name: 'Ben' },
    ]);
    expect(humans.map(({ oldIds }) => oldIds)).toEqual([['1', '2'], ['3', '4'], ['5']]);
    expect(humans[0]).toMatchObject({ sub: 'sub-anna', canvasUserId: '11', name: 'Anna' });
    expect({ joined, contradicting }).toEqual({ joined: 2, contradicting: 0 });
  });

  test.each([
    [
      'one family’s address',
      { id: '1', sub: 'a', email: 'family@home.example' },
      { id: '2', sub: 'b', email: 'family@home.example' },
    ],
    [
      'one address under two logins',
      { id: '1', loginId: 'a', email: 'x@school.example' },
      { id: '2', loginId: 'b', email: 'x@school.example' },
    ],
    [
      'one number under two subs',
      { id: '1', sub: 'a', canvasUserId: '7' },
      { id: '2', sub: 'b', canvasUserId: '7' },
    ],
  ])('stay apart: %s', (_what, one, other) => {
    expect(gatherHumans([one, other])).toMatchObject({ joined: 0, contradicting: 1 });
    expect(gatherHumans([other, one]).humans).toHaveLength(2);
  });

  test('who has one name is nobody’s double', () => {
    expect(
      gatherHumans([
        { id: '1', sub: 'a', name: 'Anna' },
        { id: '2', sub: 'b', name: 'Anna' },
      ]).joined,
    ).toBe(0);
  });

  test('three rows become one, whichever way round they come', () => {
    const rows = [
      { id: '1', loginId: 'l', email: 'e' },
      { id: '2', canvasUserId: '9', loginId: 'l' },
      { id: '3', sub: 's', canvasUserId: '9' },
    ];
    for (const order of [
      rows,
      [...rows].reverse(),
      [rows[1], rows[0], rows[2]].flatMap((row) => row ?? []),
    ]) {
      expect(gatherHumans(order).humans).toHaveLength(1);
    }
  });
});

const berlin = { zone: 'Europe/Berlin', oldZone: 'Europe/Berlin' };

test.each<[string, Parameters<typeof readLocal>, string | undefined]>([
  ['a time alone', ['9:05:30', '2024-03-01', berlin], '2024-03-01T09:05'],
  ['a moment without a zone', ['2024-03-01T09:05:00', '2024-01-01', berlin], '2024-03-01T09:05'],
  [
    'a moment of another zone',
    ['2024-03-01T09:05:00', undefined, { ...berlin, oldZone: 'UTC' }],
    '2024-03-01T10:05',
  ],
  ['a moment in UTC, in summer', ['2024-07-01T09:05:00Z', undefined, berlin], '2024-07-01T11:05'],
  ['a moment with an offset', ['2024-07-01 09:05+0530', undefined, berlin], '2024-07-01T05:35'],
  ['a time of no day', ['09:05', undefined, berlin], undefined],
  ['no time', ['soon', '2024-03-01', berlin], undefined],
  ['a time that no clock shows', ['25:00', '2024-03-01', berlin], undefined],
  ['nothing', [null, '2024-03-01', berlin], undefined],
])('%s is read as the course’s clock shows it', (_what, given, expected) => {
  expect(readLocal(...given)).toBe(expected);
});

test.each<[string, string | null, string, string | undefined]>([
  ['who came before midnight', '22:40', '2024-03-01T21:00Z', '2024-03-01T21:40:00.000Z'],
  ['who came after midnight', '00:10', '2024-03-01T21:00Z', '2024-03-01T23:10:00.000Z'],
  ['who came long before the morning’s start', '07:00', '2024-03-01T08:00Z', '2024-03-01T06:00:00.000Z'],
  ['whose time has a day', '2024-03-01T00:10', '2024-03-01T21:00Z', '2024-02-29T23:10:00.000Z'],
  ['of whom nothing is known', null, '2024-03-01T21:00Z', undefined],
])('the moment of one %s', (_who, value, startsAt, expected) => {
  const meeting = { day: '2024-03-01', startsAt: new Date(startsAt) };
  expect(readMoment(value, meeting, berlin)?.toISOString()).toBe(expected);
});

test('a session becomes a meeting’s words', () => {
  expect(
    readSession(
      {
        ...{ date: '2024-03-01', from: '17:00', to: '20:30', breakFrom: '18:30', breakTo: '18:45' },
        ...{
          title: ' Kurs ',
          kind: 'Abend',
          room: 'R'.repeat(120),
          onlineUrl: 'http://zoom.example/1',
          isMandatory: 'false',
        },
      },
      berlin,
    ),
  ).toEqual({
    words: {
      ...{
        title: 'Kurs',
        date: '2024-03-01',
        from: '17:00',
        to: '20:30',
        endsNextDay: false,
        kind: 'evening',
      },
      ...{
        breakMinutes: 0,
        breaks: [{ from: '18:30', to: '18:45' }],
        room: 'R'.repeat(100),
        onlineUrl: null,
      },
      ...{ onlinePlatform: null, description: null, isMandatory: false },
    },
    cured: ['links-not-https', 'texts-cut'],
  });
  expect(readSession({ from: '17:00', to: '20:30' }, berlin)).toBeUndefined();
  expect(readSession({ date: '2024-03-01', from: '22:00', to: '01:00' }, berlin)?.words.endsNextDay).toBe(
    true,
  );
});

test.each([
  ['a day', '2024-03-01', berlin, '2024-03-01'],
  ['the course’s midnight in UTC', '2024-02-29T23:00:00Z', berlin, '2024-03-01'],
  ['the same without its zone', '2024-02-29T23:00:00', { ...berlin, oldZone: 'UTC' }, '2024-03-01'],
  ['a day as a moment', '2024-03-01T00:00:00Z', { zone: 'America/New_York', oldZone: 'UTC' }, '2024-03-01'],
])('the day of a session, kept as %s', (_what, date, clock, day) => {
  expect(readSession({ date, from: '09:00', to: '10:30' }, clock)?.words.date).toBe(day);
});

test('statuses are read, whatever their capitals; others are none', () => {
  expect(
    ['Present', 'LATE', 'left_early', 'partial', 'excused ', 'absent', 'sick', ''].map(readStatus),
  ).toEqual([...['present', 'late', 'partial', 'partial', 'excused', 'absent', undefined, undefined]]);
});

test('of two records, whoever was there was there; else the later one counts', () => {
  const record = (id: string, status: 'present' | 'absent' | 'excused', changedAt: string | null = null) => ({
    ...{ id, status, changedAt },
  });
  expect(chooseRecord([record('1', 'absent', '2024-03-02'), record('2', 'present', '2024-03-01')]).id).toBe(
    '2',
  );
  expect(chooseRecord([record('1', 'excused', '2024-03-01'), record('2', 'absent', '2024-03-02')]).id).toBe(
    '1',
  );
  expect(chooseRecord([record('1', 'absent', '2024-03-01'), record('2', 'absent', '2024-03-02')]).id).toBe(
    '2',
  );
  expect(chooseRecord([record('9', 'absent'), record('10', 'absent')]).id).toBe('10');
});

describe('an old record', () => {
  const meeting = {
    ...{ startsAt: new Date('2024-03-01T08:00:00Z'), endsAt: new Date('2024-03-01T10:00:00Z') },
    ...{ breakMinutes: 0, breaks: [] },
  };
  const at = (clock: string) => new Date(`2024-03-01T${clock}:00Z`);
  const old = (given: Partial<OldRecord>): OldRecord => ({
    ...{ status: 'present', arrival: undefined, leaving: undefined, hasDocument: false },
    ...given,
  });

  test.each<[string, Partial<OldRecord>, object]>([
    ['present', {}, { status: 'present', provenMinutes: 120, spans: [], cured: [] }],
    ['present in time', { arrival: at('08:03') }, { status: 'present', provenMinutes: 120, cured: [] }],
    [
      'present by a late check-in, which had full minutes',
      { arrival: at('08:30') },
      { status: 'late', provenMinutes: 90, cured: ['full-minutes-ended'] },
    ],
    ['late', { status: 'late', arrival: at('08:30') }, { status: 'late', provenMinutes: 90, cured: [] }],
    [
      'late within what is grace today',
      { status: 'late', arrival: at('08:04') },
      { status: 'present', provenMinutes: 120, cured: ['status-follows-times'] },
    ],
    [
      'late without a time',
      { status: 'late' },
      { status: 'late', provenMinutes: 114, cured: ['late-without-time'] },
    ],
    [
      'partial',
      { status: 'partial', leaving: at('09:00') },
      { status: 'partial', provenMinutes: 60, cured: [] },
    ],
    [
      'partial without a time',
      { status: 'partial' },
      { status: 'partial', provenMinutes: 114, cured: ['partial-without-time'] },
    ],
    [
      'present, checked in after the end',
      { arrival: at('12:00') },
      { status: 'present', provenMinutes: 120, cured: ['times-unusable'] },
    ],
    ['absent', { status: 'absent' }, { status: 'absent', provenMinutes: 0, source: 'teacher', cured: [] }],
    ['excused by a teacher', { status: 'excused' }, { status: 'excused', source: 'teacher', cured: [] }],
    [
      'excused by an upload',
      { status: 'excused', hasDocument: true },
      { status: 'excused', source: 'excuse', provenMinutes: 0, cured: ['excuses-undecided'] },
    ],
  ])('%s', (_what, given, expected) => {
    expect(decideImported(meeting, old(given), defaultPolicy)).toMatchObject(expected);
  });
});

describe('the shape of the old database', () => {
  const column = (name: string, type = 'text') => {
    const [table = '', named = ''] = name.split('.');
    return { table, column: named, type };
  };
  const least = [
    ...['users.id', 'users.canvas_user_id', 'courses.id', 'courses.canvas_course_id', 'sessions.id'],
    ...['sessions.course_id', 'sessions.date', 'sessions.start_time', 'sessions.end_time'],
    ...['attendance_records.id', 'attendance_records.session_id', 'attendance_records.user_id'],
    'attendance_records.status',
  ];

  test('is found by any of its usual names, and what is not read is told', () => {
    const shape = readShape([...least, 'users.password_hash'].map((name) => column(name)));
    expect(shape.missing).toEqual([]);
    expect(shape.unread).toEqual(['users.password_hash']);
    expect(shape.fields.attendance_records.userId?.column).toBe('user_id');
  });

  test.each([
    ['attendance_records.status', { table: 'attendance_records', field: 'status' }],
    ['users.canvas_user_id', { table: 'users', field: 'sub or canvasUserId or sisId' }],
    ['courses.canvas_course_id', { table: 'courses', field: 'canvasCourseId or contextId' }],
    ['sessions.date', { table: 'sessions', field: 'date' }],
  ])('without %s says so', (name, expected) => {
    const shape = readShape(least.filter((one) => one !== name).map((one) => column(one)));
    expect(shape.missing).toMatchObject([expected]);
  });

  test('needs no day where the start is a moment', () => {
    const columns = least.filter((name) => name !== 'sessions.date').map((name) => column(name));
    const moments = columns.map((one) =>
      one.column === 'start_time' ? { ...one, type: 'timestamp with time zone' } : one,
    );
    expect(readShape(moments).missing).toEqual([]);
  });

  test('of another program’s database is nobody’s', () => {
    expect(readShape([]).missing.map(({ table, field }) => [table, field])).toEqual([
      ...['users', 'courses', 'sessions', 'attendance_records'].map((table) => [table, null]),
    ]);
  });
});

test('a document is looked for below the folder, by ever shorter paths, and never above it', () => {
  expect(documentPaths('https://old.example/uploads/excuses/a%20b.pdf')).toEqual([
    ...['uploads/excuses/a b.pdf', 'excuses/a b.pdf', 'a b.pdf'],
  ]);
  expect(documentPaths('../../etc/passwd')).toEqual(['etc/passwd', 'passwd']);
});
