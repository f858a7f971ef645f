'use client';

import { CircleAlert, CircleCheck } from 'lucide-react';
import { useActionState, useEffect, useId, useRef, useState } from 'react';
import { buttonStyle } from '../../../_components/button.tsx';
import { useTranslate } from '../../../_components/language.tsx';
import { lostAnswer } from '../../../_components/new-version.tsx';
import { enterCode } from '../actions.ts';
import type { ToldCheckIn } from './tell-check-in.ts';

/** The field for the code beside the QR, with its answer in place: what was answered stays, also when it is to go. */
export function EnterCode({
  courseId,
  isAwaited,
  isShown,
}: {
  courseId: string;
  /** A check-in is open that one has not been at. */
  isAwaited: boolean;
  isShown: boolean;
}) {
  const t = useTranslate();
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState('');
  const [told, act, isChecking] = useActionState(
    async (before: ToldCheckIn | undefined, form: FormData): Promise<ToldCheckIn> => {
      const answer = await enterCode(courseId, before, form).catch((): ToldCheckIn => ({
        good: false,
        code: '',
        title: t(lostAnswer('mine.code.unreachable.title', 'release.new')),
        lines: [t(lostAnswer('mine.code.unreachable.todo', 'release.kept'))],
      }));
      if (answer.good) setCode('');
      return answer;
    },
    undefined,
  );
  useEffect(() => {
    if (told !== undefined && !told.good) field.current?.focus();
  }, [told]);

  if (!isShown && told === undefined) return null;
  return (
    <section
      aria-labelledby={`${id}-title`}
      className={`rounded-md border p-4 sm:p-5 ${isAwaited ? 'border-brand bg-brand-soft' : 'border-line bg-sunken'}`}
    >
      <h2 id={`${id}-title`} className="text-lg font-semibold">
        {t(isAwaited ? 'mine.code.open' : 'mine.code.title')}
      </h2>
      <p id={`${id}-lead`} className={isAwaited ? '' : 'text-quiet'}>
        {t('mine.code.lead')}
      </p>
      <form action={act} className="mt-3 flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-52 sm:max-w-64">
          <label htmlFor={`${id}-code`} className="mb-1 block font-medium">
            {t('mine.code.label')}
          </label>
          <input
            ref={field}
            id={`${id}-code`}
            name="code"
            value={code}
            onChange={(event) => {
              setCode(event.target.value);
            }}
            maxLength={40}
            autoComplete="off"
            autoCapitalize="characters"
            autoCorrect="off"
            spellCheck={false}
            placeholder="K7QD-2M9X"
            aria-describedby={`${id}-lead`}
            aria-invalid={told?.good === false}
            className="min-h-12 w-full rounded-sm border border-edge bg-paper px-3 text-lg tracking-widest uppercase placeholder:text-quiet placeholder:opacity-60 aria-invalid:border-danger"
          />
        </div>
        <button
          type="submit"
          aria-disabled={isChecking}
          className={`${buttonStyle({ kind: isAwaited ? 'primary' : 'second', size: 'large' })} max-sm:w-full`}
        >
          {t(isChecking ? 'mine.code.checking' : 'mine.code.go')}
        </button>
      </form>
      <div aria-live="polite">{told !== undefined && !isChecking && <Answer told={told} />}</div>
    </section>
  );
}

function Answer({ told }: { told: ToldCheckIn }) {
  const Icon = told.good ? CircleCheck : CircleAlert;
  return (
    <div
      className={`mt-4 flex gap-3 rounded-sm border bg-paper p-3 ${told.good ? 'border-present' : 'border-danger'}`}
    >
      <Icon aria-hidden className={`mt-0.5 size-6 shrink-0 ${told.good ? 'text-present' : 'text-danger'}`} />
      <div>
        <p className={`text-lg font-semibold ${told.good ? 'text-present' : 'text-danger'}`}>{told.title}</p>
        {told.lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
    </div>
  );
}
