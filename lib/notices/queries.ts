import { and, eq, isNull, sql } from 'drizzle-orm';
import type { Db } from '../db/client.ts';
import { isEnrolledAt } from '../db/enrolled.ts';
import { excuses, memberships, messages, people } from '../db/schema.ts';
import type { Role } from '../db/schema.ts';

export type Message = typeof messages.$inferSelect;

/** Keeps mails that are to be sent, each once by its key. */
export async function insertMessages(
  db: Db,
  rows: readonly Omit<typeof messages.$inferInsert, 'attempts' | 'sentAt' | 'droppedAt' | 'dropReason'>[],
): Promise<void> {
  if (rows.length === 0) return;
  await db
    .insert(messages)
    .values([...rows])
    .onConflictDoNothing({ target: messages.onceKey });
}

/** Gives up what waits to be told of a subject: something newer is told in its place. */
export async function dropWaiting(
  db: Db,
  key: { kind: Message['kind']; subjectId: string; now: Date },
): Promise<void> {
  await db
    .update(messages)
    .set({ droppedAt: key.now, dropReason: 'outdated' })
    .where(
      and(
        eq(messages.kind, key.kind),
        eq(messages.subjectId, key.subjectId),
        isNull(messages.sentAt),
        isNull(messages.droppedAt),
      ),
    );
}

/** Whose excuse it is, with an address to write to. */
export async function selectStudentOfExcuse(
  db: Db,
  key: { courseId: string; excuseId: string },
): Promise<string | undefined> {
  const [row] = await db
    .select({ personId: memberships.personId })
    .from(excuses)
    .innerJoin(memberships, eq(memberships.id, excuses.membershipId))
    .innerJoin(people, and(eq(people.id, memberships.personId), hasAddress))
    .where(
      and(
        eq(excuses.id, key.excuseId),
        eq(excuses.courseId, key.courseId),
        eq(memberships.isTestUser, false),
      ),
    );
  return row?.personId;
}

/** Those who run a course now and can be written to. */
export async function selectStaffToTell(
  db: Db,
  courseId: string,
  now: Date,
): Promise<{ personId: string; role: Role }[]> {
  return db
    .select({ personId: memberships.personId, role: memberships.role })
    .from(memberships)
    .innerJoin(people, and(eq(people.id, memberships.personId), hasAddress))
    .where(
      and(
        eq(memberships.courseId, courseId),
        sql`${memberships.role} in ('teacher', 'assistant')`,
        eq(memberships.isTestUser, false),
        isEnrolledAt(memberships.id, now),
      ),
    );
}

const hasAddress = sql`people.email is not null and people.email <> '' and people.erased_at is null`;
