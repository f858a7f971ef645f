import { z } from 'zod';

const message = z.union([
  z.object({ type: z.literal('success'), id: z.number(), result: z.unknown() }),
  z.object({ type: z.literal('error'), id: z.number().nullable(), error: z.string(), message: z.string() }),
  z.object({ type: z.literal('event') }),
]);

/** WebDriver BiDi as far as the stories need it: commands and their answers (W3C WebDriver BiDi § 3). */
export interface BidiConnection {
  /** @throws with the browser's own words when it refuses, or is gone */
  send<Shape extends z.ZodType>(
    method: string,
    params: Record<string, unknown>,
    shape: Shape,
  ): Promise<z.output<Shape>>;
}

export async function connectBidi(url: string): Promise<BidiConnection> {
  const socket = new WebSocket(url);
  await new Promise((done, failed) => {
    socket.addEventListener('open', done);
    socket.addEventListener('error', () => {
      failed(new Error(`no connection to ${url}`));
    });
  });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  socket.addEventListener('message', ({ data }) => {
    const answer = message.parse(JSON.parse(String(data)));
    if (answer.type === 'event' || answer.id === null) return;
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.type === 'success') asked?.resolve(answer.result);
    else asked?.reject(new Error(`${answer.error}: ${answer.message}`));
  });
  socket.addEventListener('close', () => {
    for (const asked of waiting.values()) asked.reject(new Error('the browser is gone'));
    waiting.clear();
  });
  return {
    send: async (method, params, shape) => {
      const asked = Promise.withResolvers<unknown>();
      lastId += 1;
      waiting.set(lastId, asked);
      socket.send(JSON.stringify({ id: lastId, method, params }));
      return shape.parse(await asked.promise);
    },
  };
}
