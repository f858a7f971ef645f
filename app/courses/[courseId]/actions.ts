'use server';

import { revalidatePath } from 'next/cache';
import { headers } from 'next/headers';
import { checkInByTypedCode } from '#lib/check-in/check-in-by-typed-code.ts';
import { circumstancesOf } from '#lib/http/circumstances.ts';
import { runAction } from '#lib/http/load-page.ts';
import { pageContext } from '#lib/http/page-context.ts';
import { tellCheckIn } from './_components/tell-check-in.ts';
import type { ToldCheckIn } from './_components/tell-check-in.ts';

/** A student's typed code. The answer is told in sentences, in the place where it was typed. */
export async function enterCode(
  courseId: string,
  _before: ToldCheckIn | undefined,
  form: FormData,
): Promise<ToldCheckIn> {
  const { t, language } = await pageContext();
  const given = form.get('code');
  const code = typeof given === 'string' ? given.trim() : '';
  if (code === '') {
    return {
      good: false,
      code,
      title: t('mine.code.missing.title'),
      lines: [t('mine.code.missing.todo')],
    };
  }
  const sent = await headers();
  const result = await runAction((ctx) =>
    checkInByTypedCode(ctx, {
      courseId,
      code,
      circumstances: circumstancesOf(sent),
    }),
  );
  if (!result.ok) {
    return {
      good: false,
      code,
      title: t(`errors.${result.code}.title`),
      lines: [t(`errors.${result.code}.todo`)],
    };
  }
  const told = tellCheckIn(result.value, code, t, language);
  if (told.good) revalidatePath(`/courses/${courseId}`);
  return told;
}
