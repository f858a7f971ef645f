import Link from 'next/link';
import type { ToldEntry } from './tell-history.ts';

/** Changes in words, the newest first. */
export function HistoryEntries({
  courseId,
  entries,
  about = 'nothing',
  only,
}: {
  courseId: string;
  entries: readonly ToldEntry[];
  /** What of it a reader does not know from the page they are on, and may want to go to. */
  about?: 'meeting' | 'nothing';
  /** A way to narrow the list to one member. */
  only?: (member: { id: string; name: string }) => { href: string; text: string };
}) {
  return (
    <ol className="border-t border-line">
      {entries.map(({ id, when, at, sentence, changes, meeting, member }) => (
        <li key={id} className="border-b border-line px-1 py-2.5">
          <p className="[overflow-wrap:anywhere]">{sentence}</p>
          {changes.length > 0 && (
            <ul className="mt-0.5 text-sm">
              {changes.map((change) => (
                <li key={change} className="[overflow-wrap:anywhere]">
                  {change}
                </li>
              ))}
            </ul>
          )}
          <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-quiet">
            <time dateTime={at} className="tabular-nums">
              {when}
            </time>
            {about === 'meeting' && meeting !== undefined && (
              <Link href={`/courses/${courseId}/meetings/${meeting.id}`} className="text-brand underline">
                {meeting.name}
              </Link>
            )}
            {only !== undefined && member !== undefined && (
              <Link href={only(member).href} className="text-brand underline">
                {only(member).text}
              </Link>
            )}
          </p>
        </li>
      ))}
    </ol>
  );
}
