import { Flag, ListChecks } from 'lucide-react';
import Link from 'next/link';
import { useTranslate } from '../../../../../_components/language.tsx';
import type { Entry } from './register-entry.ts';

/** The way to what is worth a look, and to spot checks. */
export function ReviewLink({
  courseId,
  meetingId,
  entries,
}: {
  courseId: string;
  meetingId: string;
  entries: readonly Entry[];
}) {
  const t = useTranslate();
  const flagged = entries.filter(({ record }) => (record?.flags.length ?? 0) > 0).length;
  const [Icon, colour] = flagged > 0 ? [Flag, 'text-late'] : [ListChecks, 'text-brand'];
  return (
    <p className="-my-2">
      <Link
        href={`/courses/${courseId}/meetings/${meetingId}/review`}
        data-testid="review"
        className={`inline-flex items-center gap-1.5 py-1 underline ${colour}`}
      >
        <Icon aria-hidden className="size-4 shrink-0" />
        {flagged > 0 ? t('register.review.flags', { count: flagged }) : t('register.review')}
      </Link>
    </p>
  );
}
