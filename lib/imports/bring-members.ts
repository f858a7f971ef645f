import type { Ctx } from '../context.ts';
import { keepMembers } from '../members/keep-members.ts';
import type { CourseWork } from './import-order.ts';
import { selectPlaces } from './queries.ts';

/** By the old id of a user: their place in the course, and whether they are a student there. */
export type Places = ReadonlyMap<string, { membershipId: string; isStudent: boolean }>;

/** Adds students of the old records who are not in the course. */
export async function bringMembers(
  tx: Ctx,
  { course, records, identities, order }: CourseWork,
): Promise<{ places: Places; members: number }> {
  const humans = new Map(
    records.flatMap(({ userId }) => {
      const human = identities.get(userId ?? '');
      return human === undefined ? [] : [[human.sub, human] as const];
    }),
  );
  const placeOf = await findPlaces(tx, course.id);
  const strangers = [...humans.values()].filter((human) => placeOf(human) === undefined && !human.isStaff);
  const kept = await keepMembers(tx, {
    ...{ platformId: order.platformId, courseId: course.id, launched: false },
    spanStarts: { newMember: null, knownMember: null },
    members: strangers.map(({ sub, canvasUserId, sisId, name, email, isKnown }) => ({
      ...{ sub, canvasUserId, role: 'student', isTestUser: false, sections: undefined },
      ...{ givenName: undefined, familyName: undefined, locale: undefined },
      // What the platform has told since is newer than what the old table says.
      ...(isKnown ? { sisId: undefined, name: undefined, email: undefined } : { sisId, name, email }),
    })),
  });
  const placeNow = await findPlaces(tx, course.id);
  const places = new Map<string, { membershipId: string; isStudent: boolean }>();
  for (const { userId } of records) {
    const human = identities.get(userId ?? '');
    const place = human === undefined ? undefined : placeNow(human);
    if (place !== undefined) {
      places.set(userId ?? '', { membershipId: place.membershipId, isStudent: place.role === 'student' });
    }
  }
  return { places, members: kept.length };
}

async function findPlaces(tx: Ctx, courseId: string) {
  const places = await selectPlaces(tx.db, courseId);
  const bySub = new Map(places.map((place) => [place.sub, place]));
  const byNumber = new Map(places.map((place) => [place.canvasUserId, place]));
  return ({ sub, canvasUserId }: { sub: string; canvasUserId: string | undefined }) =>
    bySub.get(sub) ?? (canvasUserId === undefined ? undefined : byNumber.get(canvasUserId));
}
