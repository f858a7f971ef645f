import { and, asc, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { defaultRetention, undecidedDays } from '../base/retention-policy.ts';
import type { RetentionField, RetentionPolicy } from '../base/retention-policy.ts';
import type { Db } from '../db/client.ts';
import { idArray } from '../db/id-array.ts';
import { livingPersonId } from '../db/living-person.ts';
import { meetingNumber } from '../db/meeting-number.ts';
import {
  attendanceRecords,
  auditEvents,
  calendarFeeds,
  checkInReviews,
  checkIns,
  courses,
  deployments,
  devices,
  excuseFiles,
  excuseMeetings,
  excuses,
  meetings,
  memberships,
  membershipSpans,
  messageOptOuts,
  messages,
  people,
  personalCodes,
  personConflicts,
  platforms,
  recordSpans,
  retentionRuns,
  sections,
  spotCheckPicks,
  spotChecks,
} from '../db/schema.ts';

/** A row of `people`, and those that were merged into it, the living one first: one human. */
export async function selectHuman(db: Db, personId: string): Promise<(typeof people.$inferSelect)[]> {
  const living = sql`(select coalesce(p.merged_into, p.id) from people p where p.id = ${personId})`;
  return db
    .select()
    .from(people)
    .where(sql`people.id = ${living} or people.merged_into = ${living}`)
    .orderBy(sql`people.merged_into nulls first`, asc(people.id));
}

/** The row in which somebody who is signed in lives on; undefined: they are erased, or their platform is switched off. */
export async function selectSignedIn(db: Db, personId: string): Promise<string | undefined> {
  const [row] = await db
    .select({ id: people.id })
    .from(people)
    .innerJoin(platforms, and(eq(platforms.id, people.platformId), isNull(platforms.disabledAt)))
    .where(eq(people.id, livingPersonId(personId)));
  return row?.id;
}

export interface FoundPerson {
  id: string;
  name: string | null;
  email: string | null;
  platform: string;
  courses: number;
  lastSeenAt: Date;
}

/** People whose name or address holds this text, whichever of their rows says so. */
export async function selectPeopleLike(
  db: Db,
  sought: { name?: string | undefined; email?: string | undefined },
  limit: number,
): Promise<FoundPerson[]> {
  const like = (text: string) => `%${text.replace(/[\\%_]/g, String.raw`\$&`)}%`;
  const { name, email } = sought;
  return db
    .select({
      id: people.id,
      name: people.name,
      email: people.email,
      platform: platforms.issuer,
      courses: sql<number>`(select count(*)::int from memberships m where m.person_id = people.id)`,
      lastSeenAt: people.updatedAt,
    })
    .from(people)
    .innerJoin(platforms, eq(platforms.id, people.platformId))
    .where(
      sql`people.id in (select coalesce(p.merged_into, p.id) from people p where p.erased_at is null
        and ${name === undefined ? sql`true` : sql`concat_ws(' ', p.name, p.given_name, p.family_name) ilike ${like(name)}`}
        and ${email === undefined ? sql`true` : sql`p.email ilike ${like(email)}`})`,
    )
    .orderBy(asc(people.name), asc(people.id))
    .limit(limit);
}

// Erasing a person

/** Takes away who these rows were; their numbers stay, for the records. @returns how many were not erased yet */
export async function updatePeopleErased(
  db: Db,
  rows: readonly { id: string; sub: string }[],
  { name, now }: { name: string; now: Date },
): Promise<number> {
  const answer = await db.execute(sql`
    update people set sub = gone.sub, canvas_user_id = null, sis_id = null, name = ${name}, given_name = null,
      family_name = null, email = null, locale = null, erased_at = ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as gone (id uuid, sub text)
    where people.id = gone.id and people.erased_at is null`);
  return answer.rowCount ?? 0;
}

/** What is left of a phone is that there was one: evidence of check-ins names it. */
const emptiedPhone = { name: null, keyHash: '', nextKeyHash: null };

export async function emptyPhones(db: Db, personIds: readonly string[], now: Date): Promise<number> {
  const rows = await db
    .update(devices)
    .set({
      ...emptiedPhone,
      revokedAt: sql`coalesce(${devices.revokedAt}, ${now.toISOString()}::timestamptz)`,
    })
    .where(and(inArray(devices.personId, [...personIds]), sql`${devices.keyHash} <> ''`))
    .returning({ id: devices.id });
  return rows.length;
}

/** Calendar link and personal code. */
export async function deleteLinksOf(db: Db, personIds: readonly string[]): Promise<number> {
  const feeds = await db.delete(calendarFeeds).where(inArray(calendarFeeds.personId, [...personIds]));
  const codes = await db.delete(personalCodes).where(inArray(personalCodes.personId, [...personIds]));
  return (feeds.rowCount ?? 0) + (codes.rowCount ?? 0);
}

/** That mails were sent or wait, and which ones are not wanted. */
export async function deleteMessagesOf(db: Db, personIds: readonly string[]): Promise<number> {
  await db.delete(messageOptOuts).where(inArray(messageOptOuts.personId, [...personIds]));
  const gone = await db.delete(messages).where(inArray(messages.personId, [...personIds]));
  return gone.rowCount ?? 0;
}

export async function selectPlaces(
  db: Db,
  personIds: readonly string[],
): Promise<{ membershipId: string; courseId: string }[]> {
  return db
    .select({ membershipId: memberships.id, courseId: memberships.courseId })
    .from(memberships)
    .where(inArray(memberships.personId, [...personIds]))
    .orderBy(asc(memberships.courseId), asc(memberships.id));
}

const isDecided = sql`exists (select 1 from check_in_reviews review where review.check_in_id = c.id)`;

/**
 * The evidence of check-ins goes; that there was one, when and how, and what came of it stays. A reason to look stays
 * where somebody has decided about it, for it is what they decided by; a suspicion that nobody looked at goes.
 */
const withoutEvidence = sql`code_age_ms = null, device_id = null, scan_browser_hash = null, browser_hash = null,
  network_hash = null, is_network_allowed = null, distance_meters = null,
  flags = case when ${isDecided} then c.flags else '{}' end`;

const holdsEvidence = sql`(c.code_age_ms is not null or c.device_id is not null or c.scan_browser_hash is not null
  or c.browser_hash is not null or c.network_hash is not null or c.is_network_allowed is not null
  or c.distance_meters is not null or (c.flags <> '{}' and not ${isDecided}))`;

export async function eraseEvidenceOf(db: Db, membershipId: string): Promise<number> {
  const answer = await db.execute(sql`
    update check_ins c set ${withoutEvidence} where c.membership_id = ${membershipId} and ${holdsEvidence}`);
  return answer.rowCount ?? 0;
}

/** Each gets a new revision, so that nobody writes the note back from an old view. */
export async function eraseNotesOf(db: Db, membershipId: string, now: Date): Promise<number> {
  const rows = await db
    .update(attendanceRecords)
    .set({ note: null, revision: sql`${attendanceRecords.revision} + 1`, updatedAt: now })
    .where(and(eq(attendanceRecords.membershipId, membershipId), sql`${attendanceRecords.note} is not null`))
    .returning({ id: attendanceRecords.id });
  await db.execute(sql`
    update excuse_meetings em set record_before = em.record_before || '{"note": null}'::jsonb
    from excuses e
    where e.id = em.excuse_id and e.membership_id = ${membershipId} and em.record_before ->> 'note' is not null`);
  return rows.length;
}

/** Extra time and when they came last. */
export async function clearPlace(db: Db, membershipId: string): Promise<void> {
  await db
    .update(memberships)
    .set({ extraMinutes: 0, lastLaunchAt: null })
    .where(eq(memberships.id, membershipId));
}

/**
 * The words of a member's excuses go; those that wait are taken back, for nobody is there to be told.
 *
 * @returns how many lost words or were taken back, and which ones waited
 */
export async function eraseExcusesOf(
  db: Db,
  membershipId: string,
  now: Date,
): Promise<{ excuses: number; takenBack: string[] }> {
  const waiting = await db
    .update(excuses)
    .set({ state: 'withdrawn', withdrawnAt: now, revision: sql`${excuses.revision} + 1` })
    .where(and(eq(excuses.membershipId, membershipId), eq(excuses.state, 'submitted')))
    .returning({ id: excuses.id });
  const emptied = await db
    .update(excuses)
    .set({ text: null, decisionNote: null, textErasedAt: now })
    .where(and(eq(excuses.membershipId, membershipId), isNull(excuses.textErasedAt)))
    .returning({ id: excuses.id });
  const takenBack = waiting.map(({ id }) => id);
  return { excuses: new Set([...takenBack, ...emptied.map(({ id }) => id)]).size, takenBack };
}

/** From then on nobody can open them, and the job that cleans the store deletes their objects. */
export async function discardDocumentsOf(db: Db, membershipId: string, now: Date): Promise<number> {
  const answer = await db.execute(sql`
    update excuse_files set name = null, discarded_at = coalesce(discarded_at, ${now.toISOString()}::timestamptz)
    where membership_id = ${membershipId} and (discarded_at is null or name is not null)`);
  return answer.rowCount ?? 0;
}

// What has been kept long enough

/** The moment before which what an institution keeps so long is due. For `d`, a row of `deployments`. */
const dueBefore = (field: RetentionField, now: Date, least = 0) => sql`(${now.toISOString()}::timestamptz
  - make_interval(days => greatest(coalesce((d.retention ->> ${sql.raw(`'${field}'`)})::int,
    ${sql.raw(String(defaultRetention[field]))}), ${sql.raw(String(least))})))`;

/**
 * For `c` and `d`, a course and its deployment: what of it is due, the oldest first. The order is that of the index which
 * was made for it, so that this is what it is found by.
 */
const dueIn = {
  meetings: (now: Date) => sql`from meetings m where m.course_id = c.id
    and (m.evidence_erased_at is null or m.evidence_erased_at < m.ends_at)
    and m.ends_at < ${dueBefore('evidenceDays', now)} order by m.ends_at`,
  strayCodes: (now: Date) => sql`from check_ins m where m.course_id = c.id and m.meeting_id is null
    and (m.browser_hash is not null or m.network_hash is not null)
    and m.confirmed_at < ${dueBefore('evidenceDays', now)} order by m.confirmed_at`,
  excuseTexts: (now: Date) => sql`from excuses m where m.course_id = c.id and m.text_erased_at is null
    and coalesce(m.decided_at, m.withdrawn_at, m.submitted_at) < ${dueBefore('excuseTextDays', now)}
    and (coalesce(m.decided_at, m.withdrawn_at) is not null
      or m.submitted_at < ${dueBefore('excuseTextDays', now, undecidedDays)})
    order by coalesce(m.decided_at, m.withdrawn_at, m.submitted_at)`,
  messages: (now: Date) => sql`from messages m where m.course_id = c.id
    and (m.sent_at is not null or m.dropped_at is not null) and m.kind <> 'rate-below'
    and m.created_at < ${dueBefore('messageDays', now)} order by m.created_at`,
} satisfies Record<string, (now: Date) => SQL>;

export type DueInCourse = keyof typeof dueIn;

/** Courses that hold something due of a kind. One look into an index for each course. */
export async function selectCoursesWithDue(db: Db, kind: DueInCourse, now: Date): Promise<string[]> {
  const answer = await db.execute<{ id: string }>(sql`
    select c.id from courses c join deployments d on d.id = c.deployment_id
    where (select true ${dueIn[kind](now)} limit 1) order by c.id`);
  return answer.rows.map(({ id }) => id);
}

/** Takes some of what is due in a course, so that nobody else takes the same. */
const takeDue = (kind: DueInCourse, courseId: string, { now, limit }: { now: Date; limit: number }) => sql`
  select due.id from courses c join deployments d on d.id = c.deployment_id
  join lateral (select m.id ${dueIn[kind](now)} limit ${limit} for no key update skip locked) due on true
  where c.id = ${courseId}`;

/** What one statement came to: rows that were taken, and what of them counts. */
export interface Batch {
  taken: number;
  erased: number;
}

/** The evidence of meetings that are due, meeting by meeting. */
export async function eraseEvidenceOfMeetings(
  db: Db,
  courseId: string,
  { now, limit }: { now: Date; limit: number },
): Promise<Batch> {
  const answer = await db.execute<Batch & Record<string, unknown>>(sql`
    with due as materialized (${takeDue('meetings', courseId, { now, limit })}),
    done as (update meetings set evidence_erased_at = ${now.toISOString()}::timestamptz
      where id = any(array(select id from due))),
    erased as (update check_ins c set ${withoutEvidence}
      where c.meeting_id = any(array(select id from due)) and ${holdsEvidence} returning c.id)
    select (select count(*)::int from due) as taken, (select count(*)::int from erased) as erased`);
  return answer.rows[0] ?? { taken: 0, erased: 0 };
}

const takenOnly = (taken: number | null): Batch => ({ taken: taken ?? 0, erased: taken ?? 0 });

/** The evidence of wrong codes that led to no meeting. */
export async function eraseEvidenceOfStrayCodes(
  db: Db,
  courseId: string,
  given: { now: Date; limit: number },
): Promise<Batch> {
  const answer = await db.execute(sql`
    update check_ins c set ${withoutEvidence}
    where c.id = any(array(${takeDue('strayCodes', courseId, given)}))`);
  return takenOnly(answer.rowCount);
}

export async function eraseExcuseTexts(
  db: Db,
  courseId: string,
  given: { now: Date; limit: number },
): Promise<Batch> {
  const answer = await db.execute(sql`
    update excuses set text = null, decision_note = null,
      text_erased_at = ${given.now.toISOString()}::timestamptz
    where id = any(array(${takeDue('excuseTexts', courseId, given)}))`);
  return takenOnly(answer.rowCount);
}

export async function deleteSettledMessages(
  db: Db,
  courseId: string,
  given: { now: Date; limit: number },
): Promise<Batch> {
  const answer = await db.execute(sql`
    delete from messages where id = any(array(${takeDue('messages', courseId, given)}))`);
  return takenOnly(answer.rowCount);
}

/** Documents whose time is over; looked for among those that can be opened still. */
export async function discardDueDocuments(
  db: Db,
  { now, limit }: { now: Date; limit: number },
): Promise<Batch> {
  const answer = await db.execute(sql`
    update excuse_files set name = null, discarded_at = ${now.toISOString()}::timestamptz
    where id = any(array(
      select f.id from excuse_files f
      -- Excuse by excuse, by index: a join may read those of all years.
      cross join lateral (select * from excuses where excuses.id = f.excuse_id offset 0) e
      join courses c on c.id = e.course_id join deployments d on d.id = c.deployment_id
      where f.discarded_at is null and f.excuse_id is not null
        and (coalesce(e.decided_at, e.withdrawn_at) < ${dueBefore('excuseDocumentDays', now)}
          or (coalesce(e.decided_at, e.withdrawn_at) is null
            and e.submitted_at < ${dueBefore('excuseDocumentDays', now, undecidedDays)}))
      limit ${limit} for no key update of f skip locked))`);
  return takenOnly(answer.rowCount);
}

/** Phones that have expired or were ended. */
export async function emptyEndedPhones(db: Db, { now, limit }: { now: Date; limit: number }): Promise<Batch> {
  const answer = await db.execute(sql`
    update devices set name = null, key_hash = '', next_key_hash = null,
      revoked_at = coalesce(revoked_at, expires_at)
    where id = any(array(select ended.id from devices ended
      where coalesce(ended.revoked_at, ended.expires_at) < ${now.toISOString()}::timestamptz
        and ended.key_hash <> ''
      limit ${limit} for update skip locked))`);
  return takenOnly(answer.rowCount);
}

/**
 * People whose time is over: no list and no launch has named them for so long, and no course in which they had a place
 * has seen them, or held or planned a meeting with them, since. Where several institutions of one platform know them,
 * the longest time counts. Looked for among those who have been known for so long.
 */
export async function selectDuePeople(
  db: Db,
  { now, limit }: { now: Date; limit: number },
): Promise<string[]> {
  const fallback = sql.raw(String(defaultRetention.personDays));
  const at = sql`${now.toISOString()}::timestamptz`;
  // Asked first: by a time that it knows the planner sees how few have been known for so long.
  const shortest = await db.execute<{ due: string }>(sql`
    select (${at} - make_interval(days => least(${fallback},
      min((retention ->> 'personDays')::int))))::text as due from deployments`);
  const answer = await db.execute<{ id: string }>(sql`
    select p.id from people p
    cross join lateral (select ${at} - make_interval(days => coalesce(
      (select max(coalesce((d.retention ->> 'personDays')::int, ${fallback})) from memberships m
        join courses c on c.id = m.course_id join deployments d on d.id = c.deployment_id
        where m.person_id = p.id), ${fallback})) as due) before
    where p.erased_at is null and p.merged_into is null and p.created_at < ${shortest.rows[0]?.due}::timestamptz
      and p.created_at < before.due and p.updated_at < before.due
      and not exists (
        select 1 from memberships m join membership_spans s on s.membership_id = m.id
        join courses c on c.id = m.course_id
        where m.person_id = p.id and (s.ends_at >= before.due or (s.ends_at is null
          and (c.term_ends_at >= before.due
            or exists (select 1 from meetings held where held.course_id = c.id and held.ends_at >= before.due)))))
    order by p.created_at limit ${limit}`);
  return answer.rows.map(({ id }) => id);
}

export type RetentionRun = typeof retentionRuns.$inferSelect;

export async function insertRun(db: Db, run: typeof retentionRuns.$inferInsert): Promise<void> {
  await db.insert(retentionRuns).values(run);
}

export async function updateRun(
  db: Db,
  id: string,
  change: { erased: Record<string, number>; endedAt?: Date },
): Promise<void> {
  await db.update(retentionRuns).set(change).where(eq(retentionRuns.id, id));
}

export async function selectRuns(db: Db, limit: number): Promise<RetentionRun[]> {
  return db.select().from(retentionRuns).orderBy(desc(retentionRuns.startedAt)).limit(limit);
}

// How long an institution keeps what

/** Locked until the transaction ends. */
export async function lockRetention(db: Db, deploymentId: string): Promise<Partial<RetentionPolicy>> {
  const [row] = await db
    .select({ retention: deployments.retention })
    .from(deployments)
    .where(eq(deployments.id, deploymentId))
    .for('no key update');
  return row?.retention ?? {};
}

export async function updateRetention(
  db: Db,
  deploymentId: string,
  retention: Partial<RetentionPolicy>,
): Promise<void> {
  await db.update(deployments).set({ retention }).where(eq(deployments.id, deploymentId));
}

// What is kept of a person

/** How much of each kind is kept of a person, in all their courses. */
export interface KeptCounts {
  courses: number;
  records: number;
  checkIns: number;
  evidence: number;
  excuses: number;
  documents: number;
  phones: number;
  messages: number;
}

export async function selectKeptCounts(db: Db, personIds: readonly string[], now: Date): Promise<KeptCounts> {
  const answer = await db.execute<KeptCounts & Record<string, unknown>>(sql`
    with place as materialized (select id from memberships where person_id = any(${idArray(personIds)}))
    select (select count(*)::int from place) as courses,
      (select count(*)::int from attendance_records r join place on place.id = r.membership_id) as records,
      (select count(*)::int from check_ins c join place on place.id = c.membership_id) as "checkIns",
      (select count(*)::int from check_ins c join place on place.id = c.membership_id
        where ${holdsEvidence}) as evidence,
      (select count(*)::int from excuses e join place on place.id = e.membership_id) as excuses,
      (select count(*)::int from excuse_files f join place on place.id = f.membership_id
        where f.discarded_at is null and f.stored_at is not null) as documents,
      (select count(*)::int from devices where person_id = any(${idArray(personIds)}) and revoked_at is null
        and expires_at > ${now.toISOString()}::timestamptz) as phones,
      (select count(*)::int from messages where person_id = any(${idArray(personIds)})) as messages`);
  const [counts] = answer.rows;
  if (counts === undefined) throw new Error('counts are always answered');
  return counts;
}

const ofPlaces = (column: SQL, membershipIds: readonly string[]) =>
  sql`${column} = any(${idArray(membershipIds)})`;

export async function selectPlatformOfPerson(db: Db, personId: string): Promise<string> {
  const [row] = await db
    .select({ issuer: platforms.issuer })
    .from(people)
    .innerJoin(platforms, eq(platforms.id, people.platformId))
    .where(eq(people.id, personId));
  return row?.issuer ?? '';
}

export async function selectPlacesOf(db: Db, personIds: readonly string[]) {
  return db
    .select({
      membershipId: memberships.id,
      courseId: courses.id,
      title: courses.title,
      timeZone: courses.timeZone,
      role: memberships.role,
      extraMinutes: memberships.extraMinutes,
      knownSince: memberships.createdAt,
      lastLaunchAt: memberships.lastLaunchAt,
      listedAt: memberships.listedAt,
    })
    .from(memberships)
    .innerJoin(courses, eq(courses.id, memberships.courseId))
    .where(inArray(memberships.personId, [...personIds]))
    .orderBy(asc(memberships.createdAt), asc(memberships.id));
}

export async function selectSpansOf(db: Db, membershipIds: readonly string[]) {
  return db
    .select({
      membershipId: membershipSpans.membershipId,
      section: sections.name,
      from: membershipSpans.startsAt,
      until: membershipSpans.endsAt,
      saidBy: membershipSpans.source,
    })
    .from(membershipSpans)
    .leftJoin(sections, eq(sections.id, membershipSpans.sectionId))
    .where(ofPlaces(sql`${membershipSpans.membershipId}`, membershipIds))
    .orderBy(asc(membershipSpans.createdAt), asc(membershipSpans.id));
}

const meetingColumns = {
  meetingId: meetings.id,
  meetingTitle: meetings.title,
  meetingNumber,
  localStart: meetings.localStart,
  localEnd: meetings.localEnd,
  timeZone: meetings.timeZone,
};

export async function selectRecordsOf(db: Db, membershipIds: readonly string[]) {
  return db
    .select({
      membershipId: attendanceRecords.membershipId,
      ...meetingColumns,
      status: attendanceRecords.status,
      provenMinutes: attendanceRecords.provenMinutes,
      isOpen: attendanceRecords.isOpen,
      source: attendanceRecords.source,
      note: attendanceRecords.note,
      replacesMeetingId: attendanceRecords.replacesMeetingId,
      updatedAt: attendanceRecords.updatedAt,
      presence: sql<{ from: string; until: string | null }[]>`coalesce((
        select jsonb_agg(jsonb_build_object('from', s.from_at, 'until', s.to_at) order by s.from_at)
        from ${recordSpans} s where s.record_id = ${attendanceRecords.id}), '[]'::jsonb)`,
    })
    .from(attendanceRecords)
    .innerJoin(meetings, eq(meetings.id, attendanceRecords.meetingId))
    .where(ofPlaces(sql`${attendanceRecords.membershipId}`, membershipIds))
    .orderBy(asc(meetings.startsAt), asc(meetings.id));
}

export async function selectCheckInsOf(db: Db, membershipIds: readonly string[]) {
  return db
    .select({
      id: checkIns.id,
      membershipId: checkIns.membershipId,
      meetingId: checkIns.meetingId,
      outcome: checkIns.outcome,
      direction: checkIns.direction,
      via: checkIns.via,
      scannedAt: checkIns.scannedAt,
      confirmedAt: checkIns.confirmedAt,
      codeAgeMs: checkIns.codeAgeMs,
      phone: devices.name,
      isOwnPhone: sql<boolean | null>`case when ${devices.id} is not null then
        ${livingPersonId(devices.personId)} is not distinct from ${livingPersonId(memberships.personId)} end`,
      scanBrowserHash: checkIns.scanBrowserHash,
      browserHash: checkIns.browserHash,
      networkHash: checkIns.networkHash,
      isNetworkAllowed: checkIns.isNetworkAllowed,
      distanceMeters: checkIns.distanceMeters,
      flags: checkIns.flags,
      decision: checkInReviews.decision,
      decidedAt: checkInReviews.decidedAt,
    })
    .from(checkIns)
    .innerJoin(memberships, eq(memberships.id, checkIns.membershipId))
    .leftJoin(devices, eq(devices.id, checkIns.deviceId))
    .leftJoin(checkInReviews, eq(checkInReviews.checkInId, checkIns.id))
    .where(ofPlaces(sql`${checkIns.membershipId}`, membershipIds))
    .orderBy(asc(checkIns.confirmedAt), asc(checkIns.id));
}

export async function selectPicksOf(db: Db, membershipIds: readonly string[]) {
  return (
    db
      .select({
        membershipId: spotCheckPicks.membershipId,
        meetingId: spotChecks.meetingId,
        calledAt: spotChecks.startedAt,
        wasThere: spotCheckPicks.isThere,
      })
      .from(spotCheckPicks)
      .innerJoin(spotChecks, eq(spotChecks.id, spotCheckPicks.spotCheckId))
      .innerJoin(meetings, eq(meetings.id, spotChecks.meetingId))
      .innerJoin(memberships, eq(memberships.id, spotCheckPicks.membershipId))
      // By the meetings of their courses: there is no index of picks by member.
      .where(
        and(
          sql`${meetings.courseId} in (select own.course_id from memberships own
          where own.id = any(${idArray(membershipIds)}))`,
          ofPlaces(sql`${spotCheckPicks.membershipId}`, membershipIds),
        ),
      )
      .orderBy(asc(spotChecks.startedAt), asc(spotChecks.id))
  );
}

export async function selectExcusesOf(db: Db, membershipIds: readonly string[]) {
  return db
    .select({
      id: excuses.id,
      membershipId: excuses.membershipId,
      reason: excuses.reason,
      text: excuses.text,
      fromDay: excuses.fromDay,
      toDay: excuses.toDay,
      state: excuses.state,
      submittedAt: excuses.submittedAt,
      withdrawnAt: excuses.withdrawnAt,
      decidedAt: excuses.decidedAt,
      decisionNote: excuses.decisionNote,
      textErasedAt: excuses.textErasedAt,
      meetings: sql<{ meetingId: string; localStart: string; decision: string | null }[]>`coalesce((
        select jsonb_agg(jsonb_build_object('meetingId', m.id, 'localStart', m.local_start,
          'decision', em.decision) order by m.starts_at)
        from ${excuseMeetings} em join meetings m on m.id = em.meeting_id
        where em.excuse_id = ${excuses}.id), '[]'::jsonb)`,
    })
    .from(excuses)
    .where(ofPlaces(sql`${excuses.membershipId}`, membershipIds))
    .orderBy(asc(excuses.submittedAt), asc(excuses.id));
}

export async function selectDocumentsOf(db: Db, membershipIds: readonly string[]) {
  return db
    .select({
      id: excuseFiles.id,
      membershipId: excuseFiles.membershipId,
      excuseId: excuseFiles.excuseId,
      objectKey: excuseFiles.objectKey,
      name: excuseFiles.name,
      mediaType: excuseFiles.mediaType,
      bytes: excuseFiles.bytes,
      createdAt: excuseFiles.createdAt,
      storedAt: excuseFiles.storedAt,
      discardedAt: excuseFiles.discardedAt,
    })
    .from(excuseFiles)
    .where(ofPlaces(sql`${excuseFiles.membershipId}`, membershipIds))
    .orderBy(asc(excuseFiles.createdAt), asc(excuseFiles.id));
}

export async function selectPhonesOf(db: Db, personIds: readonly string[]) {
  return db
    .select({
      name: devices.name,
      since: devices.createdAt,
      expiresAt: devices.expiresAt,
      endedAt: devices.revokedAt,
    })
    .from(devices)
    .where(inArray(devices.personId, [...personIds]))
    .orderBy(asc(devices.createdAt), asc(devices.id));
}

/** When links were made that lead to this person; what they are is shown on their own pages alone. */
export async function selectLinksOf(
  db: Db,
  personIds: readonly string[],
): Promise<{ calendarLinkSince: Date | null; personalCodeSince: Date | null }> {
  const [feed] = await db
    .select({ since: calendarFeeds.createdAt })
    .from(calendarFeeds)
    .where(inArray(calendarFeeds.personId, [...personIds]));
  const [code] = await db
    .select({ since: personalCodes.createdAt })
    .from(personalCodes)
    .where(inArray(personalCodes.personId, [...personIds]));
  return { calendarLinkSince: feed?.since ?? null, personalCodeSince: code?.since ?? null };
}

export async function selectMessagesOf(db: Db, personIds: readonly string[]) {
  return db
    .select({
      kind: messages.kind,
      courseId: messages.courseId,
      createdAt: messages.createdAt,
      dueAt: messages.dueAt,
      sentAt: messages.sentAt,
      droppedAt: messages.droppedAt,
      dropReason: messages.dropReason,
    })
    .from(messages)
    .where(inArray(messages.personId, [...personIds]))
    .orderBy(asc(messages.createdAt), asc(messages.id));
}

export async function selectOptOutsOf(db: Db, personIds: readonly string[]) {
  return db
    .select({ kind: messageOptOuts.kind, since: messageOptOuts.createdAt })
    .from(messageOptOuts)
    .where(inArray(messageOptOuts.personId, [...personIds]))
    .orderBy(asc(messageOptOuts.createdAt));
}

/** Times at which the platform told the person's number of another entry, too. */
export async function selectDoubtsOf(db: Db, personIds: readonly string[]) {
  return db
    .select({
      seenAt: personConflicts.seenAt,
      resolvedAt: personConflicts.resolvedAt,
      resolution: personConflicts.resolution,
    })
    .from(personConflicts)
    .where(
      sql`${personConflicts.personId} = any(${idArray(personIds)})
        or ${personConflicts.otherPersonId} = any(${idArray(personIds)})`,
    )
    .orderBy(asc(personConflicts.seenAt));
}

/** What the log of a course tells of these subjects, and in which role whoever did it stands in the course now. */
export async function selectEventsAbout(db: Db, courseId: string, subjectIds: readonly string[]) {
  const actor = alias(memberships, 'actor');
  return db
    .select({
      at: auditEvents.at,
      action: auditEvents.action,
      actorPersonId: auditEvents.actorPersonId,
      actorRole: actor.role,
      before: auditEvents.before,
      after: auditEvents.after,
    })
    .from(auditEvents)
    .leftJoin(
      actor,
      and(eq(actor.courseId, auditEvents.courseId), eq(actor.personId, auditEvents.actorPersonId)),
    )
    .where(
      and(
        eq(auditEvents.courseId, courseId),
        sql`${auditEvents.subjectId} = any(${idArray(subjectIds)})`,
        isNull(auditEvents.erasedAt),
      ),
    )
    .orderBy(asc(auditEvents.at), asc(auditEvents.id));
}

/** What a person did to others' records, meetings and settings: counted, because the rest is those others' own. */
export async function selectActsOf(db: Db, personIds: readonly string[]) {
  return db
    .select({
      courseId: auditEvents.courseId,
      action: auditEvents.action,
      count: sql<number>`count(*)::int`,
      firstAt: sql<Date>`min(${auditEvents.at})`.mapWith(auditEvents.at),
      lastAt: sql<Date>`max(${auditEvents.at})`.mapWith(auditEvents.at),
    })
    .from(auditEvents)
    .where(sql`${auditEvents.actorPersonId} = any(${idArray(personIds)})`)
    .groupBy(auditEvents.courseId, auditEvents.action)
    .orderBy(asc(auditEvents.courseId), asc(auditEvents.action));
}
