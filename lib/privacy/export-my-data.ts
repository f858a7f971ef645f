import { AppError } from '../base/errors.ts';
import type { Ctx } from '../context.ts';
import type { FileStore } from '../files/file-store.ts';
import { exportPerson } from './export-person.ts';
import { selectSignedIn } from './queries.ts';

/**
 * The viewer's own data as a ZIP (see `exportPerson`).
 *
 * @param personId whom the page was about on which they asked: somebody else may have signed in since
 * @throws AppError `not-signed-in`, `other-person`
 */
export async function exportMyData(
  ctx: Ctx,
  personId: string,
  store: Pick<FileStore, 'open'>,
): Promise<ReadableStream<Uint8Array>> {
  const viewer = ctx.viewer === undefined ? undefined : await selectSignedIn(ctx.db, ctx.viewer.personId);
  if (viewer === undefined) throw new AppError('not-signed-in');
  if (viewer !== personId) throw new AppError('other-person');
  return exportPerson(ctx, viewer, store);
}
