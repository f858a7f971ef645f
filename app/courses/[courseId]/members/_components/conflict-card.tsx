import type { ConflictView } from '#lib/members/load-members.ts';
import { DecideConflict } from './decide-conflict.tsx';
import { tellMoment } from './format-when.ts';
import type { Clock } from './format-when.ts';

type Side = ConflictView['asks'];

/** Two entries that may be one person, beside each other, and the question which. */
export function ConflictCard({
  courseId,
  conflict,
  platform,
  mayDecide,
  clock,
}: {
  courseId: string;
  conflict: ConflictView;
  platform: string;
  mayDecide: boolean;
  clock: Clock;
}) {
  const { t } = clock;
  const sides = [conflict.keeps, conflict.asks];
  const rows: [string, (side: Side) => string][] = [
    [t('members.conflict.number', { platform }), ({ canvasUserId }) => canvasUserId ?? '–'],
    [t('members.conflict.sis'), ({ sisId }) => sisId ?? '–'],
    [t('members.conflict.first-seen'), ({ firstSeenAt }) => tellMoment(firstSeenAt, clock)],
    [
      t('members.conflict.last-launch'),
      ({ lastLaunchAt }) => (lastLaunchAt === null ? t('members.never') : tellMoment(lastLaunchAt, clock)),
    ],
    [
      t('members.conflict.sections'),
      ({ sections, membershipId }) =>
        membershipId === null ? t('members.conflict.not-here') : sections.join(', ') || '–',
    ],
    [t('members.conflict.records'), ({ records }) => String(records)],
    [t('members.conflict.other-courses'), ({ otherCourses }) => String(otherCourses)],
  ];
  return (
    <section
      aria-labelledby={`conflict-${conflict.id}`}
      className="mt-4 rounded-md border border-line bg-warning-soft p-4"
    >
      <h2 id={`conflict-${conflict.id}`} className="font-semibold">
        {t('members.conflict.title')}
      </h2>
      <p className="mt-1">{t('members.conflict.lead', { platform })}</p>
      <table className="mt-3 w-full table-fixed border-collapse text-left">
        <thead>
          <tr className="align-top">
            <td className="w-1/3 sm:w-1/4" />
            {sides.map(({ personId, name }) => (
              <th key={personId} scope="col" className="px-2 py-1 font-medium [overflow-wrap:anywhere]">
                <bdi className="line-clamp-3">{name}</bdi>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([label, tell]) => (
            <tr key={label} className="border-t border-line align-top">
              <th scope="row" className="py-1 pr-2 text-sm font-normal text-quiet">
                {label}
              </th>
              {sides.map((side) => (
                <td key={side.personId} className="px-2 py-1 tabular-nums [overflow-wrap:anywhere]">
                  <bdi>{tell(side)}</bdi>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="my-3 text-sm">{t('members.conflict.merge.lead')}</p>
      {mayDecide ? (
        <DecideConflict courseId={courseId} conflictId={conflict.id} />
      ) : (
        <p className="text-quiet">{t('members.conflict.assistants')}</p>
      )}
    </section>
  );
}
