import { describe, expect, test } from 'vitest';
import { loadRegister } from '#lib/attendance/load-register.ts';
import { markRecords } from '#lib/attendance/mark-records.ts';
import { useClassroom } from '../support/classroom.ts';
import { saturday, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);
const { who, place } = room;

const marks = () => [
  {
    membershipId: room.anna.membershipId,
    revision: 0,
    change: { kind: 'word' as const, status: 'absent' as const },
  },
];

describe('marks that waited in a browser', () => {
  test('are entered for whoever made them', async () => {
    const view = await loadRegister(who(room.teacher, saturday), place());
    expect(view.viewerMembershipId).toBe(room.teacher.membershipId);
    const by = view.viewerMembershipId;
    const results = await markRecords(who(room.teacher, saturday), { ...place(), marks: marks(), by });
    expect(results).toMatchObject([{ kind: 'marked', record: { status: 'absent' } }]);
  });

  test.each<[string, () => unknown]>([
    ['somebody else', () => room.anna.membershipId],
    ['nobody that there is', () => 'nobody'],
    ['nothing that is a name', () => null],
  ])('are entered in nobody else’s name: made by %s', async (_, by) => {
    const colleague = await room.course.addMember('Col Lega', 'teacher');
    await expect(
      markRecords(who(colleague, saturday), { ...place(), marks: marks(), by: by() }),
    ).rejects.toMatchObject({ code: 'other-person' });
    const { rows } = await loadRegister(who(room.teacher, saturday), place());
    expect(rows.map(({ record }) => record)).toEqual([null]);
  });
});
