'use client';

import { CircleCheck } from 'lucide-react';
import Link from 'next/link';
import { useEffect, useRef } from 'react';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';

/** It was handed in; what happens next. */
export function HandedIn({
  courseId,
  meetings,
  documents,
  documentDays,
}: {
  courseId: string;
  meetings: number;
  documents: number;
  documentDays: number;
}) {
  const t = useTranslate();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.focus();
  }, []);
  return (
    <div
      ref={box}
      role="status"
      tabIndex={-1}
      className="max-w-2xl rounded-md border border-line bg-sunken p-5 outline-none"
    >
      <h2 className="flex items-center gap-2 text-lg font-semibold">
        <CircleCheck aria-hidden className="size-6 text-present" />
        {t('my-excuse.done.title')}
      </h2>
      <p className="mt-1">{t('my-excuse.done.what', { meetings, documents })}</p>
      <h3 className="mt-4 font-medium">{t('my-excuse.done.next')}</h3>
      <ul className="mt-1 list-disc pl-5">
        {(['decides', 'later', 'told'] as const).map((sentence) => (
          <li key={sentence}>{t(`my-excuse.done.${sentence}`)}</li>
        ))}
        <li>{t('my-excuse.done.deleted', { days: documentDays })}</li>
      </ul>
      <div className="mt-5 flex flex-wrap gap-3">
        <Link href={`/courses/${courseId}/excuses`} className={buttonStyle({ kind: 'primary' })}>
          {t('my-excuse.title')}
        </Link>
        <Link href={`/courses/${courseId}`} className={buttonStyle({ kind: 'second' })}>
          {t('my-excuse.back')}
        </Link>
      </div>
    </div>
  );
}
