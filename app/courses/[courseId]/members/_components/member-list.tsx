'use client';

import { TrendingDown, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import { useDeferredValue, useState } from 'react';
import { matchesName } from '#lib/i18n/matches-name.ts';
import { buttonStyle } from '../../../../_components/button.tsx';
import { TextField } from '../../../../_components/fields.tsx';
import { useTranslate } from '../../../../_components/language.tsx';

/** A member in words. */
export interface MemberLine {
  id: string;
  name: string;
  /** The role, where it is not a student's. */
  role: string | undefined;
  sections: string;
  since: string;
  launched: string;
  source: string;
  rate: string | undefined;
  standing: 'none' | 'fine' | 'at-risk' | 'below';
  hasLeft: boolean;
  /** What is to be known of their place: when they left, since when they are missing from the list. */
  note: string | undefined;
}

/** So many at first: a course of thousands opens at once, and typing finds everybody. */
const firstShown = 200;

const cell = 'py-2.5 pr-3 align-top';

/** The members, found by typing and filtered by whether they are still here. They come sorted. */
export function MemberList({ courseId, members }: { courseId: string; members: readonly MemberLine[] }) {
  const t = useTranslate();
  const [wanted, setWanted] = useState('');
  const [shown, setShown] = useState<'enrolled' | 'left'>('enrolled');
  const [isWhole, setWhole] = useState(false);
  const typed = useDeferredValue(wanted);
  const ofGroup = {
    enrolled: members.filter(({ hasLeft }) => !hasLeft),
    left: members.filter(({ hasLeft }) => hasLeft),
  };
  const found = ofGroup[shown].filter(({ name }) => matchesName(name, typed));
  const lines = isWhole ? found : found.slice(0, firstShown);
  return (
    <>
      <div className="mt-5 flex flex-wrap items-end gap-x-6 gap-y-3">
        <TextField
          name="search"
          label={t('member-list.search')}
          value={wanted}
          onChange={setWanted}
          className="w-full max-w-72"
        />
        {ofGroup.left.length > 0 && (
          <fieldset className="flex gap-1.5">
            <legend className="sr-only">{t('member-list.show')}</legend>
            {(['enrolled', 'left'] as const).map((group) => (
              <button
                key={group}
                type="button"
                aria-pressed={group === shown}
                className={`min-h-10 rounded-full border px-3.5 ${
                  group === shown
                    ? 'border-brand bg-brand-soft font-medium text-brand'
                    : 'border-line hover:bg-sunken'
                }`}
                onClick={() => {
                  setShown(group);
                }}
              >
                {t(`member-list.${group}`)} <span className="tabular-nums">{ofGroup[group].length}</span>
              </button>
            ))}
          </fieldset>
        )}
      </div>
      <p role="status" className="mt-3 text-sm text-quiet">
        {t('member-list.count', { count: found.length })}
      </p>
      {found.length > 0 && (
        <table className="mt-1 w-full border-collapse text-left">
          <thead>
            <tr className="border-b border-edge text-sm text-quiet">
              <th scope="col" className="py-1.5 pr-3 font-normal md:w-1/3">
                {t('member-list.name')}
              </th>
              <th scope="col" className="hidden py-1.5 pr-3 font-normal sm:table-cell">
                {t('member-list.section')}
              </th>
              <th scope="col" className="hidden py-1.5 pr-3 font-normal sm:table-cell">
                {t('member-list.since')}
              </th>
              <th scope="col" className="hidden py-1.5 pr-3 font-normal md:table-cell">
                {t('member-list.launched')}
              </th>
              <th scope="col" className="hidden py-1.5 pr-3 font-normal md:table-cell">
                {t('member-list.source')}
              </th>
              <th scope="col" className="py-1.5 text-right font-normal">
                {t('member-list.rate')}
              </th>
            </tr>
          </thead>
          <tbody>
            {lines.map((member) => (
              <tr key={member.id} className="border-b border-line">
                <th scope="row" className={`${cell} font-normal [overflow-wrap:anywhere]`}>
                  <Link
                    href={`/courses/${courseId}/members/${member.id}`}
                    prefetch={false}
                    className="line-clamp-3 font-medium text-ink hover:underline"
                  >
                    <bdi>{member.name}</bdi>
                  </Link>
                  <span className="block text-sm text-quiet">
                    {member.role}
                    <span className="sm:hidden">
                      {member.role !== undefined && member.sections !== '' && ' · '}
                      <bdi>{member.sections}</bdi>
                    </span>
                  </span>
                  {member.note !== undefined && (
                    <span className="block text-sm text-late">{member.note}</span>
                  )}
                </th>
                <td className={`${cell} hidden sm:table-cell [overflow-wrap:anywhere]`}>
                  <bdi className="line-clamp-3">{member.sections}</bdi>
                </td>
                <td className={`${cell} hidden whitespace-nowrap tabular-nums sm:table-cell`}>
                  {member.since}
                </td>
                <td className={`${cell} hidden tabular-nums md:table-cell`}>{member.launched}</td>
                <td className={`${cell} hidden md:table-cell`}>
                  <span className="block max-w-44 truncate">{member.source}</span>
                </td>
                <td className="py-2.5 text-right align-top whitespace-nowrap tabular-nums">
                  <Standing standing={member.standing} />
                  {member.rate ?? '–'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {lines.length < found.length && (
        <button
          type="button"
          className={`${buttonStyle({ kind: 'second' })} mt-4`}
          onClick={() => {
            setWhole(true);
          }}
        >
          {t('member-list.more', { count: found.length })}
        </button>
      )}
    </>
  );
}

/** Below what is required, or close to it: by icon and word, for the colour says it to some only. */
function Standing({ standing }: { standing: MemberLine['standing'] }) {
  const t = useTranslate();
  if (standing === 'none' || standing === 'fine') return null;
  const Icon = standing === 'below' ? TrendingDown : TriangleAlert;
  const word = t(`member-list.standing.${standing}`);
  return (
    <span
      title={word}
      className={`mr-1.5 inline-block ${standing === 'below' ? 'text-absent' : 'text-late'}`}
    >
      <Icon aria-hidden className="inline size-4" />
      <span className="sr-only">{word} </span>
    </span>
  );
}
