import { AppError } from '#lib/base/errors.ts';
import { answering } from '#lib/http/answering.ts';
import { isRefusal, refusalPage } from '../../_pages/refusal-page.ts';

/** After the sign-in: why the scan checked nobody in. */
export const GET = answering<RouteContext<'/c/refused/[kind]'>>(async (request, voice, { params }) => {
  const { kind } = await params;
  if (!isRefusal(kind)) throw new AppError('not-found');
  const age = Number(new URL(request.url).searchParams.get('age') ?? Number.NaN);
  return refusalPage(kind, voice, Number.isInteger(age) && age >= 0 && age < 3600 ? { ageSeconds: age } : {});
});
