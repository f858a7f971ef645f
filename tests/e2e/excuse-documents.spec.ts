import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setInterval } from 'node:timers/promises';
import { promisify } from 'node:util';
import { test, expect } from '@playwright/test';
import { eq } from 'drizzle-orm';
import { newId } from '#lib/base/ids.ts';
import { openDatabase } from '#lib/db/client.ts';
import type { OpenDatabase } from '#lib/db/client.ts';
import { excuseFiles } from '#lib/db/schema.ts';
import { createS3Store } from '#lib/files/s3-store.ts';
import { sealLogin } from '#lib/logins/login.ts';
import { pdfDocument } from '../support/pdf-document.ts';
import { startS3Server } from '../support/s3-server.ts';
import { seedCourse } from '../support/seed-course.ts';
import type { SeededMember } from '../support/seed-course.ts';
import { startTool } from '../support/start-tool.ts';
import { ownStage } from '../support/e2e-stages.ts';

// Documents as they travel through the running server: bodies of every size, many at once, and a process that dies.

const largest = 5_242_880;
let toolUrl: string;
let toolEnv: NodeJS.ProcessEnv;
let database: OpenDatabase;
let course: Awaited<ReturnType<typeof seedCourse>>;
let folder: string;

test.beforeAll(async () => {
  ({ toolUrl, toolEnv } = ownStage());
  // What derives keys from the secret reads it here.
  process.env.SESSION_SECRET = toolEnv.SESSION_SECRET;
  database = openDatabase(toolEnv.DATABASE_URL ?? '', { poolMax: 2, onIdleError: () => undefined });
  course = await seedCourse(database.db);
  folder = await mkdtemp(join(tmpdir(), 'excuse-documents-'));
});
test.afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

interface Answered {
  status: number;
  body: Buffer;
}

interface Sending {
  fileId?: string;
  at?: string;
  /** Without a length that is said beforehand. */
  chunked?: boolean;
}

/** As a browser sends it; what it may do is judged by the origin of the tool. */
async function ask(
  method: 'GET' | 'PUT',
  member: SeededMember,
  content: Buffer | undefined,
  { fileId = newId(), at = toolUrl, chunked = false }: Sending = {},
): Promise<Answered> {
  const secrets = { current: toolEnv.SESSION_SECRET ?? '' };
  const login = await sealLogin(secrets, { personId: member.personId, language: 'en' }, new Date());
  return new Promise((resolve, reject) => {
    const sent = request(
      `${at}/api/courses/${course.courseId}/excuse-files/${fileId}`,
      {
        method,
        headers: {
          ...{ accept: 'application/json', cookie: `sk_login=${login}`, origin: toolUrl },
          ...(content === undefined || chunked ? {} : { 'content-length': content.length }),
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) });
        });
        answer.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(content);
  });
}

const jsonOf = ({ status, body }: Answered) => ({
  status,
  ...(JSON.parse(body.toString('utf8')) as Record<string, unknown>),
});

test('the largest document is taken whole and given back byte for byte', async () => {
  const anna = await course.addMember('Anna Beispiel');
  const content = pdfDocument(largest);
  for (const chunked of [false, true]) {
    const fileId = newId();
    expect(jsonOf(await ask('PUT', anna, content, { fileId, chunked }))).toMatchObject({
      ...{ status: 200, kind: 'kept' },
      file: { bytes: largest, mediaType: 'application/pdf' },
    });
    const { status, body } = await ask('GET', anna, undefined, { fileId });
    expect(status).toBe(200);
    expect(content.equals(body)).toBe(true);
  }
});

test('one byte more, and twelve million, are refused with an answer that arrives', async () => {
  const anna = await course.addMember('Anna Beispiel');
  for (const content of [pdfDocument(largest + 1), pdfDocument(12_000_000)]) {
    for (const chunked of [false, true]) {
      expect(jsonOf(await ask('PUT', anna, content, { chunked }))).toEqual({
        ...{ status: 413, kind: 'refused', why: 'too-large' },
      });
    }
  }
  // So does one that is given before a byte is read.
  const teacher = await course.addMember('Tea Cher', 'teacher');
  expect(jsonOf(await ask('PUT', teacher, pdfDocument(largest)))).toMatchObject({
    ...{ status: 403, error: 'no-access' },
  });
});

test('twenty students at once are all served, within 300 MB', async ({ page }) => {
  test.setTimeout(240_000);
  const students = await course.addMembers(20);
  // A phone's photo, drawn by a browser; what it lacks in bytes is filled with comments.
  const drawn = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(4_000, 3_000);
    const context = canvas.getContext('2d');
    if (context === null) throw new Error('no canvas');
    const grain = context.createImageData(4_000, 3_000);
    let seed = 1;
    for (let at = 0; at < grain.data.length; at += 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      grain.data[at] = at % 4 === 3 ? 255 : 96 + ((at >> 14) % 64) + (seed >> 26);
    }
    context.putImageData(grain, 0, 0);
    for (let quality = 0.9; ; quality -= 0.1) {
      const photo = await canvas.convertToBlob({ type: 'image/jpeg', quality });
      if (photo.size > 5_200_000) continue;
      const bytes = new Uint8Array(await photo.arrayBuffer());
      let text = '';
      for (let at = 0; at < bytes.length; at += 30_000) {
        text += String.fromCharCode(...bytes.subarray(at, at + 30_000));
      }
      return btoa(text);
    }
  });
  const photo = filledUp(Buffer.from(drawn, 'base64'), largest);
  expect(photo.length).toBe(largest);

  const tool = await startTool({ ...toolEnv, SK_DATA_DIR: join(folder, 'twenty') });
  try {
    // The first picture of a process brings its code along.
    const first = await course.addMember('Fir St');
    expect((await ask('PUT', first, pdfDocument(), { at: tool.url })).status).toBe(200);
    const before = await memoryOf(tool.pid);
    let most = before;
    const over = new AbortController();
    const watching = (async () => {
      for await (const _ of setInterval(50, undefined, { signal: over.signal })) {
        most = Math.max(most, await memoryOf(tool.pid));
      }
    })().catch(() => undefined);
    const answers = await Promise.all(
      students.map((student) => ask('PUT', student, photo, { at: tool.url })),
    );
    over.abort();
    await watching;
    for (const answer of answers) {
      expect(jsonOf(answer)).toMatchObject({ status: 200, file: { mediaType: 'image/jpeg' } });
    }
    expect((most - before) / 1_048_576).toBeLessThan(300);
    expect(await readdir(join(folder, 'twenty', 'uploads'))).toEqual([]);
  } finally {
    await tool.stop();
  }
});

test('a process that dies while it stores a document leaves nothing that the next try does not mend', async () => {
  const anna = await course.addMember('Anna Beispiel');
  const server = await startS3Server(join(folder, 's3'));
  const silent = await startSilentServer();
  const env = (endpoint: string | undefined): NodeJS.ProcessEnv => ({
    ...toolEnv,
    SK_DATA_DIR: join(folder, 'dying'),
    S3_BUCKET: server.bucket.bucket,
    S3_ENDPOINT: endpoint,
    S3_FORCE_PATH_STYLE: 'true',
    S3_SERVER_SIDE_ENCRYPTION: 'none',
    AWS_ACCESS_KEY_ID: 'S3RVER',
    AWS_SECRET_ACCESS_KEY: 'S3RVER',
  });
  try {
    const fileId = newId();
    const content = pdfDocument(largest);
    const dying = await startTool(env(silent.url));
    const broken = ask('PUT', anna, content, { fileId, at: dying.url }).catch(() => 'broken off');
    await expect.poll(rowsOf(anna)).toMatchObject([{ id: fileId, storedAt: null }]);
    await dying.kill();
    expect(await broken).toBe('broken off');

    const next = await startTool(env(server.bucket.endpoint));
    try {
      expect((await ask('GET', anna, undefined, { fileId, at: next.url })).status).toBe(404);
      expect(jsonOf(await ask('PUT', anna, content, { fileId, at: next.url }))).toMatchObject({
        status: 200,
      });
      const { body } = await ask('GET', anna, undefined, { fileId, at: next.url });
      expect(content.equals(body)).toBe(true);
      const [row] = await rowsOf(anna)();
      const keys: string[] = [];
      const bucket = createS3Store({ ...server.bucket, prefix: '' });
      for await (const { key } of bucket.list()) keys.push(key);
      expect(keys).toEqual([row?.objectKey]);
    } finally {
      await next.stop();
    }
  } finally {
    await silent.close();
    await server.close();
  }
});

const rowsOf = (member: SeededMember) => () =>
  database.db.select().from(excuseFiles).where(eq(excuseFiles.membershipId, member.membershipId));

/** Takes connections and never says a word. */
async function startSilentServer() {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** A JPEG with comments after its first marker, so that it is so many bytes long. */
function filledUp(photo: Buffer, bytes: number): Buffer {
  const comments: Buffer[] = [];
  let missing = bytes - photo.length;
  while (missing > 0) {
    // Marker and length are four bytes; what is left over must have room for them too.
    const size = Math.min(missing, missing - 60_000 < 4 ? missing : 60_000);
    const comment = randomBytes(size);
    comment.writeUInt16BE(0xfffe, 0);
    comment.writeUInt16BE(size - 2, 2);
    comments.push(comment);
    missing -= size;
  }
  return Buffer.concat([photo.subarray(0, 2), ...comments, photo.subarray(2)]);
}

const run = promisify(execFile);

/** Bytes in memory, threads included. */
async function memoryOf(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)]);
  return Number(stdout) * 1_024;
}
