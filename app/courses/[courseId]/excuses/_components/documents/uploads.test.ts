import { expect, test } from 'vitest';
import { isOnItsWay, openUploads, remember } from './uploads.ts';
import type { Prepared, SendAnswer, UploadMeans } from './uploads.ts';

const photo = (name: string) => new File(['picture'], name, { type: 'image/jpeg' });

/** A server whose answers the test gives one by one. */
function play({ prepare }: { prepare?: UploadMeans['prepare'] } = {}) {
  const sent: {
    id: string;
    name: string;
    signal: AbortSignal;
    onProgress: (share: number) => void;
    answer: (answer: SendAnswer) => Promise<void>;
  }[] = [];
  const dropped: string[] = [];
  let ids = 0;
  const means: UploadMeans = {
    prepare: prepare ?? ((content) => Promise.resolve<Prepared>({ kind: 'ready', content })),
    send: ({ id, name }, options) =>
      new Promise((resolve) => {
        sent.push({
          ...{ id, name, ...options },
          answer: async (answer) => {
            resolve(answer);
            await passOn();
          },
        });
      }),
    drop: (id) => dropped.push(id),
    newId: () => `id-${String(++ids)}`,
  };
  return { means, sent, dropped };
}

/** Lets everything go on that can. */
const passOn = () => new Promise<void>((resolve) => setTimeout(resolve));

const kept = (id: string, name = 'photo.jpg'): SendAnswer => ({
  kind: 'kept',
  file: { id, name, mediaType: 'image/jpeg', bytes: 7 },
});
const kinds = (uploads: ReturnType<typeof openUploads>) => uploads.list().map(({ state }) => state.kind);

test('two go at once, the next when one has arrived, and what is kept is called as the server calls it', async () => {
  const { means, sent } = play();
  const uploads = openUploads(means);
  uploads.add([photo('a.heic'), photo('b.jpg'), photo('c.jpg')]);
  await passOn();
  expect(kinds(uploads)).toEqual(['sending', 'sending', 'waiting']);
  sent[0]?.onProgress(0.4);
  expect(uploads.list()[0]?.state).toEqual({ kind: 'sending', share: 0.4 });
  sent[0]?.onProgress(1);
  expect(kinds(uploads)).toEqual(['checking', 'sending', 'waiting']);
  await sent[0]?.answer(kept('id-1', 'a.jpg'));
  expect(kinds(uploads)).toEqual(['kept', 'sending', 'sending']);
  expect(uploads.list()[0]?.name).toBe('a.jpg');
  expect(sent.map(({ name }) => name)).toEqual(['a.heic', 'b.jpg', 'c.jpg']);
});

test('what broke off is tried again under the same id', async () => {
  const { means, sent } = play();
  const uploads = openUploads(means);
  uploads.add([photo('a.jpg')]);
  await passOn();
  await sent[0]?.answer({ kind: 'failed', code: 'unreachable' });
  expect(kinds(uploads)).toEqual(['failed']);
  uploads.retry('id-1');
  await passOn();
  expect(sent.map(({ id }) => id)).toEqual(['id-1', 'id-1']);
  await sent[1]?.answer(kept('id-1'));
  expect(kinds(uploads)).toEqual(['kept']);
});

test('a refusal is not tried again', async () => {
  const { means, sent } = play();
  const uploads = openUploads(means);
  uploads.add([photo('a.jpg')]);
  await passOn();
  await sent[0]?.answer({ kind: 'refused', why: 'wrong-type' });
  uploads.retryAll();
  await passOn();
  expect(uploads.list()[0]?.state).toEqual({ kind: 'refused', why: 'wrong-type' });
  expect(sent).toHaveLength(1);
});

test('what is too large is told without being sent', async () => {
  const { means, sent } = play({ prepare: () => Promise.resolve({ kind: 'refused', why: 'too-large' }) });
  const uploads = openUploads(means);
  uploads.add([photo('a.jpg')]);
  await passOn();
  expect(uploads.list()[0]?.state).toEqual({ kind: 'refused', why: 'too-large' });
  expect(sent).toEqual([]);
});

test('cancelling gives its place to the next, whatever answer still comes', async () => {
  const { means, sent, dropped } = play();
  const uploads = openUploads(means);
  uploads.add([photo('a.jpg'), photo('b.jpg'), photo('c.jpg')]);
  await passOn();
  uploads.remove('id-1');
  expect(sent[0]?.signal.aborted).toBe(true);
  expect(dropped).toEqual(['id-1']);
  await passOn();
  expect(sent.map(({ id }) => id)).toEqual(['id-1', 'id-2', 'id-3']);
  await sent[0]?.answer(kept('id-1'));
  sent[0]?.onProgress(0.5);
  expect(uploads.list().map(({ id, state }) => [id, state.kind])).toEqual([
    ['id-2', 'sending'],
    ['id-3', 'sending'],
  ]);
});

test('no more are taken than there is room for', () => {
  const { means } = play();
  const uploads = openUploads(means, { room: 2 });
  expect(uploads.add([photo('a.jpg')])).toBe(0);
  expect(uploads.add([photo('b.jpg'), photo('c.jpg'), photo('d.jpg')])).toBe(2);
  expect(uploads.list()).toHaveLength(2);
});

test('who hands in waits until nothing is on its way any more', async () => {
  const { means, sent } = play();
  const uploads = openUploads(means);
  await uploads.settled();
  uploads.add([photo('a.jpg'), photo('b.jpg')]);
  let isSettled = false;
  const settled = uploads.settled().then(() => {
    isSettled = true;
  });
  await passOn();
  await sent[0]?.answer(kept('id-1'));
  expect(isSettled).toBe(false);
  await sent[1]?.answer({ kind: 'failed', code: 'files-unavailable' });
  await settled;
  expect(uploads.list().some(isOnItsWay)).toBe(false);
});

test('a reload keeps what has arrived, and says what has not', async () => {
  const { means, sent } = play();
  const uploads = openUploads(means);
  uploads.add([photo('a.jpg'), photo('b.jpg')]);
  await passOn();
  await sent[0]?.answer(kept('id-1', 'a.jpg'));
  const again = openUploads(means, { remembered: remember(uploads.list()) });
  expect(again.list().map(({ id, name, state }) => [id, name, state])).toEqual([
    ['id-1', 'a.jpg', { kind: 'kept' }],
    ['id-2', 'b.jpg', { kind: 'refused', why: 'left' }],
  ]);
});

test('what the server has deleted meanwhile has to be chosen anew', () => {
  const { means } = play();
  const remembered = [{ id: 'id-1', name: 'a.jpg', bytes: 7, isPicture: true, isKept: true }];
  const uploads = openUploads(means, { remembered });
  uploads.noteGone(['id-1']);
  expect(uploads.list()[0]?.state).toEqual({ kind: 'refused', why: 'gone' });
});
