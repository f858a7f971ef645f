import type { Ctx } from '../context.ts';
import { keepCourse } from '../courses/keep-course.ts';
import type { Db } from '../db/client.ts';
import { takeSoleLock } from '../db/sole-lock.ts';
import { transaction } from '../db/transaction.ts';
import { placeholderSub } from '../members/rules.ts';
import { bringCourse } from './bring-course.ts';
import { bringDocument } from './bring-document.ts';
import type { Identities, ImportOrder, ImportReport } from './import-order.ts';
import { readShape } from './old-shape.ts';
import type { OldRow, OldShape } from './old-shape.ts';
import {
  beginReading,
  countOldTokens,
  selectCoursesOf,
  selectHumans,
  selectOld,
  selectOldColumns,
} from './queries.ts';
import type { CourseToFill } from './queries.ts';
import { gatherHumans, noCures, textOf } from './rules.ts';
import type { Human } from './rules.ts';

export type Import =
  | ImportReport
  /** Another import runs. */
  | { kind: 'busy' }
  | { kind: 'other-shape'; missing: OldShape['missing']; found: string[] };

/**
 * Brings over what version 2.0.0 kept: people, meetings, attendance, excuses with their documents. Each course is a
 * transaction. What was brought before stays as it is, whatever became of it since; so saying it again brings only what
 * was missing. An operator's act.
 *
 * @param old the old database; nothing is written there
 * @throws AppError `files-unavailable`, `unavailable`
 */
export async function importFromV2(ctx: Ctx, old: Db, order: ImportOrder): Promise<Import> {
  return transaction({ db: old }, async ({ db }) => {
    await beginReading(db);
    const columns = await selectOldColumns(db);
    const shape = readShape(columns);
    if (shape.missing.length > 0) {
      const found = columns.map(({ table, column }) => `${table}.${column}`);
      return { kind: 'other-shape', missing: shape.missing, found };
    }
    // Held beside the courses' own transactions until all of them, and their documents, have come.
    return transaction(ctx, async (tx): Promise<Import> =>
      (await takeSoleLock(tx.db, 'import-v2')) ? bringAll(ctx, db, shape, order) : { kind: 'busy' },
    );
  });
}

async function bringAll(ctx: Ctx, old: Db, shape: OldShape, order: ImportOrder): Promise<ImportReport> {
  const { fields } = shape;
  const users = await selectOld(old, 'users', fields.users);
  const { humans, joined, contradicting } = gatherHumans(users);
  const report: ImportReport = {
    ...{ kind: 'imported', courses: [], waiting: [], documentsLeft: 0, unidentified: [], unplaceable: [] },
    cures: { ...noCures(), 'users-joined': joined, 'users-contradicting': contradicting },
    ...{ tokens: await countOldTokens(old), unread: shape.unread },
  };
  const identities = await identify(ctx, humans, order, report);
  const sessions = await selectOld(old, 'sessions', fields.sessions);
  const oldCourses = await selectOld(old, 'courses', fields.courses);
  const known = new Set(oldCourses.map(({ id }) => id));
  report.cures['sessions-orphaned'] = sessions.filter(({ courseId }) => !known.has(courseId)).length;

  for (const { course, oldIds, isNew } of await findCourses(ctx, oldCourses, order, report)) {
    const ofCourse = sessions.filter(({ courseId }) => oldIds.includes(courseId ?? ''));
    const records = await selectOld(old, 'attendance_records', fields.attendance_records, {
      ...{ field: 'sessionId', among: ofCourse.map(({ id }) => id ?? '') },
    });
    const done = await transaction(ctx, (tx) =>
      bringCourse(
        { ...tx, viewer: undefined },
        { course, sessions: ofCourse, records, identities, order, report },
      ),
    );
    const { documents, ...counted } = done;
    const brought = { oldIds, courseId: course.id, title: course.title, isNew, ...counted, documents: 0 };
    report.courses.push(brought);
    // After the commit: bytes travel while no transaction is open.
    for (const document of documents) {
      if (order.documents === undefined) {
        report.documentsLeft += 1;
        continue;
      }
      const came = await bringDocument(ctx, document, order.documents);
      if (came === 'brought') brought.documents += 1;
      if (came === 'missing') report.cures['documents-missing'] += 1;
      if (came === 'refused') report.cures['documents-refused'] += 1;
    }
  }
  return report;
}

async function identify(
  ctx: Ctx,
  humans: readonly Human[],
  { deploymentId }: ImportOrder,
  report: ImportReport,
): Promise<Identities> {
  const known = await selectHumans(ctx.db, deploymentId, {
    subs: humans.flatMap(({ sub }) => sub ?? []),
    numbers: humans.flatMap(({ canvasUserId }) => canvasUserId ?? []),
    sisIds: humans.flatMap(({ sisId }) => sisId ?? []),
  });
  const bySub = new Map(known.map((row) => [row.sub, row]));
  const byNumber = new Map(known.map((row) => [row.canvasUserId, row]));
  // Two people with one SIS id are told apart by nothing here.
  const bySisId = Map.groupBy(known, ({ sisId }) => sisId);
  const identities = new Map<string, Human & { sub: string; isKnown: boolean }>();
  for (const human of humans) {
    const { sub, canvasUserId, sisId } = human;
    const ofSisId = sisId === undefined ? [] : (bySisId.get(sisId) ?? []);
    const row =
      (sub === undefined ? undefined : bySub.get(sub)) ??
      (canvasUserId === undefined ? undefined : byNumber.get(canvasUserId)) ??
      (ofSisId.length === 1 ? ofSisId[0] : undefined);
    const own = row?.sub ?? sub ?? (canvasUserId === undefined ? undefined : placeholderSub(canvasUserId));
    if (own === undefined) {
      report.cures['people-unidentified'] += 1;
      report.unidentified.push(...human.oldIds);
      continue;
    }
    for (const id of human.oldIds) identities.set(id, { ...human, sub: own, isKnown: row !== undefined });
  }
  return identities;
}

interface CourseFound {
  course: CourseToFill;
  oldIds: string[];
  isNew: boolean;
}

/** The courses here that the old ones are; one whose context is known and whom nobody has opened yet is made. */
async function findCourses(
  ctx: Ctx,
  oldCourses: readonly OldRow<'courses'>[],
  { deploymentId, timeZone }: ImportOrder,
  report: ImportReport,
): Promise<CourseFound[]> {
  const there = await selectCoursesOf(ctx.db, deploymentId);
  const found = new Map<string, CourseFound>();
  for (const old of oldCourses) {
    const [contextId, number] = [textOf(old.contextId), textOf(old.canvasCourseId)];
    const title = textOf(old.title) ?? number ?? contextId ?? '';
    const ofNumber = there.filter(({ canvasCourseId }) => number !== undefined && canvasCourseId === number);
    let course =
      there.find((one) => one.contextId === contextId) ?? (ofNumber.length === 1 ? ofNumber[0] : undefined);
    const isNew = course === undefined;
    if (course === undefined && contextId !== undefined) {
      course = await keepCourse(
        ctx,
        {
          ...{ deploymentId, contextId, title, label: undefined, canvasCourseId: number },
          ...{ namesAndRolesUrl: undefined, resourceLinkId: undefined, platformState: undefined },
          ...{ termEndsAt: undefined, teacherTimeZone: undefined },
        },
        timeZone,
      );
      there.push(course);
    }
    if (course === undefined) {
      report.waiting.push({ oldId: old.id ?? '', title });
      report.cures['courses-waiting'] += 1;
      continue;
    }
    const entry = found.get(course.id) ?? { course, oldIds: [], isNew };
    entry.oldIds.push(old.id ?? '');
    found.set(course.id, entry);
  }
  return [...found.values()];
}
