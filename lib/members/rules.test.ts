import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Status } from '../base/statuses.ts';
import {
  daysOfSpan,
  decideIdentities,
  decideSpanEdit,
  decideSpans,
  decideSpanStarts,
  isBetterRecord,
  joinSpans,
  placeholderSub,
} from './rules.ts';
import type { KnownSpan, PersonRow, SpanStarts } from './rules.ts';

const zone = 'Europe/Berlin';
const now = new Date('2026-11-28T13:00:00Z');
const today = new Date('2026-11-27T23:00:00Z');
const october = new Date('2026-10-01T00:00:00Z');
const december = new Date('2026-12-24T23:00:00Z');

const span = (change: Partial<KnownSpan> = {}): KnownSpan => ({
  id: 's1',
  sectionId: 'A',
  startsAt: null,
  endsAt: null,
  source: 'platform',
  ...change,
});

describe('from when spans count', () => {
  const synced = { rosterSyncedAt: october, timeZone: zone };
  const firstSeen = { lateArrivalsCountFrom: 'first-seen' } as const;
  test.each<[string, Parameters<typeof decideSpanStarts>, SpanStarts]>([
    [
      'before the first complete roster: with the course',
      [{ ...synced, rosterSyncedAt: null }, firstSeen, now],
      { newMember: null, knownMember: null },
    ],
    [
      'a late arrival: with the day, by the course’s clock',
      [synced, firstSeen, now],
      { newMember: today, knownMember: today },
    ],
    [
      'a late arrival where the policy says "from the start"; a member’s further section does not reach back',
      [synced, { lateArrivalsCountFrom: 'course-start' }, now],
      { newMember: null, knownMember: today },
    ],
  ])('%s', (_case, given, starts) => {
    expect(decideSpanStarts(...given)).toEqual(starts);
  });
});

describe('which spans end and open', () => {
  const starts = { newMember: null, knownMember: today };
  const nothing = { end: [], name: [], open: [] };
  test.each<[string, KnownSpan[], string[] | undefined, ReturnType<typeof decideSpans>]>([
    ['a new member', [], ['A'], { ...nothing, open: [{ sectionId: 'A', startsAt: null }] }],
    ['a new member without a section', [], [], { ...nothing, open: [{ sectionId: null, startsAt: null }] }],
    [
      'a new member, sections untold',
      [],
      undefined,
      { ...nothing, open: [{ sectionId: null, startsAt: null }] },
    ],
    ['nothing new', [span()], ['A'], nothing],
    ['sections untold', [span()], undefined, nothing],
    [
      'a move ends one and opens the other at this moment',
      [span()],
      ['B'],
      { ...nothing, end: ['s1'], open: [{ sectionId: 'B', startsAt: now }] },
    ],
    [
      'a further section counts from today',
      [span()],
      ['A', 'B', 'B'],
      { ...nothing, open: [{ sectionId: 'B', startsAt: today }] },
    ],
    [
      'the section is told for the first time: it was theirs all along',
      [span({ sectionId: null, startsAt: october })],
      ['A', 'B'],
      { ...nothing, name: [{ id: 's1', sectionId: 'A' }], open: [{ sectionId: 'B', startsAt: october }] },
    ],
    [
      'one who comes back counts from today',
      [span({ endsAt: october })],
      ['A'],
      { ...nothing, open: [{ sectionId: 'A', startsAt: today }] },
    ],
    [
      'one who left this morning and is back counts from then, not twice',
      [span({ endsAt: new Date('2026-11-28T09:00:00Z') })],
      ['A'],
      { ...nothing, open: [{ sectionId: 'A', startsAt: new Date('2026-11-28T09:00:00Z') }] },
    ],
    [
      'what a teacher ended is not opened again',
      [span({ endsAt: october, source: 'teacher' })],
      ['A'],
      nothing,
    ],
    ['nor when sections are untold', [span({ endsAt: october, source: 'teacher' })], undefined, nothing],
    [
      'what a teacher lets end later is open',
      [span({ endsAt: december, source: 'teacher' })],
      ['A'],
      nothing,
    ],
    [
      'what a teacher opened is not ended',
      [span({ source: 'teacher' })],
      [],
      { ...nothing, open: [{ sectionId: null, startsAt: today }] },
    ],
    [
      'a section that was taken away and another one',
      [
        span({ startsAt: new Date(0), endsAt: new Date(0), source: 'teacher' }),
        span({ id: 's2', sectionId: 'B' }),
      ],
      ['A', 'B'],
      nothing,
    ],
  ])('%s', (_case, spans, sections, changes) => {
    expect(decideSpans(spans, sections, starts, now)).toEqual(changes);
  });

  test('after it, a second look at the same list changes nothing', () => {
    const sections = fc.option(fc.subarray(['A', 'B', 'C']), { nil: undefined });
    const spans = fc.uniqueArray(
      fc.record({
        id: fc.uuid(),
        sectionId: fc.constantFrom('A', 'B', 'C', null),
        startsAt: fc.constant(null),
        endsAt: fc.constantFrom(null, october, december),
        source: fc.constantFrom('platform' as const, 'teacher' as const),
      }),
      { selector: ({ sectionId }) => sectionId, maxLength: 4 },
    );
    fc.assert(
      fc.property(spans, sections, (before, told) => {
        const { end, name, open } = decideSpans(before, told, starts, now);
        const after = [
          ...before.map((one) => ({
            ...one,
            endsAt: end.includes(one.id) ? now : one.endsAt,
            sectionId: name.find(({ id }) => id === one.id)?.sectionId ?? one.sectionId,
          })),
          ...open.map((one, index) => span({ id: `new${String(index)}`, ...one })),
        ];
        expect(decideSpans(after, told, starts, now)).toEqual(nothing);
      }),
    );
  });
});

describe('whose row a member is', () => {
  const row = (sub: string, canvasUserId: string | null, mergedInto?: PersonRow): PersonRow => ({
    id: `id-${sub}`,
    sub,
    canvasUserId,
    mergedInto,
  });
  const seen = (sub: string, canvasUserId?: string) => ({ sub, canvasUserId });
  const told = (given: { sub: string; canvasUserId: string | undefined }[], known: PersonRow[]) => {
    const plan = decideIdentities(given, known);
    return {
      rows: given.map(({ sub }) => plan.rowOf.get(sub)?.sub),
      claims: plan.claims.map(({ sub }) => sub),
      merges: plan.merges.map(({ from, to }) => `${from.sub} → ${to.sub}`),
      numbers: plan.numbers.map(({ sub, canvasUserId }) => `${sub} ${String(canvasUserId)}`),
      conflicts: plan.conflicts.map((conflict) => `${conflict.row.sub} ${conflict.holder.sub}`),
    };
  };
  const plain = { claims: [], merges: [], numbers: [], conflicts: [] };
  const five = placeholderSub('5');
  const living = row('anna', '5');

  test.each<[string, ReturnType<typeof seen>[], PersonRow[], ReturnType<typeof told>]>([
    ['a new one with a number', [seen('anna', '5')], [], { ...plain, rows: ['anna'], numbers: ['anna 5'] }],
    ['a known one', [seen('anna', '5')], [row('anna', '5')], { ...plain, rows: ['anna'] }],
    [
      'known by the number alone, named now',
      [seen('anna', '5')],
      [row(five, '5')],
      { ...plain, rows: ['anna'], claims: ['anna'] },
    ],
    ['named by the number alone, known', [seen(five, '5')], [row('anna', '5')], { ...plain, rows: ['anna'] }],
    [
      'both on one page',
      [seen(five, '5'), seen('anna', '5')],
      [],
      { ...plain, rows: ['anna', 'anna'], numbers: ['anna 5'] },
    ],
    [
      'both on one page, the number known',
      [seen(five, '5'), seen('anna', '5')],
      [row(five, '5')],
      { ...plain, rows: ['anna', 'anna'], claims: ['anna'] },
    ],
    [
      'two rows, one of them known by the number alone',
      [seen('anna', '5')],
      [row('anna', null), row(five, '5')],
      { ...plain, rows: ['anna'], merges: [`${five} → anna`] },
    ],
    [
      'two subs with one number',
      [seen('berta', '5')],
      [row('anna', '5')],
      { ...plain, rows: ['berta'], conflicts: ['berta anna'] },
    ],
    [
      'two new subs with one number',
      [seen('anna', '5'), seen('berta', '5')],
      [],
      { ...plain, rows: ['anna', 'berta'], numbers: ['anna 5'], conflicts: ['berta anna'] },
    ],
    [
      'one who was merged lives on in the other',
      [seen('anna-old', '5')],
      [living, row('anna-old', null, living)],
      { ...plain, rows: ['anna'] },
    ],
    [
      'both subs of one human on one page',
      [seen('anna-old'), seen('anna', '5')],
      [living, row('anna-old', null, living)],
      { ...plain, rows: ['anna', 'anna'] },
    ],
    [
      'a number that went with a merged row',
      [seen('anna', '6')],
      [living, row('anna-old', '6', living)],
      { ...plain, rows: ['anna'] },
    ],
  ])('%s', (_case, given, known, plan) => {
    expect(told(given, known)).toEqual(plan);
  });
});

describe('a teacher’s edit', () => {
  const known = [
    span({ endsAt: new Date('2026-10-12T12:00:00Z') }),
    span({ id: 's2', sectionId: 'B', startsAt: new Date('2026-10-12T12:00:00Z') }),
  ];
  const shown = known.map(({ id, sectionId, ...times }) => ({ id, sectionId, ...daysOfSpan(times, zone) }));

  test('days are those that a person reads, both inclusive', () => {
    expect(shown).toEqual([
      { id: 's1', sectionId: 'A', from: null, to: '2026-10-12' },
      { id: 's2', sectionId: 'B', from: '2026-10-12', to: null },
    ]);
  });

  test('what was not changed keeps its exact moment and its source', () => {
    expect(decideSpanEdit(known, shown, zone)).toEqual({ kind: 'edit', edit: { spans: known, removed: [] } });
  });

  test('another end is the teacher’s and lasts to the end of that day, another start is not', () => {
    const [a, b] = shown;
    if (a === undefined || b === undefined) throw new Error('two spans');
    const wanted = [
      { ...a, from: '2026-09-01' },
      { ...b, to: '2026-12-20' },
    ];
    expect(decideSpanEdit(known, wanted, zone)).toEqual({
      kind: 'edit',
      edit: {
        removed: [],
        spans: [
          { ...known[0], startsAt: new Date('2026-08-31T22:00:00Z') },
          { ...known[1], endsAt: new Date('2026-12-20T23:00:00Z'), source: 'teacher' },
        ],
      },
    });
  });

  test('in another section it is another span', () => {
    const [, b] = shown;
    if (b === undefined) throw new Error('two spans');
    const decided = decideSpanEdit(known, [{ ...b, sectionId: 'C' }], zone);
    expect(decided).toMatchObject({
      edit: { removed: ['s1', 's2'], spans: [{ id: undefined, sectionId: 'C', source: 'teacher' }] },
    });
  });

  test.each<[string, Parameters<typeof decideSpanEdit>[1], { index: number; problem: string }]>([
    [
      'ends before it starts',
      [{ sectionId: 'A', from: '2026-10-02', to: '2026-10-01' }],
      { index: 0, problem: 'end-before-start' },
    ],
    [
      'twice in one section',
      [
        { sectionId: 'A', from: null, to: '2026-10-02' },
        { sectionId: 'A', from: '2026-10-02', to: null },
      ],
      { index: 1, problem: 'overlap' },
    ],
  ])('%s', (_case, wanted, problem) => {
    expect(decideSpanEdit(known, wanted, zone)).toEqual({ kind: 'invalid', problems: [problem] });
  });

  test('one day alone, and two sections at once, are in order', () => {
    const wanted = [
      { sectionId: 'A', from: '2026-10-25', to: '2026-10-25' },
      { sectionId: 'B', from: null, to: null },
    ];
    expect(decideSpanEdit([], wanted, zone)).toMatchObject({ kind: 'edit' });
  });
});

describe('one human of two rows', () => {
  test.each<[string, Partial<KnownSpan>[], Partial<KnownSpan>[]]>([
    [
      'times that touch become one',
      [{ endsAt: october }, { startsAt: october }],
      [{ startsAt: null, endsAt: null }],
    ],
    [
      'times apart stay apart',
      [{ endsAt: october }, { startsAt: now }],
      [{ endsAt: october }, { startsAt: now }],
    ],
    ['other sections stay', [{}, { sectionId: 'B' }], [{}, { sectionId: 'B' }]],
    [
      'the later end, and who said it',
      [{ endsAt: december, source: 'teacher' }, { endsAt: october }],
      [{ endsAt: december, source: 'teacher' }],
    ],
  ])('spans: %s', (_case, spans, joined) => {
    expect(joinSpans(spans.map(span))).toEqual(joined.map(span));
  });

  test('joined spans never overlap within a section, and cover what they covered', () => {
    const moment = fc.integer({ min: 0, max: 20 }).map((day) => new Date(Date.UTC(2026, 9, 1 + day)));
    const any = fc
      .tuple(moment, moment, fc.constantFrom('A', 'B'))
      .map(([a, b, sectionId]) => span({ sectionId, startsAt: a < b ? a : b, endsAt: a < b ? b : a }));
    const covers = (spans: readonly KnownSpan[], at: Date, section: string) =>
      spans.filter(
        (one) => one.sectionId === section && Number(one.startsAt) <= +at && Number(one.endsAt) > +at,
      ).length;
    fc.assert(
      fc.property(fc.array(any, { maxLength: 6 }), moment, (spans, at) => {
        const joined = joinSpans(spans);
        for (const section of ['A', 'B']) {
          expect(covers(joined, at, section)).toBe(Math.min(1, covers(spans, at, section)));
        }
      }),
    );
  });

  const checkIn = (provenMinutes: number, status: Status = 'present') => ({
    ...{ source: 'check-in' as const, status, provenMinutes },
  });
  const teacher = (provenMinutes: number) => ({
    ...{ source: 'teacher' as const, status: 'present' as const, provenMinutes },
  });
  const excuse = (provenMinutes: number) => ({
    ...{ source: 'excuse' as const, status: 'excused' as const, provenMinutes },
  });
  test.each([
    ['a teacher’s word stands above a check-in', teacher(0), checkIn(180), true],
    ['a check-in does not', checkIn(180), teacher(0), false],
    ['of two check-ins the longer one', checkIn(180), checkIn(60), true],
    ['a teacher’s word stands above an accepted excuse', teacher(0), excuse(0), true],
    ['who was there stands above their excuse', checkIn(60), excuse(0), true],
    ['an excuse does not stand above who was there', excuse(0), checkIn(60), false],
    ['an excuse stands above an absence', excuse(0), checkIn(60, 'absent'), true],
    ['an absence does not stand above an excuse', checkIn(60, 'absent'), excuse(0), false],
    ['of equal ones the one that is there', checkIn(60), checkIn(60), false],
  ])('records: %s', (_case, record, than, better) => {
    expect(isBetterRecord(record, than)).toBe(better);
  });
});
