import { dropDocument } from '#lib/excuses/drop-document.ts';
import type { DroppedDocument } from '#lib/excuses/drop-document.ts';
import { keepDocument } from '#lib/excuses/keep-document.ts';
import type { DocumentProblem, KeptDocument } from '#lib/excuses/keep-document.ts';
import { openDocument } from '#lib/excuses/open-document.ts';
import { answering } from '#lib/http/answering.ts';
import { documentMeans } from '#lib/http/document-means.ts';
import { documentResponse } from '#lib/http/document-response.ts';
import { requireOwnOrigin } from '#lib/http/own-origin.ts';

type Route = RouteContext<'/api/courses/[courseId]/excuse-files/[fileId]'>;

const statusOf: Readonly<Record<DocumentProblem, number>> = {
  broken: 400,
  'too-large': 413,
  'wrong-type': 415,
  empty: 422,
  unreadable: 422,
  'too-many-pixels': 422,
  'pdf-active': 422,
  'pdf-locked': 422,
  'too-many': 429,
};
const headers = { 'cache-control': 'no-store' };

/**
 * Takes one document, whose body is the file itself. What it is called comes in a header (`x-file-name`, percent-encoded):
 * names of documents tell of people, and addresses end up in logs.
 */
export const PUT = answering<Route>(async (request, { ctx }, { params }) => {
  requireOwnOrigin(request.headers);
  const declared = request.headers.get('content-length');
  const sent = {
    ...(await params),
    name: decoded(request.headers.get('x-file-name') ?? ''),
    body: request.body,
    declaredBytes: declared === null ? undefined : Number(declared),
  };
  const answer: KeptDocument = await keepDocument(ctx, sent, documentMeans());
  return Response.json(answer, { status: answer.kind === 'kept' ? 200 : statusOf[answer.why], headers });
});

/** Takes a document away again that was not handed in yet. */
export const DELETE = answering<Route>(async (request, { ctx }, { params }) => {
  requireOwnOrigin(request.headers);
  const answer: DroppedDocument = await dropDocument(ctx, await params);
  return Response.json(answer, { status: answer.kind === 'dropped' ? 200 : 409, headers });
});

/** The document: to be saved, or with `?preview` to be looked at within the page. */
export const GET = answering<Route>(async (request, { ctx }, { params }) => {
  const document = await openDocument(ctx, await params, documentMeans().files);
  const inline = new URL(request.url).searchParams.has('preview');
  if (request.method !== 'HEAD') return documentResponse(document, { inline });
  // Next would leave the file open.
  await document.body.cancel();
  return documentResponse({ ...document, body: null }, { inline });
});

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return '';
  }
}
