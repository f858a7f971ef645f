import type { ErrorCode } from '#lib/base/errors.ts';
import type { SendAnswer } from './uploads.ts';

/** A line that carries nothing for so long is taken for lost. */
const silenceMs = 45_000;
/** Pictures are looked at one after the other, of all who send some. */
const checkMs = 120_000;

export function documentUrl(courseId: string, fileId: string): string {
  return `/api/courses/${courseId}/excuse-files/${fileId}`;
}

/** Sends one document as it is. XMLHttpRequest, because `fetch` cannot tell how much of a body has left. */
export function sendDocument(
  courseId: string,
  { id, name, content }: { id: string; name: string; content: Blob },
  { signal, onProgress }: { signal: AbortSignal; onProgress: (share: number) => void },
): Promise<SendAnswer> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let silence: ReturnType<typeof setTimeout>;
    const abort = () => {
      request.abort();
    };
    const waitFor = (ms: number) => {
      clearTimeout(silence);
      silence = setTimeout(abort, ms);
    };
    request.open('PUT', documentUrl(courseId, id));
    // Not in the address: names of documents tell of people, and addresses end up in logs.
    request.setRequestHeader('x-file-name', encodeURIComponent(name.toWellFormed()));
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => {
      waitFor(silenceMs);
      // The last of it has left when `onload` says so.
      onProgress(Math.min(loaded / total, 0.99));
    };
    request.upload.onload = () => {
      waitFor(checkMs);
      onProgress(1);
    };
    request.onloadend = () => {
      clearTimeout(silence);
      signal.removeEventListener('abort', abort);
      resolve(answerOf(request));
    };
    signal.addEventListener('abort', abort);
    waitFor(silenceMs);
    request.send(content);
  });
}

/** Status 0: no network, nobody at the other end, or given up. */
function answerOf(request: XMLHttpRequest): SendAnswer {
  if (request.status === 0) return { kind: 'failed', code: 'unreachable' };
  try {
    const answer = JSON.parse(request.responseText) as SendAnswer | { error: ErrorCode };
    if ('error' in answer) return { kind: 'failed', code: answer.error };
    // What broke off on its way may be whole at the next try; other refusals are about the document.
    if (answer.kind === 'kept' || (answer.kind === 'refused' && answer.why !== 'broken')) return answer;
  } catch {
    // Something between us and the server answered in its place.
  }
  return { kind: 'failed', code: 'unreachable' };
}

/** Nobody waits for it: what is left over, the server's cleaner takes. */
export function dropDocument(courseId: string, fileId: string): void {
  void fetch(documentUrl(courseId, fileId), { method: 'DELETE', keepalive: true }).catch(() => undefined);
}
