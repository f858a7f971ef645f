import { makeZip } from 'client-zip';
import { subjectsOfMember } from '../audit/subjects-of-member.ts';
import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import { transaction } from '../db/transaction.ts';
import type { FileStore, OpenedFile } from '../files/file-store.ts';
import {
  selectActsOf,
  selectCheckInsOf,
  selectDocumentsOf,
  selectDoubtsOf,
  selectEventsAbout,
  selectExcusesOf,
  selectHuman,
  selectLinksOf,
  selectMessagesOf,
  selectOptOutsOf,
  selectPhonesOf,
  selectPicksOf,
  selectPlacesOf,
  selectPlatformOfPerson,
  selectRecordsOf,
  selectSpansOf,
} from './queries.ts';
import { createNumbering, withoutOthers } from './rules.ts';

/** What data.json says that it is; docs/privacy.md tells what is in it. */
const format = 'sk-attendance/person';
const version = 1;

/**
 * All that is kept of a person, over all their courses, as a ZIP: the documents of their excuses, and data.json, which
 * comes last and says of each document whether it is there. Nobody else is named in it: others appear by their role.
 * It is made while it is read, so that documents are never in memory as a whole; where one breaks off midway, the
 * stream fails, and what has arrived opens nowhere. The caller has made sure that whoever asks may have it.
 *
 * @throws AppError `not-found`
 */
export async function exportPerson(
  ctx: Ctx,
  personId: string,
  store: Pick<FileStore, 'open'>,
): Promise<ReadableStream<Uint8Array>> {
  const { data, documents } = await transaction(ctx, (tx) => gather(tx, personId));
  // Between them and whoever reads: client-zip answers a download that is given up with an error of nobody's.
  return makeZip(entries(ctx, { data, documents, store })).pipeThrough(new TransformStream());
}

/** What became of a document in the download. */
type Inclusion = { path: string } | { missing: 'deleted' | 'unavailable' | 'incomplete' };

type Document = Awaited<ReturnType<typeof selectDocumentsOf>>[number];

async function* entries(
  ctx: Pick<Ctx, 'now' | 'log'>,
  {
    data,
    documents,
    store,
  }: { data: object; documents: readonly Document[]; store: Pick<FileStore, 'open'> },
) {
  const inclusions = new Map<string, Inclusion>();
  for (const document of documents) {
    const opened = await openDocument(store, document);
    if ('missing' in opened) {
      inclusions.set(document.id, opened);
      if (opened.missing === 'unavailable') ctx.log.warn({}, 'a document is missing in a download');
      continue;
    }
    const path = `files/${document.id}.${document.mediaType === 'application/pdf' ? 'pdf' : 'jpg'}`;
    const reader = opened.body.getReader();
    try {
      yield { name: path, input: chunksOf(reader), lastModified: document.createdAt };
    } finally {
      // Where the download was given up, nobody reads on.
      await reader.cancel().catch(() => undefined);
    }
    inclusions.set(document.id, { path });
  }
  const told = documents.map(({ objectKey: _, membershipId: __, ...document }) => ({
    ...document,
    ...inclusions.get(document.id),
  }));
  yield {
    name: 'data.json',
    input: `${JSON.stringify({ ...data, documents: told }, undefined, 2)}\n`,
    lastModified: ctx.now,
  };
}

async function openDocument(
  store: Pick<FileStore, 'open'>,
  { objectKey, storedAt, discardedAt }: Document,
): Promise<OpenedFile | { missing: 'deleted' | 'unavailable' | 'incomplete' }> {
  if (discardedAt !== null) return { missing: 'deleted' };
  if (storedAt === null) return { missing: 'incomplete' };
  try {
    return (await store.open(objectKey)) ?? { missing: 'deleted' };
  } catch (error) {
    if (error instanceof AppError && error.code === 'files-unavailable') return { missing: 'unavailable' };
    throw error;
  }
}

async function* chunksOf(reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>) {
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    yield value;
  }
}

async function gather(
  tx: Pick<Ctx, 'db' | 'now'>,
  personId: string,
): Promise<{ data: object; documents: Document[] }> {
  const { db, now } = tx;
  const rows = await selectHuman(db, personId);
  const [living, ...merged] = rows;
  if (living === undefined) throw new AppError('not-found');
  const personIds = rows.map(({ id }) => id);
  const places = await selectPlacesOf(db, personIds);
  const placeIds = places.map(({ membershipId }) => membershipId);
  const kept = {
    spans: await selectSpansOf(db, placeIds),
    records: await selectRecordsOf(db, placeIds),
    checkIns: await selectCheckInsOf(db, placeIds),
    spotChecks: await selectPicksOf(db, placeIds),
    excuses: await selectExcusesOf(db, placeIds),
  };
  const documents = await selectDocumentsOf(db, placeIds);
  const known = new Set([
    ...[...personIds, ...placeIds, ...places.map(({ courseId }) => courseId)],
    ...[...kept.checkIns, ...kept.excuses, ...documents].map(({ id }) => id),
  ]);
  const acts = await selectActsOf(db, personIds);
  const browser = createNumbering();
  const network = createNumbering();
  const courses = [];
  for (const { membershipId, courseId, ...place } of places) {
    const own = <Row extends { membershipId: string }>(list: readonly Row[]) =>
      list.filter((row) => row.membershipId === membershipId).map(({ membershipId: _, ...row }) => row);
    courses.push({
      id: courseId,
      membershipId,
      ...place,
      spans: own(kept.spans),
      records: own(kept.records),
      checkIns: own(kept.checkIns).map(({ scanBrowserHash, browserHash, networkHash, ...checkIn }) => ({
        ...checkIn,
        // Somebody else's phone is somebody else's.
        phone: checkIn.isOwnPhone === true ? checkIn.phone : null,
        scanBrowser: browser(scanBrowserHash),
        browser: browser(browserHash),
        network: network(networkHash),
      })),
      spotChecks: own(kept.spotChecks),
      excuses: own(kept.excuses),
      history: await historyOf(tx, { courseId, membershipId, personIds, known }),
      ownActs: acts.filter((act) => act.courseId === courseId).map(({ courseId: _, ...act }) => act),
    });
  }
  const data = {
    format,
    version,
    madeAt: now,
    person: {
      ...entryOf(living),
      platform: await selectPlatformOfPerson(db, living.id),
      otherEntries: merged.map(entryOf),
      doubts: await selectDoubtsOf(db, personIds),
    },
    phones: await selectPhonesOf(db, personIds),
    ...(await selectLinksOf(db, personIds)),
    messages: await selectMessagesOf(db, personIds),
    unwantedMessages: await selectOptOutsOf(db, personIds),
    courses,
  };
  return { data, documents };
}

function entryOf(row: Awaited<ReturnType<typeof selectHuman>>[number]) {
  const { id, sub, canvasUserId, sisId, name, givenName, familyName, email, locale } = row;
  return {
    ...{ id, name, givenName, familyName, email, locale },
    ...{ platformUserId: sub, canvasUserId, sisId, knownSince: row.createdAt, lastSeenAt: row.updatedAt },
  };
}

/** What the log of a course tells of this member, without the names and ids of others. */
async function historyOf(
  tx: Pick<Ctx, 'db'>,
  about: {
    courseId: string;
    membershipId: string;
    personIds: readonly string[];
    known: ReadonlySet<string>;
  },
): Promise<object[]> {
  const { courseId, membershipId, personIds } = about;
  const { placeIds, meetingIds, subjectIds } = await subjectsOfMember(tx, courseId, membershipId);
  const known = new Set([...about.known, ...placeIds, ...meetingIds]);
  const events = await selectEventsAbout(tx.db, courseId, [...personIds, ...subjectIds]);
  return events.map(({ at, action, actorPersonId, actorRole, before, after }) => ({
    ...{ at, action, by: actorOf(actorPersonId, actorRole, personIds) },
    before: withoutOthers(before, known),
    after: withoutOthers(after, known),
  }));
}

function actorOf(actorPersonId: string | null, role: string | null, own: readonly string[]): string {
  if (actorPersonId === null) return 'system';
  return own.includes(actorPersonId) ? 'self' : (role ?? 'unknown');
}
