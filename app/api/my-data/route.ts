import { answering } from '#lib/http/answering.ts';
import { requireOwnOrigin } from '#lib/http/own-origin.ts';
import { currentProcess } from '#lib/http/process.ts';
import { readForm } from '#lib/http/read-body.ts';
import { exportMyData } from '#lib/privacy/export-my-data.ts';

/** The viewer's own data as a ZIP. A form of our own page asks for it, so that no link elsewhere can. */
export const POST = answering(async (request, { ctx, t }) => {
  requireOwnOrigin(request.headers);
  const personId = (await readForm(request)).get('person') ?? '';
  const zip = await exportMyData(ctx, personId, currentProcess().files);
  return new Response(zip, {
    headers: {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${t('my-data.file-name')}"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    },
  });
});
