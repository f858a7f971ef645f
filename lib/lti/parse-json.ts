/** What a platform sent as JSON, or undefined when it is none: the shape that is expected then refuses it. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
