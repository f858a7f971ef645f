import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { and, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#lib/base/errors.ts';
import { newId } from '#lib/base/ids.ts';
import { addMs, minuteMs } from '#lib/base/time.ts';
import type { Ctx } from '#lib/context.ts';
import { auditEvents, courses, excuseFiles } from '#lib/db/schema.ts';
import { cleanDocuments } from '#lib/excuses/clean-documents.ts';
import { dropDocument } from '#lib/excuses/drop-document.ts';
import { keepDocument } from '#lib/excuses/keep-document.ts';
import type { SentDocument } from '#lib/excuses/keep-document.ts';
import { openDocument } from '#lib/excuses/open-document.ts';
import { submitExcuse } from '#lib/excuses/submit-excuse.ts';
import { sweepFileStore } from '#lib/excuses/sweep-file-store.ts';
import { withdrawExcuse } from '#lib/excuses/withdraw-excuse.ts';
import { newFileKey } from '#lib/files/file-store.ts';
import type { FileStore } from '#lib/files/file-store.ts';
import { createFolderStore } from '#lib/files/folder-store.ts';
import { createS3Store } from '#lib/files/s3-store.ts';
import { useClassroom } from '../support/classroom.ts';
import { pdfDocument } from '../support/pdf-document.ts';
import { startS3Server } from '../support/s3-server.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { saturday, useTestContext } from '../support/test-context.ts';

const tool = useTestContext();
const room = useClassroom(tool);
const { who } = room;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const maxBytes = 5_242_880;
const note = pdfDocument();

let folder: string;
let s3: Awaited<ReturnType<typeof startS3Server>>;
const stores: Partial<Record<'folder' | 's3', FileStore>> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'excuse-documents-'));
  s3 = await startS3Server(join(folder, 's3'));
  stores.folder = createFolderStore(join(folder, 'files'));
  stores.s3 = createS3Store(s3.bucket);
});
afterAll(async () => {
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

const uploadFolder = () => join(folder, 'uploads');
afterEach(async () => {
  expect(await readdir(uploadFolder()).catch(() => []), 'uploads that were left lying').toEqual([]);
});

const course = () => room.course.courseId;
const annaAt = (now = saturday) => who(room.anna, now);

describe.each(['folder', 's3'] as const)('documents in a store (%s)', (kind) => {
  let store: FileStore;
  beforeEach(async () => {
    const chosen = stores[kind];
    if (chosen === undefined) throw new Error('the stores are there from beforeAll on');
    store = chosen;
    for (const key of await keysIn(store)) await store.delete(key);
    // The cleaner looks at all courses.
    await tool.ctx.db.delete(excuseFiles);
  });

  /** As the route does it; by default a good PDF of Anna's. */
  const send = (
    change: Partial<SentDocument> & { content?: Buffer<ArrayBuffer> } = {},
    { ctx = annaAt(), files = store }: { ctx?: Ctx; files?: FileStore } = {},
  ) => {
    const { content = note, ...sent } = change;
    return keepDocument(
      ctx,
      {
        ...{ courseId: course(), fileId: newId(), name: 'Attest.pdf' },
        ...{ body: new Blob([content]).stream(), declaredBytes: content.length },
        ...sent,
      },
      { files, uploadFolder: uploadFolder(), maxBytes },
    );
  };
  const kept = async (...given: Parameters<typeof send>) => {
    const answer = await send(...given);
    if (answer.kind !== 'kept') throw new Error(`refused: ${answer.why}`);
    return answer.file.id;
  };
  const handIn = async (fileIds: string[], by = annaAt()) => {
    const excuse = {
      ...{ id: newId(), reason: 'illness', text: '', fileIds },
      choice: { kind: 'meetings', meetingIds: [room.meetingId] },
    };
    return submitExcuse(by, { courseId: course(), excuse });
  };
  const handedIn = async (fileIds: string[]) => {
    const done = await handIn(fileIds);
    if (done.kind !== 'submitted') throw new Error(done.kind);
    return done.excuseId;
  };
  const read = async (ctx: Ctx, fileId: string) =>
    new Response((await openDocument(ctx, { courseId: course(), fileId }, store)).body).bytes();
  const clean = (now: Date, files = store) => cleanDocuments(tool.at(now), files);

  describe('a document that is sent', () => {
    test('is kept whole, under a name for the eye and a key that tells nothing', async () => {
      const fileId = newId();
      expect(await send({ fileId, name: '../Attest Anna.PDF' })).toEqual({
        kind: 'kept',
        file: { id: fileId, name: 'Attest Anna.PDF', mediaType: 'application/pdf', bytes: note.length },
      });
      const [row] = await rows();
      expect(row).toMatchObject({ id: fileId, excuseId: null, storedAt: saturday });
      expect(await keysIn(store)).toEqual([row?.objectKey]);
      expect(row?.objectKey).toMatch(/^[0-9a-f]{40}$/);
      expect(note.equals(await read(annaAt(), fileId))).toBe(true);
    });

    test('is the same when it is sent again, and travels no second time', async () => {
      const fileId = newId();
      const first = await send({ fileId });
      expect(await send({ fileId, body: null, declaredBytes: undefined, name: 'other.pdf' })).toEqual(first);
      expect(await keysIn(store)).toHaveLength(1);
    });

    test.each([
      ['larger than is allowed', { content: pdfDocument(maxBytes + 1) }, 'too-large'],
      [
        'larger, without saying so',
        { content: pdfDocument(maxBytes + 1), declaredBytes: undefined },
        'too-large',
      ],
      ['empty', { content: Buffer.alloc(0) }, 'empty'],
      ['no document', { content: Buffer.from('GIF89a, and so on') }, 'wrong-type'],
      ['shorter than was said', { declaredBytes: note.length + 1 }, 'broken'],
    ] as const)('and is %s leaves nothing behind', async (_, sent, why) => {
      expect(await send(sent)).toEqual({ kind: 'refused', why });
      expect(await rows()).toEqual([]);
      expect(await keysIn(store)).toEqual([]);
    });

    test('of exactly the largest size is kept', async () => {
      const content = pdfDocument(maxBytes);
      const fileId = await kept({ content });
      expect(content.equals(await read(annaAt(), fileId))).toBe(true);
    });

    test('is one of twenty a day at most, many at once counted too', async () => {
      const fileIds = Array.from({ length: 23 }, newId);
      const answers = await Promise.all(fileIds.map((fileId) => send({ fileId })));
      expect(answers.filter((answer) => answer.kind === 'kept')).toHaveLength(20);
      expect(answers.filter((answer) => answer.kind === 'refused' && answer.why === 'too-many')).toHaveLength(
        3,
      );
      expect(await send({ body: null })).toEqual({ kind: 'refused', why: 'too-many' });
      // One that is there is there.
      expect(await send({ fileId: (await rows())[0]?.id ?? '' })).toMatchObject({ kind: 'kept' });
      expect(await send({}, { ctx: annaAt(addMs(saturday, dayMs + 1)) })).toMatchObject({ kind: 'kept' });
    });
  });

  describe('when something breaks', () => {
    const away = () => Promise.reject(new AppError('files-unavailable'));
    const died = new Error('the process died here');

    test('and the store is away, the student is told, hands nothing in, and sends the same again', async () => {
      const fileId = newId();
      await expect(send({ fileId }, { files: { ...store, put: away } })).rejects.toMatchObject({
        code: 'files-unavailable',
      });
      expect(await handIn([fileId])).toEqual({ kind: 'file-missing', fileIds: [fileId] });
      expect(await send({ fileId })).toMatchObject({ kind: 'kept' });
      expect(await handIn([fileId])).toMatchObject({ kind: 'submitted' });
      expect(await keysIn(store)).toHaveLength(1);
    });

    test.each([
      ['before its object is there', (): Promise<void> => Promise.reject(died)],
      [
        'after its object is there',
        async (...given: Parameters<FileStore['put']>): Promise<void> => {
          await store.put(...given);
          throw died;
        },
      ],
    ])('and the process dies %s, the next try takes over, and one object is left', async (_, put) => {
      const fileId = newId();
      await expect(send({ fileId }, { files: { ...store, put } })).rejects.toBe(died);
      expect(await rows()).toMatchObject([{ id: fileId, storedAt: null }]);
      await expect(read(annaAt(), fileId)).rejects.toMatchObject({ code: 'not-found' });
      expect(await send({ fileId })).toMatchObject({ kind: 'kept' });
      const [row] = await rows();
      expect(await keysIn(store)).toEqual([row?.objectKey]);
      expect(note.equals(await read(annaAt(), fileId))).toBe(true);
    });

    test('and nobody comes back, the cleaner takes row and object within the hour', async () => {
      const put = async (...given: Parameters<FileStore['put']>) => {
        await store.put(...given);
        throw died;
      };
      await expect(send({}, { files: { ...store, put } })).rejects.toBe(died);
      expect(await clean(addMs(saturday, hourMs - 1))).toEqual({ forsaken: 0, removed: 0, failed: 0 });
      expect(await keysIn(store)).toHaveLength(1);
      expect(await clean(addMs(saturday, hourMs + 1))).toEqual({ forsaken: 1, removed: 1, failed: 0 });
      expect(await keysIn(store)).toEqual([]);
      expect(await rows()).toEqual([]);
    });

    test('two tries of the same in one moment end with one object, and both hear that it is kept', async () => {
      const fileId = newId();
      const gate = Promise.withResolvers<undefined>();
      const reached = Promise.withResolvers<undefined>();
      const slow: FileStore = {
        ...store,
        put: async (...given) => {
          reached.resolve(undefined);
          await gate.promise;
          await store.put(...given);
        },
      };
      const first = send({ fileId, content: pdfDocument(4_000) }, { files: slow });
      await reached.promise;
      const second = await send({ fileId });
      gate.resolve(undefined);
      expect(second).toMatchObject({ kind: 'kept', file: { bytes: note.length } });
      expect(await first).toEqual(second);
      expect(await keysIn(store)).toHaveLength(1);
      expect(note.equals(await read(annaAt(), fileId))).toBe(true);
    });

    test('a document that is dropped while it is being stored leaves no object', async () => {
      const fileId = newId();
      const slow: FileStore = {
        ...store,
        put: async (...given) => {
          expect(await dropDocument(annaAt(), { courseId: course(), fileId })).toEqual({ kind: 'dropped' });
          await clean(saturday);
          await store.put(...given);
        },
      };
      expect(await send({ fileId }, { files: slow })).toEqual({ kind: 'refused', why: 'broken' });
      expect(await keysIn(store)).toEqual([]);
    });

    test('and the store is away, nobody is noted as a reader of what they did not see', async () => {
      const fileId = await kept();
      const excuseId = await handedIn([fileId]);
      await expect(
        openDocument(who(room.teacher), { courseId: course(), fileId }, { ...store, open: away }),
      ).rejects.toMatchObject({ code: 'files-unavailable' });
      const actions = await tool.ctx.db
        .select({ action: auditEvents.action })
        .from(auditEvents)
        .where(eq(auditEvents.subjectId, excuseId))
        .orderBy(auditEvents.id);
      expect(actions).toEqual([{ action: 'excuse.submitted' }]);
    });

    test('an object that is lost is told as what it is: not there', async () => {
      const fileId = await kept();
      for (const key of await keysIn(store)) await store.delete(key);
      await expect(read(annaAt(), fileId)).rejects.toMatchObject({ code: 'not-found' });
    });
  });

  describe('who may open one', () => {
    let fileId: string;
    let bert: SeededMember;
    let assistant: SeededMember;
    beforeEach(async () => {
      fileId = await kept();
      bert = await room.course.addMember('Bert Ärmel');
      assistant = await room.course.addMember('As Sistent', 'assistant');
    });

    test('its student, before it is handed in alone', async () => {
      expect(note.equals(await read(annaAt(), fileId))).toBe(true);
      await expect(read(who(room.teacher), fileId)).rejects.toMatchObject({ code: 'not-found' });
      await handedIn([fileId]);
      expect(note.equals(await read(annaAt(), fileId))).toBe(true);
      expect(note.equals(await read(who(room.teacher), fileId))).toBe(true);
    });

    test('an assistant where the course says so', async () => {
      await handedIn([fileId]);
      await expect(read(who(assistant), fileId)).rejects.toMatchObject({ code: 'not-for-assistants' });
      const policy = { assistantsMaySeeExcuses: true };
      await tool.ctx.db.update(courses).set({ policy }).where(eq(courses.id, course()));
      expect(note.equals(await read(who(assistant), fileId))).toBe(true);
    });

    test('nobody else, and nobody learns whether there is one', async () => {
      await handedIn([fileId]);
      const other = await seedCourse(tool.ctx.db, { platformId: room.course.platformId });
      const strangers = {
        'another student': bert,
        'Student View': await room.course.addMember('Test', 'student', { isTestUser: true }),
        'an observer': await room.course.addMember('Ob Server', 'observer'),
        'a designer': await room.course.addMember('De Signer', 'designer'),
        'a student who left': await room.course.addMember('Le Ft', 'student', { left: true }),
        'a teacher of another course': await other.addMember('Te Acher', 'teacher'),
      };
      for (const [name, stranger] of Object.entries(strangers)) {
        for (const id of [fileId, newId(), 'guess']) {
          await expect(read(who(stranger), id), name).rejects.toMatchObject({ code: 'no-access' });
        }
      }
      await expect(read(who(undefined), fileId)).rejects.toMatchObject({ code: 'not-signed-in' });
      // By way of a course where they may see excuses.
      const elsewhere = { courseId: other.courseId, fileId };
      await expect(
        openDocument(who(strangers['a teacher of another course']), elsewhere, store),
      ).rejects.toMatchObject({ code: 'not-found' });
      for (const id of [newId(), 'guess']) {
        await expect(read(who(room.teacher), id)).rejects.toMatchObject({ code: 'not-found' });
      }
    });

    test('whoever is not its student is noted, once a day for each', async () => {
      const excuseId = await handedIn([fileId]);
      const second = await room.course.addMember('Zwei Te', 'teacher');
      await read(annaAt(), fileId);
      for (const teacher of [room.teacher, second, room.teacher]) await read(who(teacher), fileId);
      await read(who(room.teacher, addMs(saturday, dayMs - 1)), fileId);
      const opened = () =>
        tool.ctx.db
          .select({ actor: auditEvents.actorPersonId, after: auditEvents.after })
          .from(auditEvents)
          .where(and(eq(auditEvents.subjectId, excuseId), eq(auditEvents.action, 'excuse.document-opened')))
          .orderBy(auditEvents.id);
      const after = { membershipId: room.anna.membershipId, fileId };
      expect(await opened()).toEqual([
        { actor: room.teacher.personId, after },
        { actor: second.personId, after },
      ]);
      await read(who(room.teacher, addMs(saturday, dayMs + 1)), fileId);
      expect(await opened()).toHaveLength(3);
    });

    test('nobody any more once it was discarded', async () => {
      const excuseId = await handedIn([fileId]);
      await withdrawExcuse(annaAt(), { courseId: course(), excuseId });
      for (const viewer of [room.anna, room.teacher]) {
        await expect(read(who(viewer), fileId)).rejects.toMatchObject({ code: 'not-found' });
      }
    });
  });

  describe('who may send or drop one', () => {
    test('students of the course alone, and each their own', async () => {
      const fileId = await kept();
      const bert = await room.course.addMember('Bert Ärmel');
      const testUser = await room.course.addMember('Test', 'student', { isTestUser: true });
      const drop = (ctx: Ctx) => dropDocument(ctx, { courseId: course(), fileId });
      for (const ctx of [who(room.teacher), who(testUser)]) {
        await expect(send({}, { ctx })).rejects.toMatchObject({ code: 'no-access' });
      }
      await expect(send({}, { ctx: who(undefined) })).rejects.toMatchObject({ code: 'not-signed-in' });
      // An id that somebody else has is as good as none, whether or not their document was whole.
      await expect(send({ fileId }, { ctx: who(bert) })).rejects.toMatchObject({ code: 'not-found' });
      await expect(send({ fileId: 'guess' })).rejects.toMatchObject({ code: 'not-found' });
      await expect(drop(who(room.teacher))).rejects.toMatchObject({ code: 'no-access' });
      await expect(drop(who(undefined))).rejects.toMatchObject({ code: 'not-signed-in' });
      for (const ctx of [who(bert), who(testUser)]) {
        await expect(drop(ctx)).rejects.toMatchObject({ code: 'not-found' });
      }
      expect(note.equals(await read(annaAt(), fileId))).toBe(true);
    });

    test('one that was dropped is gone, and its id is used up', async () => {
      const fileId = await kept();
      for (let times = 0; times < 2; times += 1) {
        expect(await dropDocument(annaAt(), { courseId: course(), fileId })).toEqual({ kind: 'dropped' });
      }
      await expect(read(annaAt(), fileId)).rejects.toMatchObject({ code: 'not-found' });
      await expect(send({ fileId })).rejects.toMatchObject({ code: 'not-found' });
      expect(await handIn([fileId])).toEqual({ kind: 'file-missing', fileIds: [fileId] });
      expect(await clean(saturday)).toEqual({ forsaken: 0, removed: 1, failed: 0 });
      expect(await keysIn(store)).toEqual([]);
      expect(await rows()).toEqual([]);
    });

    test('one that was handed in stays', async () => {
      const fileId = await kept();
      await handedIn([fileId]);
      expect(await dropDocument(annaAt(), { courseId: course(), fileId })).toEqual({ kind: 'handed-in' });
      expect(await clean(addMs(saturday, 400 * dayMs))).toEqual({ forsaken: 0, removed: 0, failed: 0 });
      expect(note.equals(await read(who(room.teacher), fileId))).toBe(true);
    });
  });

  describe('the cleaner', () => {
    test('deletes what was withdrawn, and leaves a trace without a name', async () => {
      const fileId = await kept();
      const excuseId = await handedIn([fileId]);
      await withdrawExcuse(annaAt(), { courseId: course(), excuseId });
      expect(await clean(saturday)).toEqual({ forsaken: 0, removed: 1, failed: 0 });
      expect(await keysIn(store)).toEqual([]);
      expect(await rows()).toMatchObject([
        { id: fileId, excuseId, name: null, discardedAt: saturday, removedAt: saturday },
      ]);
      expect(await clean(saturday)).toEqual({ forsaken: 0, removed: 0, failed: 0 });
    });

    test('deletes what was not handed in within a day', async () => {
      const fileId = await kept();
      expect(await clean(addMs(saturday, dayMs - 1))).toEqual({ forsaken: 0, removed: 0, failed: 0 });
      expect(await clean(addMs(saturday, dayMs + 1))).toEqual({ forsaken: 1, removed: 1, failed: 0 });
      expect(await handIn([fileId])).toEqual({ kind: 'file-missing', fileIds: [fileId] });
      expect([await keysIn(store), await rows()]).toEqual([[], []]);
    });

    test('loses nothing while the store is away', async () => {
      await dropped(6);
      let asked = 0;
      const away: FileStore = {
        ...store,
        delete: () => {
          asked += 1;
          return Promise.reject(new AppError('files-unavailable'));
        },
      };
      expect(await clean(saturday, away)).toEqual({ forsaken: 0, removed: 0, failed: 3 });
      expect(asked).toBe(3);
      expect(await clean(saturday)).toEqual({ forsaken: 0, removed: 6, failed: 0 });
      expect([await keysIn(store), await rows()]).toEqual([[], []]);
    });

    test('is not held up by one object that cannot be deleted', async () => {
      await dropped(6);
      const [stuck] = await keysIn(store);
      const partly: FileStore = {
        ...store,
        delete: (key) =>
          key === stuck ? Promise.reject(new AppError('files-unavailable')) : store.delete(key),
      };
      expect(await clean(saturday, partly)).toEqual({ forsaken: 0, removed: 5, failed: 1 });
      expect(await keysIn(store)).toEqual([stuck]);
      expect(await rows()).toMatchObject([{ objectKey: stuck }]);
    });

    test('may run twice at once, and takes a long list in pieces', async () => {
      await dropped(7);
      const both = await Promise.all(
        [1, 2].map(() => cleanDocuments(tool.at(saturday), store, { batch: 2 })),
      );
      expect(both.map(({ failed }) => failed)).toEqual([0, 0]);
      expect([await keysIn(store), await rows()]).toEqual([[], []]);
    });

    /** Documents that their student took away again. */
    async function dropped(count: number) {
      for (let made = 0; made < count; made += 1) {
        await dropDocument(annaAt(), { courseId: course(), fileId: await kept() });
      }
    }
  });

  describe('the sweep of the store', () => {
    const sweep = (now: Date) => sweepFileStore(tool.at(now), store);
    const nextDay = () => addMs(new Date(), dayMs + hourMs);

    test('deletes a day later what no row knows, and nothing else', async () => {
      const [waiting, handed, discarded] = [await kept(), await kept(), await kept()];
      await handedIn([handed]);
      await dropDocument(annaAt(), { courseId: course(), fileId: discarded });
      const known = await keysIn(store);
      await put(newFileKey());
      expect(await sweep(new Date())).toEqual({ kind: 'swept', files: 4, removed: 0 });
      expect(await sweep(nextDay())).toEqual({ kind: 'swept', files: 4, removed: 1 });
      expect(await keysIn(store)).toEqual(known);
      expect(note.equals(await read(annaAt(), waiting))).toBe(true);
      expect(await sweep(nextDay())).toEqual({ kind: 'swept', files: 3, removed: 0 });
    });

    test('leaves what is called as no document is: backups in the same bucket', async () => {
      await kept();
      const backup = 'backups/20261126t010000z-0a1b2c';
      for (const part of ['begun', 'database', 'manifest', `documents/${newFileKey()}`]) {
        await put(`${backup}/${part}`);
      }
      const before = await keysIn(store);
      expect(await sweep(nextDay())).toEqual({ kind: 'swept', files: 1, removed: 0 });
      expect(await keysIn(store)).toEqual(before);
    });

    test('deletes nothing where most is unknown: it is another database’s', async () => {
      await kept();
      const strange = Array.from({ length: 21 }, newFileKey);
      for (const key of strange) await put(key);
      expect(await sweep(nextDay())).toEqual({ kind: 'too-many-strays', files: 22, strays: 21 });
      expect(await keysIn(store)).toHaveLength(22);
      await store.delete(strange[0] ?? '');
      expect(await sweep(nextDay())).toEqual({ kind: 'swept', files: 21, removed: 20 });
      expect(await keysIn(store)).toHaveLength(1);
    });

    async function put(key: string) {
      const path = join(folder, 'stray');
      await writeFile(path, note);
      await store.put(key, { path, bytes: note.length, mediaType: 'application/pdf' });
    }
  });
});

test('the sweep of a folder clears away what a process that died was writing', async () => {
  const kept = join(folder, 'swept');
  const parts = join(kept, '.parts');
  await mkdir(parts, { recursive: true });
  const [old, young] = [join(parts, 'old'), join(parts, 'young')];
  for (const path of [old, young]) await writeFile(path, note);
  const twoHoursAgo = addMs(new Date(), -2 * hourMs);
  await utimes(old, twoHoursAgo, twoHoursAgo);
  const swept = await sweepFileStore(tool.at(addMs(new Date(), 2 * dayMs)), createFolderStore(kept));
  expect(swept).toEqual({ kind: 'swept', files: 0, removed: 0 });
  expect(await readdir(parts)).toEqual(['young']);
});

/** Anna's. */
function rows() {
  return tool.ctx.db
    .select()
    .from(excuseFiles)
    .where(eq(excuseFiles.membershipId, room.anna.membershipId))
    .orderBy(excuseFiles.id);
}

async function keysIn(store: FileStore): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list()) keys.push(key);
  return keys.toSorted();
}
