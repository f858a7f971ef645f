import type { Readable } from 'node:stream';

/** A source that is silent for so long while somebody waits for its bytes has broken off. */
const silenceEndsMs = 15_000;

/**
 * The bytes of a source as a web stream that gives exactly so many or fails: who has promised a length never sends
 * another one. Only the source's own silence counts; a reader may take its time.
 */
export function readExactly(
  source: Readable,
  bytes: number,
  silenceMs = silenceEndsMs,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer<ArrayBuffer>, undefined>;
  // A source may break before anybody reads, which would otherwise end the process; the next read tells of it.
  source.on('error', () => {});
  let left = bytes;
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const silence = setTimeout(() => {
          source.destroy(new Error('The stored file stopped coming.'));
        }, silenceMs);
        try {
          const { value } = await chunks.next();
          if (value === undefined) {
            if (left !== 0) throw new Error('The stored file ended too soon.');
            controller.close();
            return;
          }
          left -= value.length;
          if (left < 0) throw new Error('The stored file is longer than was said.');
          controller.enqueue(value);
        } catch (error) {
          source.destroy();
          throw error;
        } finally {
          clearTimeout(silence);
        }
      },
      cancel() {
        source.destroy();
      },
    },
    // The source reads ahead by itself.
    { highWaterMark: 0 },
  );
}
