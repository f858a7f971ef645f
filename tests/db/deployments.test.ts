import { eq } from 'drizzle-orm';
import { beforeEach, describe, expect, test } from 'vitest';
import { markRecords } from '#lib/attendance/mark-records.ts';
import type { DeploymentApproval } from '#lib/base/env.ts';
import { newId, randomToken } from '#lib/base/ids.ts';
import {
  attendanceRecords,
  auditEvents,
  courses,
  deployments,
  devices,
  memberships,
  people,
  personalCodes,
  platforms,
  rosterSyncs,
  sections,
} from '#lib/db/schema.ts';
import { showMyCode } from '#lib/helping/show-my-code.ts';
import { admitDeployment } from '#lib/platforms/admit-deployment.ts';
import { approveDeployment } from '#lib/platforms/approve-deployment.ts';
import { findDeployment } from '#lib/platforms/find-deployment.ts';
import { listDeployments } from '#lib/platforms/list-deployments.ts';
import { moveDeployment } from '#lib/platforms/move-deployment.ts';
import type { DeploymentMove } from '#lib/platforms/move-deployment.ts';
import { refuseDeployment } from '#lib/platforms/refuse-deployment.ts';
import { registerPlatform } from '#lib/platforms/register-platform.ts';
import { mostPendingDeployments } from '#lib/platforms/rules.ts';
import { rememberPhone } from '../support/remember-phone.ts';
import { seedCourse } from '../support/seed-course.ts';
import { saturday, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();

/** A registered platform with these deployments, approved. */
async function register(deploymentIds: string[] = [], issuer = 'https://canvas.example') {
  const platform = await registerPlatform(tool.ctx, {
    issuer,
    clientId: randomToken(6),
    name: 'Canvas',
    authorizeUrl: `${issuer}/authorize`,
    tokenUrl: `${issuer}/token`,
    jwksUrl: `${issuer}/jwks`,
    deploymentIds,
  });
  return platform.id;
}

const kept = (platformId: string) =>
  tool.ctx.db.select().from(deployments).where(eq(deployments.platformId, platformId));

describe('a launch of a deployment', () => {
  let platformId: string;
  const admit = (deploymentId: string, approval: DeploymentApproval = 'never') =>
    admitDeployment(tool.ctx, { platformId, deploymentId, approval });

  beforeEach(async () => {
    platformId = await register();
  });

  test('that the operator entered is admitted', async () => {
    platformId = await register(['1:a']);
    expect(await admit('1:a')).toMatchObject({ deploymentId: '1:a' });
  });

  test('that nobody has heard of is kept, waits, and its row’s id is told', async () => {
    const refusal = await admit('1:a').catch((error: unknown) => error);
    const [row] = await kept(platformId);
    expect(row).toMatchObject({ deploymentId: '1:a', approvedAt: null });
    expect(refusal).toMatchObject({ code: 'deployment-pending', facts: { deployment: row?.id } });
    await expect(admit('1:a')).rejects.toMatchObject({ facts: { deployment: row?.id } });
    expect(await kept(platformId)).toHaveLength(1);
  });

  test.each<[DeploymentApproval, string[], boolean]>([
    ['never', [], false],
    ['first', [], true],
    ['first', ['1:a'], false],
    ['always', [], true],
    ['always', ['1:a'], true],
  ])('setting %s, beside %j: admitted at once is %s', async (approval, beside, admitted) => {
    platformId = await register(beside);
    const answer = await admit('2:b', approval).then(
      (deployment) => deployment.approvedAt,
      (error: unknown) => error,
    );
    if (admitted) expect(answer).toEqual(saturday);
    else expect(answer).toMatchObject({ code: 'deployment-pending' });
  });

  test('that waits goes on waiting, whatever the setting says later', async () => {
    await expect(admit('1:a')).rejects.toMatchObject({ code: 'deployment-pending' });
    await expect(admit('1:a', 'always')).rejects.toMatchObject({ code: 'deployment-pending' });
  });

  test('of several at the same moment one is the first', async () => {
    const ids = ['1:a', '2:b', '3:c', '4:d', '5:e'];
    const outcomes = await Promise.allSettled(ids.map((id) => admit(id, 'first')));
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    expect((await kept(platformId)).filter((row) => row.approvedAt !== null)).toHaveLength(1);
  });

  test('the same one at the same moment is one, and admitted to both', async () => {
    const both = await Promise.all([admit('1:a', 'first'), admit('1:a', 'first')]);
    expect(both[0].id).toBe(both[1].id);
  });

  test('is not kept any more when too many wait, and is refused all the same', async () => {
    for (let number = 0; number < mostPendingDeployments; number += 1) {
      await expect(admit(`${String(number)}:x`)).rejects.toMatchObject({ code: 'deployment-pending' });
    }
    await expect(admit('one-too-many')).rejects.toMatchObject({ facts: { kept: false } });
    expect(await kept(platformId)).toHaveLength(mostPendingDeployments);
  });
});

async function named(deploymentId: string) {
  const found = await findDeployment(tool.ctx, deploymentId);
  if (found.kind !== 'found') throw new Error(`${deploymentId} is ${found.kind}`);
  return found.deployment;
}

describe('the operator', () => {
  let platformId: string;
  const wait = async (deploymentId: string) => {
    await expect(
      admitDeployment(tool.ctx, { platformId, deploymentId, approval: 'never' }),
    ).rejects.toMatchObject({ code: 'deployment-pending' });
    return named(deploymentId);
  };

  beforeEach(async () => {
    platformId = await register();
  });

  test('approves a deployment that waits, and it is admitted', async () => {
    const id = randomToken(6);
    const waiting = await wait(id);
    await approveDeployment(tool.ctx, waiting);
    const again = await approveDeployment(tool.at(new Date()), await named(id));
    expect(again.approvedAt).toEqual(saturday);
    await admitDeployment(tool.ctx, { platformId, deploymentId: id, approval: 'never' });
  });

  test('refuses one that waits: it is gone; never one that is approved', async () => {
    const id = randomToken(6);
    const waiting = await wait(id);
    expect(await refuseDeployment(tool.ctx, waiting)).toBe(true);
    expect(await findDeployment(tool.ctx, id)).toEqual({ kind: 'unknown' });
    await approveDeployment(tool.ctx, await wait(id));
    expect(await refuseDeployment(tool.ctx, await named(id))).toBe(false);
  });

  test('names one by our id always, by the platform’s where it is the only one', async () => {
    const id = randomToken(6);
    const waiting = await wait(id);
    expect(await named(waiting.id)).toEqual(waiting);
    await register([id]);
    expect(await findDeployment(tool.ctx, id)).toMatchObject({ kind: 'ambiguous' });
  });

  test('sees what waits, and how many courses there are', async () => {
    const waiting = await wait(randomToken(6));
    const list = await listDeployments(tool.ctx);
    expect(list.find(({ id }) => id === waiting.id)).toMatchObject({ approvedAt: null, courses: 0 });
  });
});

describe('a move to another deployment', () => {
  type Seeded = Awaited<ReturnType<typeof seedCourse>>;

  const deploymentOf = async ({ courseId }: Pick<Seeded, 'courseId'>) => {
    const [row] = await tool.ctx.db
      .select({ deployment: deployments })
      .from(courses)
      .innerJoin(deployments, eq(deployments.id, courses.deploymentId))
      .where(eq(courses.id, courseId));
    if (row === undefined) throw new Error('every course has a deployment');
    return row.deployment;
  };
  const courseIdsOf = async (deploymentRow: { id: string }) =>
    (
      await tool.ctx.db
        .select()
        .from(courses)
        .where(eq(courses.deploymentId, deploymentRow.id))
        .orderBy(courses.id)
    ).map(({ id }) => id);
  const sameContext = async (a: Seeded, b: Seeded) => {
    const contextId = randomToken(6);
    for (const { courseId } of [a, b]) {
      await tool.ctx.db.update(courses).set({ contextId }).where(eq(courses.id, courseId));
    }
  };
  /** A class of which a teacher has marked one student. */
  const holdClass = async (course: Seeded) => {
    const teacher = await course.addMember('Tea Cher', 'teacher');
    const student = await course.addMember('Anna Beispiel');
    const meetingId = await course.addMeeting();
    await markRecords(
      { ...tool.ctx, viewer: teacher },
      {
        courseId: course.courseId,
        meetingId,
        marks: [
          { membershipId: student.membershipId, revision: 0, change: { kind: 'word', status: 'present' } },
        ],
      },
    );
    return { teacher, student, meetingId };
  };
  const move = async (
    from: { id: string },
    to: { id: string },
    more: { leave?: string[]; dryRun?: boolean } = {},
  ): Promise<DeploymentMove> =>
    moveDeployment(tool.ctx, {
      from: await named(from.id),
      to: await named(to.id),
      leave: more.leave ?? [],
      dryRun: more.dryRun ?? false,
    });
  const waitingBeside = async (platformId: string) => {
    const deploymentId = randomToken(6);
    await admitDeployment(tool.ctx, { platformId, deploymentId, approval: 'never' }).catch(() => undefined);
    return named(deploymentId);
  };
  /** Everything that a move could change. */
  const everything = () =>
    Promise.all(
      [courses, deployments, memberships, people, devices, auditEvents].map((table) =>
        tool.ctx.db.select().from(table),
      ),
    );
  const unchanged = async (work: () => Promise<DeploymentMove>) => {
    const before = await everything();
    const answer = await work();
    expect(await everything()).toEqual(before);
    return answer;
  };

  let course: Seeded;
  let old: Awaited<ReturnType<typeof deploymentOf>>;

  beforeEach(async () => {
    course = await seedCourse(tool.ctx.db, { webHost: 'school.example' });
    old = await deploymentOf(course);
  });

  describe('of the same client id', () => {
    test('takes every course with all it holds, approves the new one, and leaves the old one shut', async () => {
      const { student } = await holdClass(course);
      const anew = await waitingBeside(course.platformId);
      expect(await move(old, anew)).toMatchObject({
        kind: 'moved',
        courses: [{ id: course.courseId, meetings: 1 }],
        people: { moved: 0, joined: 0 },
      });
      expect(await courseIdsOf(anew)).toEqual([course.courseId]);
      expect(await named(anew.id)).toMatchObject({ approvedAt: saturday, webHost: 'school.example' });
      expect(await named(old.id)).toMatchObject({ approvedAt: null });
      const records = await tool.ctx.db
        .select()
        .from(attendanceRecords)
        .where(eq(attendanceRecords.membershipId, student.membershipId));
      expect(records).toMatchObject([{ status: 'present' }]);
      expect(
        await tool.ctx.db.select().from(auditEvents).where(eq(auditEvents.subjectId, course.courseId)),
      ).toMatchObject([{ action: 'course.moved', after: { deploymentId: anew.deploymentId } }]);
    });

    test('lets a course give way that has come with the new installation and is still empty', async () => {
      await holdClass(course);
      const fresh = await seedCourse(tool.ctx.db, { platformId: course.platformId });
      await fresh.addMember('Anna Beispiel');
      await tool.ctx.db
        .insert(sections)
        .values({ id: newId(), courseId: fresh.courseId, platformSectionId: '1', name: 'A' });
      // Its list was read already.
      await tool.ctx.db.insert(rosterSyncs).values({
        ...{ id: newId(), courseId: fresh.courseId, askedBy: 'launch', source: 'nrps' },
        ...{ startedAt: saturday, endedAt: saturday, outcome: 'complete' },
      });
      await sameContext(course, fresh);
      const anew = await deploymentOf(fresh);
      expect(await move(old, anew)).toMatchObject({ kind: 'moved', gaveWay: [{ id: fresh.courseId }] });
      expect(await courseIdsOf(anew)).toEqual([course.courseId]);
    });

    test('keeps the log of a course that gives way, which then bears another name', async () => {
      await holdClass(course);
      const fresh = await seedCourse(tool.ctx.db, { platformId: course.platformId });
      const { membershipId } = await fresh.addMember('Anna Beispiel');
      const joined = { courseId: fresh.courseId, action: 'membership.joined', subjectId: membershipId };
      await tool.ctx.db.insert(auditEvents).values({ id: newId(), at: saturday, ...joined });
      await sameContext(course, fresh);
      const anew = await deploymentOf(fresh);
      expect(await move(old, anew)).toMatchObject({ kind: 'moved', gaveWay: [{ id: fresh.courseId }] });
      const [moved] = await tool.ctx.db.select().from(courses).where(eq(courses.id, course.courseId));
      const [gone] = await tool.ctx.db.select().from(courses).where(eq(courses.id, fresh.courseId));
      expect(moved?.deploymentId).toBe(anew.id);
      expect(gone?.contextId).not.toBe(moved?.contextId);
      expect(await tool.ctx.db.$count(auditEvents, eq(auditEvents.courseId, fresh.courseId))).toBe(1);
      expect(await tool.ctx.db.$count(memberships, eq(memberships.courseId, fresh.courseId))).toBe(0);
    });

    test('lets the old course give way where only the new one holds something', async () => {
      const other = await seedCourse(tool.ctx.db, { platformId: course.platformId });
      await tool.ctx.db.update(courses).set({ deploymentId: old.id }).where(eq(courses.id, other.courseId));
      const fresh = await seedCourse(tool.ctx.db, { platformId: course.platformId });
      await holdClass(fresh);
      await sameContext(course, fresh);
      const anew = await deploymentOf(fresh);
      expect(await move(old, anew)).toMatchObject({ kind: 'moved', gaveWay: [{ id: course.courseId }] });
      expect(await courseIdsOf(anew)).toEqual([other.courseId, fresh.courseId].sort());
    });

    test('moves nothing at all where both hold something, and names the course', async () => {
      await holdClass(course);
      const other = await seedCourse(tool.ctx.db, { platformId: course.platformId });
      await tool.ctx.db.update(courses).set({ deploymentId: old.id }).where(eq(courses.id, other.courseId));
      const fresh = await seedCourse(tool.ctx.db, { platformId: course.platformId });
      await holdClass(fresh);
      await sameContext(course, fresh);
      const anew = await deploymentOf(fresh);
      expect(await unchanged(() => move(old, anew))).toMatchObject({
        kind: 'twice-held',
        courses: [{ from: { id: course.courseId }, to: { id: fresh.courseId, meetings: 1 } }],
      });
      // Left behind by the operator’s word, it stays where it is, and the old deployment open for it.
      expect(await move(old, anew, { leave: [course.courseId] })).toMatchObject({
        kind: 'moved',
        left: [{ id: course.courseId }],
      });
      expect(await courseIdsOf(old)).toEqual([course.courseId]);
      expect((await named(old.id)).approvedAt).not.toBeNull();
    });

    test('says so when it is asked for twice, the wrong way round, or for what is not there', async () => {
      const anew = await waitingBeside(course.platformId);
      expect(await unchanged(() => move(anew, old))).toEqual({ kind: 'nothing-there' });
      expect(await unchanged(() => move(old, old))).toEqual({ kind: 'same-deployment' });
      const unknown = newId();
      expect(await unchanged(() => move(old, anew, { leave: [unknown] }))).toEqual({
        kind: 'no-such-course',
        courseIds: [unknown],
      });
      await move(old, anew);
      expect(await unchanged(() => move(old, anew))).toEqual({ kind: 'nothing-there' });
    });

    test('as a rehearsal tells the same and changes nothing', async () => {
      await holdClass(course);
      const anew = await waitingBeside(course.platformId);
      const rehearsed = await unchanged(() => move(old, anew, { dryRun: true }));
      expect(await move(old, anew)).toEqual(rehearsed);
    });
  });

  describe('of another client id of the same issuer', () => {
    let fresh: Seeded;
    let anew: Awaited<ReturnType<typeof deploymentOf>>;

    beforeEach(async () => {
      fresh = await seedCourse(tool.ctx.db);
      anew = await deploymentOf(fresh);
    });

    const person = async (id: string) => {
      const [row] = await tool.ctx.db.select().from(people).where(eq(people.id, id));
      return row;
    };
    const placeOf = async (membershipId: string) => {
      const [row] = await tool.ctx.db.select().from(memberships).where(eq(memberships.id, membershipId));
      return row;
    };
    const deviceOf = (personId: string) =>
      tool.ctx.db.select().from(devices).where(eq(devices.personId, personId));

    test('takes the people along with their phones', async () => {
      const { student } = await holdClass(course);
      await rememberPhone({ ...tool.ctx, viewer: student });
      expect(await move(old, anew)).toMatchObject({ kind: 'moved', people: { moved: 2, joined: 0 } });
      expect(await person(student.personId)).toMatchObject({ platformId: fresh.platformId });
      expect(await deviceOf(student.personId)).toMatchObject([{ platformId: fresh.platformId }]);
    });

    test('makes one person of two rows with the same sub; what the audit says of the old one stays', async () => {
      const { teacher, student } = await holdClass(course);
      await rememberPhone({ ...tool.ctx, viewer: student });
      await showMyCode({ ...tool.ctx, viewer: student }, course);
      const sub = (await person(student.personId))?.sub ?? '';
      const there = await fresh.addMember('Anna Beispiel');
      await tool.ctx.db.update(people).set({ sub }).where(eq(people.id, there.personId));
      expect(await move(old, anew)).toMatchObject({ kind: 'moved', people: { moved: 1, joined: 1 } });
      expect(await placeOf(student.membershipId)).toMatchObject({ personId: there.personId });
      expect(await deviceOf(there.personId)).toMatchObject([{ platformId: fresh.platformId }]);
      expect(await tool.ctx.db.select().from(personalCodes)).toMatchObject([{ personId: there.personId }]);
      expect(await person(student.personId)).toMatchObject({ platformId: course.platformId });
      expect(
        await tool.ctx.db.select().from(auditEvents).where(eq(auditEvents.actorPersonId, teacher.personId)),
      ).toHaveLength(1);
    });

    test('of a course that is empty on the other side keeps each of its people once', async () => {
      const { student } = await holdClass(course);
      const there = await fresh.addMember('Anna Beispiel');
      const sub = (await person(student.personId))?.sub ?? '';
      await tool.ctx.db.update(people).set({ sub }).where(eq(people.id, there.personId));
      await sameContext(course, fresh);
      expect(await move(old, anew)).toMatchObject({ kind: 'moved', people: { moved: 1, joined: 1 } });
      const places = await tool.ctx.db
        .select()
        .from(memberships)
        .where(eq(memberships.courseId, course.courseId));
      expect(places.map(({ personId }) => personId)).toContain(there.personId);
      expect(places).toHaveLength(2);
    });

    test('is refused for people who also sit in courses of another deployment', async () => {
      const { student } = await holdClass(course);
      const beside = await seedCourse(tool.ctx.db, { platformId: course.platformId });
      await beside.addMember(student);
      expect(await unchanged(() => move(old, anew))).toEqual({
        kind: 'people-elsewhere',
        people: 1,
        deploymentIds: [(await deploymentOf(beside)).deploymentId],
      });
    });

    test('is refused where somebody else bears the number of one who would come', async () => {
      const { student } = await holdClass(course);
      const there = await fresh.addMember('Berta Beispiel');
      for (const { personId } of [student, there]) {
        await tool.ctx.db.update(people).set({ canvasUserId: '77' }).where(eq(people.id, personId));
      }
      expect(await unchanged(() => move(old, anew))).toEqual({ kind: 'people-doubtful', people: 1 });
    });

    test('is refused for another issuer', async () => {
      await tool.ctx.db
        .update(platforms)
        .set({ issuer: 'https://moodle.example' })
        .where(eq(platforms.id, fresh.platformId));
      expect(await unchanged(() => move(old, anew))).toEqual({ kind: 'other-issuer' });
    });
  });
});
