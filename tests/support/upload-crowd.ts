// A process of its own, in which files are received, looked at and stored, all at once, as requests do it: what it says
// at the end is how much memory that took. Arguments: a folder for what comes of it, then the files.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { newFileKey } from '#lib/files/file-store.ts';
import { createFolderStore } from '#lib/files/folder-store.ts';
import { inspectDocument } from '#lib/files/inspect-document.ts';
import { receiveUpload } from '#lib/files/receive-upload.ts';

const [folder = '', ...files] = process.argv.slice(2);
const store = createFolderStore(join(folder, 'files'));
const before = process.memoryUsage.rss();

const outcomes = await Promise.all(
  files.map(async (file) => {
    const { size } = await stat(file);
    const received = await receiveUpload(
      Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>,
      { maxBytes: size, declaredBytes: size, folder: join(folder, 'uploads') },
    );
    if (received.kind !== 'received') return received.kind;
    try {
      const inspected = await inspectDocument(received);
      if (inspected.kind !== 'fine') return inspected.why;
      await store.put(newFileKey(), inspected);
      return inspected.mediaType;
    } finally {
      await received.discard();
    }
  }),
);
// The most that this process, with all its threads, has ever held, in kilobytes.
const most = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ outcomes, addedBytes: most - before }));
