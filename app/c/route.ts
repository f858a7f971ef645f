import { readCode } from '#lib/check-in-windows/rules.ts';
import { answering } from '#lib/http/answering.ts';
import { seeOther } from '#lib/http/redirect.ts';
import { codePage } from './_pages/code-page.ts';
import { refusalPage } from './_pages/refusal-page.ts';

/** The address on the wall: type the code here. */
export const GET = answering((request, voice) => {
  const given = new URL(request.url).searchParams.get('code');
  if (given === null) return Promise.resolve(codePage(voice));
  const code = readCode(given);
  return Promise.resolve(
    code === undefined ? refusalPage('code-unknown', voice) : seeOther(`/c/${code.text}`),
  );
});
