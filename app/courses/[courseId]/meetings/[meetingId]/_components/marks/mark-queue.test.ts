import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MarkResult } from '#lib/attendance/mark-records.ts';
import type { RecordView } from '#lib/live/notices.ts';
import { changesBackTo, stands, withChanges } from './mark-change.ts';
import type { Change, Judging } from './mark-change.ts';
import { addWish, insist, nextMark, noteUnanswered, refuse, settle } from './mark-queue.ts';
import type { QueuedMark } from './mark-queue.ts';

const judging: Judging = {
  meeting: {
    startsAt: new Date('2026-11-28T08:00:00Z'),
    endsAt: new Date('2026-11-28T11:45:00Z'),
    breakMinutes: 15,
    breaks: [],
  },
  policy: { graceMinutes: 5, absentAfterMinutes: null, checkOutRequired: false },
};
const word = (status: 'present' | 'absent' | 'excused'): Change => ({ kind: 'word', status });
const late: Change = { kind: 'times', spans: [{ from: '2026-11-28T08:12:00.000Z', to: null }] };
const note = (text: string): Change => ({ kind: 'note', note: text });
const takeBack: Change = { kind: 'take-back' };

/** What must be there in a test. */
function there<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new Error('nothing is there');
  return value;
}

let ids = 0;
const add = (queued: QueuedMark | undefined, change: Change, revision = 0) =>
  addWish(queued, { membershipId: 'm', revision, wish: { id: String((ids += 1)), change } });
const result = (kind: MarkResult['kind'], record: RecordView | null): MarkResult => ({
  membershipId: 'm',
  kind,
  record,
});
const record = (change: Change, revision = 1): RecordView | null => {
  const made = withChanges(null, [change], judging);
  return made === null ? null : { ...made, revision };
};

describe('what waits for one member', () => {
  test.each<[string, Change[], Change[]]>([
    ['the last word counts', [word('present'), word('absent')], [word('absent')]],
    ['times are a word too', [word('present'), late], [late]],
    ['a note stays beside it', [note('ill'), word('excused')], [word('excused'), note('ill')]],
    ['the last note counts', [note('a'), note('b')], [note('b')]],
    ['taken back before it went out', [word('present'), takeBack], [takeBack]],
  ])('%s', (_, given, left) => {
    const queued = given.reduce<QueuedMark | undefined>((before, change) => add(before, change), undefined);
    expect(queued?.wishes.map(({ change }) => change)).toEqual(left);
  });

  test('the revision is the one that was seen first', () => {
    expect(add(add(undefined, word('present'), 3), word('absent'), 7).revision).toBe(3);
  });

  test('marked again in sight of a conflict, it is meant for what stands there', () => {
    const conflict = settle(add(undefined, word('present'), 3), 'x', result('conflict', record(late, 4)));
    expect(conflict?.trouble).toEqual({ kind: 'conflict' });
    expect(nextMark(there(conflict))).toBeUndefined();
    expect(add(conflict, word('absent'), 4)).toMatchObject({ revision: 4, trouble: null });
    expect(nextMark(insist(there(conflict), 4))).toMatchObject({ revision: 4, change: word('present') });
  });
});

describe('an answer', () => {
  const sent = add(undefined, word('present'), 0);
  const wishId = there(sent.wishes[0]).id;

  test('leaves nothing when all is entered', () => {
    expect(settle(sent, wishId, result('marked', record(word('present'))))).toBeUndefined();
  });

  test('leaves what was wanted meanwhile, for the revision that stands there now', () => {
    const left = settle(add(sent, word('absent')), wishId, result('marked', record(word('present'), 1)));
    expect(nextMark(there(left))).toMatchObject({ revision: 1, change: word('absent') });
  });

  test('that was lost makes no conflict with oneself', () => {
    const changed = add(noteUnanswered(sent, word('present')), word('absent'));
    const left = settle(changed, 'x', result('conflict', record(word('present'), 1)));
    expect(nextMark(there(left))).toMatchObject({ revision: 1, change: word('absent') });
  });

  test('that was lost does not hide a conflict with somebody else', () => {
    const changed = add(noteUnanswered(sent, word('present')), word('absent'));
    expect(settle(changed, 'x', result('conflict', record(late, 1)))?.trouble?.kind).toBe('conflict');
  });

  test('a note without a record waits for the teacher; no note is what was wanted', () => {
    const [some, none] = [add(undefined, note('ill')), add(undefined, note(''))];
    expect(settle(some, there(some.wishes[0]).id, result('no-record', null))?.trouble?.kind).toBe(
      'no-record',
    );
    expect(settle(none, there(none.wishes[0]).id, result('no-record', null))).toBeUndefined();
  });

  test('a refusal is not put down to a wish that came after', () => {
    expect(refuse(sent, wishId, 'invalid-input').trouble?.kind).toBe('refused');
    expect(refuse(add(sent, word('absent')), wishId, 'invalid-input').trouble).toBeNull();
  });
});

const changes = fc.oneof(
  fc.constantFrom<Change>(word('present'), word('absent'), word('excused'), late, takeBack),
  fc.constantFrom<Change>(note('ill'), note('‮ <b>'), note('')),
);
const records = fc
  .array(changes, { maxLength: 4 })
  .map((done) => withChanges(null, done, judging))
  .map((made) => (made === null ? null : { ...made, revision: 5 }));

test('undo brings back exactly what was there', () => {
  fc.assert(
    fc.property(
      records,
      fc.uniqueArray(changes, { selector: ({ kind }) => kind, maxLength: 2 }),
      (before, done) => {
        // Sent in the queue's order, as it is.
        const wishes = done.reduce<QueuedMark | undefined>(
          (queued, change) => add(queued, change),
          undefined,
        );
        const sent = wishes?.wishes.map(({ change }) => change) ?? [];
        const after = withChanges(before, sent, judging);
        const undone = withChanges(after, changesBackTo(before, sent), judging);
        const said = (view: RecordView | null) => (view === null ? null : { ...view, revision: 0 });
        expect(said(undone)).toEqual(said(before));
      },
    ),
  );
});

test('a change that was made stands', () => {
  fc.assert(
    fc.property(records, changes, (before, change) => {
      const after = withChanges(before, [change], judging);
      if (change.kind !== 'note' || after !== null) expect(stands(after, change)).toBe(true);
    }),
  );
});
