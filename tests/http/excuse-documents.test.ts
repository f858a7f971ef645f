import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#lib/base/errors.ts';
import { newId } from '#lib/base/ids.ts';
import { courses } from '#lib/db/schema.ts';
import { submitExcuse } from '#lib/excuses/submit-excuse.ts';
import { contentDisposition } from '#lib/http/document-response.ts';
import { sealLogin } from '#lib/logins/login.ts';
import * as route from '../../app/api/courses/[courseId]/excuse-files/[fileId]/route.ts';
import { config } from '../../middleware.ts';
import { pdfDocument } from '../support/pdf-document.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { publicUrl, useTestProcess } from '../support/test-process.ts';

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'excuse-doors-'));
  process.env.SK_DATA_DIR = dataDir;
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const tool = useTestProcess();
const note = pdfDocument();
let course: Awaited<ReturnType<typeof seedCourse>>;
let anna: SeededMember;
let teacher: SeededMember;

beforeAll(() => tool.running.clock.measure());
beforeEach(async () => {
  course = await seedCourse(tool.ctx().db, { webHost: 'canvas.example' });
  anna = await course.addMember('Anna Beispiel');
  teacher = await course.addMember('Tea Cher', 'teacher');
});

interface Asked {
  fileId?: string;
  courseId?: string;
  query?: string;
  body?: Buffer<ArrayBuffer>;
  headers?: Record<string, string>;
  /** As one of our own pages asks, where nothing else is said. */
  origin?: string | undefined;
  fetchSite?: string;
}

type Method = 'GET' | 'HEAD' | 'PUT' | 'DELETE';

async function ask(method: Method, by: SeededMember | undefined, asked: Asked = {}): Promise<Response> {
  const { fileId = newId(), courseId = course.courseId, query = '', body } = asked;
  const { secrets, now } = tool.ctx();
  const login =
    by === undefined ? '' : await sealLogin(secrets, { personId: by.personId, language: 'en' }, now);
  const origin = 'origin' in asked ? asked.origin : publicUrl;
  const request = new Request(`${publicUrl}/api/courses/${courseId}/excuse-files/${fileId}${query}`, {
    method,
    headers: {
      accept: 'application/json',
      cookie: `__Host-sk_login=${login}`,
      ...(origin === undefined || method === 'GET' || method === 'HEAD' ? {} : { origin }),
      ...(asked.fetchSite === undefined ? {} : { 'sec-fetch-site': asked.fetchSite }),
      ...(body === undefined ? {} : { 'content-length': String(body.length) }),
      ...asked.headers,
    },
    ...(body === undefined ? {} : { body, duplex: 'half' }),
  });
  const handler = method === 'HEAD' ? route.GET : route[method];
  return handler(request, { params: Promise.resolve({ courseId, fileId }) });
}

const jsonOf = async (answer: Response): Promise<unknown> => ({
  status: answer.status,
  ...(await answer.json()),
});

/** One of Anna's, handed in unless told otherwise. */
async function keptFile({ handedIn = true, name = 'Attest.pdf' } = {}): Promise<string> {
  const fileId = newId();
  const headers = { 'x-file-name': encodeURIComponent(name) };
  expect((await ask('PUT', anna, { fileId, body: note, headers })).status).toBe(200);
  if (handedIn) {
    const meetingIds = [await course.addMeeting()];
    const excuse = {
      ...{ id: newId(), reason: 'illness', text: '', fileIds: [fileId] },
      choice: { kind: 'meetings', meetingIds },
    };
    const ctx = { ...tool.ctx(), viewer: { personId: anna.personId } };
    expect(await submitExcuse(ctx, { courseId: course.courseId, excuse })).toMatchObject({
      kind: 'submitted',
    });
  }
  return fileId;
}

test('the middleware, which would cut a body, stands before none of these addresses', () => {
  const [matcher = ''] = config.matcher;
  expect(`/api/courses/${newId()}/excuse-files/${newId()}`).not.toMatch(new RegExp(`^${matcher}$`));
});

describe('a document comes in', () => {
  test('as the body of a request, with its name in a header', async () => {
    const fileId = newId();
    const name = encodeURIComponent('Ärztliches Attest „März“.pdf');
    const answer = await ask('PUT', anna, { fileId, body: note, headers: { 'x-file-name': name } });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await jsonOf(answer)).toEqual({
      ...{ status: 200, kind: 'kept' },
      file: {
        ...{ id: fileId, name: 'Ärztliches Attest „März“.pdf' },
        ...{ mediaType: 'application/pdf', bytes: note.length },
      },
    });
  });

  test.each([[undefined], ['%E4%'], ['']])('also with a name that says nothing (%j)', async (name) => {
    const headers: Record<string, string> = name === undefined ? {} : { 'x-file-name': name };
    expect(await jsonOf(await ask('PUT', anna, { body: note, headers }))).toMatchObject({
      file: { name: 'document.pdf' },
    });
  });

  test.each([
    ['empty', Buffer.alloc(0), {}, 422],
    ['too-large', pdfDocument(5_242_881), {}, 413],
    ['too-large', note, { 'content-length': '12000000' }, 413],
    ['wrong-type', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), {}, 415],
    ['broken', note, { 'content-length': String(note.length + 1) }, 400],
  ])('or is refused: %s', async (why, body, headers, status) => {
    expect(await jsonOf(await ask('PUT', anna, { body, headers }))).toEqual({ status, kind: 'refused', why });
  });

  test('or is told that the store is away, and is taken when it is back', async () => {
    const { put } = tool.running.files;
    const fileId = newId();
    tool.running.files.put = () => Promise.reject(new AppError('files-unavailable'));
    try {
      expect(await jsonOf(await ask('PUT', anna, { fileId, body: note }))).toMatchObject({
        ...{ status: 503, error: 'files-unavailable' },
      });
    } finally {
      tool.running.files.put = put;
    }
    expect(await jsonOf(await ask('PUT', anna, { fileId, body: note }))).toMatchObject({ status: 200 });
  });
});

describe('a document goes out', () => {
  test('to be saved, under its own name, and is kept by nobody on the way', async () => {
    const fileId = await keptFile({ name: 'Ärztliches "Attest".pdf' });
    const answer = await ask('GET', teacher, { fileId });
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': String(note.length),
      'content-disposition': `attachment; filename="Arztliches _Attest_.pdf"; filename*=UTF-8''%C3%84rztliches%20%22Attest%22.pdf`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
    });
    expect(note.equals(await answer.bytes())).toBe(true);
  });

  test('to be looked at, in a sandbox, within our pages in the platform’s alone', async () => {
    const fileId = await keptFile();
    const answer = await ask('GET', teacher, { fileId, query: '?preview' });
    expect(answer.headers.get('content-disposition')).toMatch(/^inline; /);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'/);
    expect(policy).not.toContain('allow-');
    expect(note.equals(await answer.bytes())).toBe(true);
  });

  test('or its headers alone, and nothing is left open', async () => {
    const fileId = await keptFile();
    let isCancelled = false;
    const { open } = tool.running.files;
    tool.running.files.open = () =>
      Promise.resolve({
        bytes: note.length,
        body: new ReadableStream({
          cancel: () => {
            isCancelled = true;
          },
        }),
      });
    try {
      expect((await ask('HEAD', teacher, { fileId })).headers.get('content-length')).toBe(
        String(note.length),
      );
    } finally {
      tool.running.files.open = open;
    }
    expect(isCancelled).toBe(true);
  });
});

describe('the door is shut', () => {
  const methods = ['GET', 'HEAD', 'PUT', 'DELETE'] as const;
  const asking = (method: Method, by: SeededMember | undefined, asked: Asked) =>
    ask(method, by, method === 'PUT' ? { body: note, ...asked } : asked);
  const refusal = async (answer: Response) => ({
    status: answer.status,
    error: ((await answer.json()) as { error?: string }).error,
  });

  test.each(methods)('to who is signed out (%s)', async (method) => {
    const fileId = await keptFile();
    expect(await refusal(await asking(method, undefined, { fileId }))).toEqual({
      ...{ status: 401, error: 'not-signed-in' },
    });
  });

  test.each(methods)('to people of another course, whichever course they name (%s)', async (method) => {
    const fileId = await keptFile();
    const other = await seedCourse(tool.ctx().db, { platformId: course.platformId });
    for (const role of ['teacher', 'student'] as const) {
      const stranger = await other.addMember('Str Anger', role);
      expect(await refusal(await asking(method, stranger, { fileId }))).toEqual({
        ...{ status: 403, error: 'no-access' },
      });
      const elsewhere = await asking(method, stranger, { fileId, courseId: other.courseId });
      // A teacher sends nothing, a student opens nothing; either might be told that nothing is there.
      expect(await refusal(elsewhere)).toEqual(
        (method === 'GET' || method === 'HEAD') === (role === 'teacher')
          ? { status: 404, error: 'not-found' }
          : { status: 403, error: 'no-access' },
      );
    }
  });

  test.each(methods)('to another student and to Student View (%s)', async (method) => {
    const fileId = await keptFile();
    const bert = await course.addMember('Bert Ärmel');
    const testUser = await course.addMember('Test', 'student', { isTestUser: true });
    for (const student of [bert, testUser]) {
      const { status, error } = await refusal(await asking(method, student, { fileId }));
      expect(['not-found', 'no-access']).toContain(error);
      expect(status).toBe(error === 'not-found' ? 404 : 403);
    }
    expect(note.equals(await (await ask('GET', anna, { fileId })).bytes())).toBe(true);
  });

  test.each(['GET', 'HEAD'] as const)(
    'to an assistant, unless the course says otherwise (%s)',
    async (method) => {
      const fileId = await keptFile();
      const assistant = await course.addMember('As Sistent', 'assistant');
      expect(await refusal(await ask(method, assistant, { fileId }))).toEqual({
        ...{ status: 403, error: 'not-for-assistants' },
      });
      const policy = { assistantsMaySeeExcuses: true };
      await tool.ctx().db.update(courses).set({ policy }).where(eq(courses.id, course.courseId));
      const opened = await ask(method, assistant, { fileId });
      expect(opened.status).toBe(200);
      await opened.body?.cancel().catch(() => undefined);
    },
  );

  test('to a teacher, before the student hands in', async () => {
    const fileId = await keptFile({ handedIn: false });
    expect((await ask('GET', teacher, { fileId })).status).toBe(404);
    expect((await ask('GET', anna, { fileId })).status).toBe(200);
  });

  test.each(methods)('to an id that was guessed (%s)', async (method) => {
    const by = method === 'GET' || method === 'HEAD' ? teacher : anna;
    for (const fileId of ['1', 'x'.repeat(500), '../files']) {
      expect((await asking(method, by, { fileId })).status).toBe(404);
    }
  });

  test.each(['PUT', 'DELETE'] as const)('to what other sites start (%s)', async (method) => {
    const fileId = await keptFile({ handedIn: false });
    const foreign: Asked[] = [
      { origin: 'https://evil.example' },
      { origin: undefined },
      { origin: 'null' },
      { fetchSite: 'cross-site' },
      { fetchSite: 'same-site' },
    ];
    for (const one of foreign) {
      expect(await refusal(await asking(method, anna, { fileId, ...one }))).toEqual({
        ...{ status: 403, error: 'wrong-origin' },
      });
    }
    expect((await ask('GET', anna, { fileId })).status).toBe(200);
  });
});

test('a document is dropped once or twice, and not after it was handed in', async () => {
  const fileId = await keptFile({ handedIn: false });
  for (let times = 0; times < 2; times += 1) {
    expect(await jsonOf(await ask('DELETE', anna, { fileId }))).toEqual({ status: 200, kind: 'dropped' });
  }
  expect((await ask('GET', anna, { fileId })).status).toBe(404);
  const handedIn = await keptFile();
  expect(await jsonOf(await ask('DELETE', anna, { fileId: handedIn }))).toEqual({
    ...{ status: 409, kind: 'handed-in' },
  });
  expect((await ask('GET', anna, { fileId: handedIn })).status).toBe(200);
});

test.each([
  ['Attest.pdf', `filename="Attest.pdf"; filename*=UTF-8''Attest.pdf`],
  ['a"b\\c.pdf', `filename="a_b_c.pdf"; filename*=UTF-8''a%22b%5Cc.pdf`],
  ["it's (1)*.pdf", `filename="it's (1)*.pdf"; filename*=UTF-8''it%27s%20%281%29%2A.pdf`],
  ['100 %.pdf', `filename="100 _.pdf"; filename*=UTF-8''100%20%25.pdf`],
  ['証明書.pdf', `filename="___.pdf"; filename*=UTF-8''%E8%A8%BC%E6%98%8E%E6%9B%B8.pdf`],
])('a header can carry the name %j', (name, parameters) => {
  const header = contentDisposition('attachment', name);
  expect(header).toBe(`attachment; ${parameters}`);
  expect(new Headers({ 'content-disposition': header }).get('content-disposition')).toBe(header);
});
