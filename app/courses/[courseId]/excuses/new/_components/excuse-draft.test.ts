import { expect, test } from 'vitest';
import type { ChoosableMeeting } from '#lib/excuses/load-excuse-form.ts';
import { beginDraft, continueDraft, findMissing, meetingsOf, requestOf } from './excuse-draft.ts';
import type { ExcuseDraft } from './excuse-draft.ts';

const meeting = (id: string, day: string, more: Partial<ChoosableMeeting> = {}): ChoosableMeeting => ({
  ...{ id, title: null, number: 1, localStart: `${day}T09:00`, localEnd: `${day}T12:00`, room: null },
  ...{
    startsAt: new Date(`${day}T08:00:00Z`),
    endsAt: new Date(`${day}T11:00:00Z`),
    timeZone: 'Europe/Berlin',
  },
  ...{ state: 'planned', status: null, source: null, isTaken: false, excuse: null, isMissed: false },
  ...more,
});
const waits = { id: 'other', state: 'submitted' } as const;
const meetings = [
  meeting('missed', '2026-11-21', { isMissed: true, status: 'absent' }),
  meeting('missed-covered', '2026-11-22', { isMissed: true, excuse: waits }),
  meeting('next', '2026-11-28'),
  meeting('later', '2026-12-05'),
];
const begin = (linkedId: string | null = null) => beginDraft(meetings, { id: 'mine', linkedId });
const draft = (changes: Partial<ExcuseDraft>): ExcuseDraft => ({ ...begin(), ...changes });

test.each([
  ['no link: what was missed and nothing covers', null, ['missed']],
  ['a link: that meeting alone', 'later', ['later']],
  ['a link to what an excuse covers', 'missed-covered', ['missed']],
  ['a link to nothing', 'elsewhere', ['missed']],
])('%s', (_, linkedId, ticked) => {
  expect(begin(linkedId).meetingIds).toEqual(ticked);
});

test.each<[string, Partial<ExcuseDraft>, string | null, string[] | undefined]>([
  ['a reload changes nothing', { meetingIds: ['next'], linkedId: 'missed' }, 'missed', ['next']],
  ['another link adds its meeting', { meetingIds: ['next'], linkedId: 'missed' }, 'later', ['next', 'later']],
  ['another link leaves the days', { way: 'days', meetingIds: [] }, 'later', ['later']],
  ['what is covered by now is not meant', { meetingIds: ['next', 'missed-covered'] }, null, ['next']],
  ['it was handed in', { id: 'other' }, null, undefined],
])('a draft goes on: %s', (_, left, linkedId, ticked) => {
  expect(continueDraft(draft(left), meetings, linkedId)?.meetingIds).toEqual(ticked);
});

test.each<[Partial<ExcuseDraft>, string[]]>([
  [{ reason: 'illness' }, []],
  [{}, ['reason']],
  [{ meetingIds: [], reason: 'work' }, ['meetings']],
  [{ way: 'days', reason: 'work' }, ['days']],
  [{ way: 'days', fromDay: '2026-12-02', toDay: '2026-12-01' }, ['days', 'reason']],
  [{ way: 'days', meetingIds: [], fromDay: '2026-12-01', toDay: '2026-12-01', reason: 'care' }, []],
])('%j lacks %j', (changes, missing) => {
  expect(findMissing(draft(changes))).toEqual(missing);
});

test('days are about the meetings that begin on them and that no excuse covers', () => {
  const days = draft({ way: 'days', fromDay: '2026-11-22', toDay: '2026-12-04' });
  expect(meetingsOf(days, meetings).map(({ id }) => id)).toEqual(['next']);
});

test('what travels names meetings or days, never both', () => {
  const filled = draft({ fromDay: '2026-11-22', toDay: '2026-12-04', reason: 'care', text: 'x' });
  expect(requestOf(filled, ['file'])).toEqual({
    ...{ id: 'mine', reason: 'care', text: 'x', fileIds: ['file'] },
    choice: { kind: 'meetings', meetingIds: ['missed'] },
  });
  expect(requestOf({ ...filled, way: 'days' }, [])).toMatchObject({
    choice: { kind: 'days', fromDay: '2026-11-22', toDay: '2026-12-04' },
  });
});
