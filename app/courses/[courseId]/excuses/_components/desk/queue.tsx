'use client';

import { Paperclip } from 'lucide-react';
import Link from 'next/link';
import { useRef } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import { useTranslate } from '../../../../../_components/language.tsx';
import { ExcuseStateLabel } from '../../../_components/excuse-state.tsx';
import type { ToldExcuse } from './tell-excuse.ts';
import type { useDesk } from './use-desk.ts';

/** The excuses one below the other: arrows go through them, Enter opens, a tick decides several at once. */
export function Queue({
  courseId,
  show,
  mayDecide,
  desk: { queue, shown, ticked, open, tick },
}: {
  courseId: string;
  show: 'waiting' | 'decided' | 'all';
  mayDecide: boolean;
  desk: ReturnType<typeof useDesk>;
}) {
  const t = useTranslate();
  const list = useRef<HTMLUListElement>(null);
  const waiting = mayDecide ? queue.filter(({ state }) => state === 'submitted') : [];
  const tickedIds = new Set(ticked.map(({ id }) => id));

  function move(event: KeyboardEvent) {
    const links = [...(list.current?.querySelectorAll<HTMLElement>('a[data-excuse]') ?? [])];
    const at = links.findIndex((link) => link.closest('li')?.contains(event.target as Node));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
    const link = to === undefined ? undefined : links[to];
    if (link === undefined) return;
    event.preventDefault();
    link.focus();
  }

  return (
    <>
      {waiting.length > 1 && (
        <label className="flex min-h-9 w-fit cursor-pointer items-center gap-3 px-2 text-sm text-quiet">
          <input
            type="checkbox"
            className="size-5 shrink-0 accent-brand"
            checked={ticked.length === waiting.length}
            onChange={(event) => {
              tick(
                waiting.map(({ id }) => id),
                event.currentTarget.checked,
              );
            }}
          />
          {t('desk-excuse.tick-all')}
        </label>
      )}
      <ul
        ref={list}
        id="queue"
        aria-label={t('desk-excuse.queue')}
        className="border-t border-line"
        onKeyDown={move}
      >
        {queue.map((excuse) => (
          <li
            key={excuse.id}
            className={`relative flex items-start gap-3 border-b border-line px-2 py-2.5 ${
              excuse.id === shown?.id
                ? 'bg-brand-soft shadow-[inset_3px_0_0_var(--color-brand)]'
                : 'hover:bg-sunken'
            }`}
          >
            {mayDecide && excuse.state === 'submitted' && (
              // Larger than it looks, and above the link that fills the row.
              <label className="relative z-1 -m-2 flex cursor-pointer p-2">
                <input
                  type="checkbox"
                  aria-label={t('desk-excuse.tick', { name: excuse.name })}
                  className="size-5 shrink-0 accent-brand"
                  checked={tickedIds.has(excuse.id)}
                  onChange={(event) => {
                    tick([excuse.id], event.currentTarget.checked);
                  }}
                />
              </label>
            )}
            <QueueLine
              excuse={excuse}
              href={`/courses/${courseId}/excuses?show=${show}&excuse=${excuse.id}`}
              isShown={excuse.id === shown?.id}
              hasState={show !== 'waiting'}
              onOpen={() => {
                open(excuse.id);
              }}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

function QueueLine({
  excuse: { id, name, state, reason, summary, submitted, documents },
  href,
  isShown,
  hasState,
  onOpen,
}: {
  excuse: ToldExcuse;
  href: string;
  isShown: boolean;
  hasState: boolean;
  onOpen: () => void;
}) {
  const t = useTranslate();
  return (
    <div className="min-w-0 flex-1">
      <Link
        href={href}
        prefetch={false}
        data-excuse={id}
        aria-current={isShown ? 'true' : undefined}
        className="font-medium [overflow-wrap:anywhere] after:absolute after:inset-0"
        onClick={(event: MouseEvent) => {
          // Into another tab it goes by itself.
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          onOpen();
        }}
      >
        <bdi className="line-clamp-2">{name}</bdi>
      </Link>
      <p className="text-sm tabular-nums">{summary}</p>
      <p className="flex flex-wrap items-center gap-x-2 text-sm text-quiet">
        <span>{reason}</span>
        {documents.length > 0 && (
          <span className="inline-flex items-center gap-0.5">
            <Paperclip aria-hidden className="size-3.5" />
            <span aria-hidden>{documents.length}</span>
            <span className="sr-only">{t('desk-excuse.documents.count', { count: documents.length })}</span>
          </span>
        )}
        <span className="ml-auto tabular-nums">
          {hasState ? submitted : t('desk-excuse.since', { when: submitted })}
        </span>
      </p>
      {hasState && (
        <p className="mt-1">
          <ExcuseStateLabel state={state} word={t(`excuse.state.${state}`)} />
        </p>
      )}
    </div>
  );
}
