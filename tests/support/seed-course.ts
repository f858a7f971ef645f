import { randomToken, newId } from '#lib/base/ids.ts';
import type { Db } from '#lib/db/client.ts';
import {
  courses,
  deployments,
  meetings,
  memberships,
  membershipSpans,
  people,
  platforms,
} from '#lib/db/schema.ts';
import type { Role } from '#lib/db/schema.ts';

export interface SeededMember {
  personId: string;
  membershipId: string;
}

/** A platform with one course, as launches would have left it; people and meetings are added as needed. */
export async function seedCourse(db: Db, given: { platformId?: string; webHost?: string } = {}) {
  let { platformId } = given;
  if (platformId === undefined) {
    platformId = newId();
    await db.insert(platforms).values({
      id: platformId,
      issuer: 'https://canvas.example',
      clientId: randomToken(6),
      name: 'Canvas',
      authorizeUrl: 'https://canvas.example/authorize',
      tokenUrl: 'https://canvas.example/token',
      jwksUrl: 'https://canvas.example/jwks',
    });
  }
  const deploymentId = newId();
  await db.insert(deployments).values({
    id: deploymentId,
    platformId,
    deploymentId: `7:${randomToken(6)}`,
    webHost: given.webHost,
    approvedAt: new Date('2026-09-01T00:00:00Z'),
  });
  const courseId = newId();
  await db.insert(courses).values({
    id: courseId,
    deploymentId,
    contextId: randomToken(6),
    title: 'Meisterkurs Elektrotechnik',
    timeZone: 'Europe/Berlin',
    timeZoneSource: 'teacher-launch',
    canvasCourseId: '42',
  });

  return {
    courseId,
    platformId,
    async addPerson(name: string) {
      const [givenName = '', ...rest] = name.split(' ');
      const personId = newId();
      await db.insert(people).values({
        id: personId,
        platformId,
        sub: randomToken(9),
        name,
        givenName,
        familyName: rest.join(' '),
      });
      return personId;
    },
    async addMember(
      nameOrPerson: string | { personId: string },
      role: Role = 'student',
      options: { isTestUser?: boolean; left?: boolean } = {},
    ): Promise<SeededMember> {
      const personId =
        typeof nameOrPerson === 'string' ? await this.addPerson(nameOrPerson) : nameOrPerson.personId;
      const membershipId = newId();
      await db
        .insert(memberships)
        .values({ id: membershipId, courseId, personId, role, isTestUser: options.isTestUser ?? false });
      await db.insert(membershipSpans).values({
        id: newId(),
        membershipId,
        endsAt: options.left === true ? new Date('2026-10-01T00:00:00Z') : null,
      });
      return { personId, membershipId };
    },
    /** Many students at once, in two statements. */
    async addMembers(count: number): Promise<SeededMember[]> {
      const members = Array.from({ length: count }, (_, index) => ({
        personId: newId(),
        membershipId: newId(),
        familyName: `Muster ${String(index + 1).padStart(4, '0')}`,
      }));
      await db.insert(people).values(
        members.map(({ personId: id, familyName }) => ({
          ...{ id, platformId, sub: randomToken(9), familyName, givenName: 'Kim', name: `Kim ${familyName}` },
        })),
      );
      await db.insert(memberships).values(
        members.map(({ personId, membershipId: id }) => ({
          id,
          courseId,
          personId,
          role: 'student' as const,
        })),
      );
      await db
        .insert(membershipSpans)
        .values(members.map(({ membershipId }) => ({ id: newId(), membershipId })));
      return members.map(({ personId, membershipId }) => ({ personId, membershipId }));
    },
    /** Saturday 28 November 2026, 09:00 to 12:45 in Berlin, unless told otherwise. */
    async addMeeting(change: Partial<typeof meetings.$inferInsert> = {}) {
      const id = newId();
      await db.insert(meetings).values({
        id,
        courseId,
        localStart: '2026-11-28T09:00',
        localEnd: '2026-11-28T12:45',
        timeZone: 'Europe/Berlin',
        startsAt: new Date('2026-11-28T08:00:00Z'),
        endsAt: new Date('2026-11-28T11:45:00Z'),
        breakMinutes: 15,
        ...change,
      });
      return id;
    },
  };
}
