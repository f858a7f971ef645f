'use client';

import { ArrowRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslate } from '../../../../../_components/language.tsx';
import { StatusLabel } from '../../../../../_components/status.tsx';
import { ExcuseStateLabel } from '../../../_components/excuse-state.tsx';
import type { ToldExcuse, ToldMeeting } from './tell-excuse.ts';

/** An excuse's meetings with what the register says, and what accepting does to it; to be ticked, where it may be. */
export function MeetingsToDecide({
  excuse: { meetings, state },
  accepted,
  onTick,
}: {
  excuse: ToldExcuse;
  /** Those that are ticked. */
  accepted?: readonly string[];
  onTick?: (meetingId: string, isTicked: boolean) => void;
}) {
  const t = useTranslate();
  if (meetings.length === 0) return <p className="text-quiet">{t('desk-excuse.meetings.none')}</p>;
  return (
    <ul aria-labelledby="excuse-meetings" className="mt-1 border-t border-line">
      {meetings.map((meeting) => {
        const isAccepted = accepted?.includes(meeting.id);
        const line = (
          <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
            <span className="min-w-0 flex-1 basis-44 [overflow-wrap:anywhere]">
              <bdi className="font-medium">{meeting.name}</bdi>
              <span className="block text-sm text-quiet tabular-nums">
                {meeting.when}
                {meeting.isCancelled && ` · ${t('desk-excuse.cancelled')}`}
              </span>
            </span>
            <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
              {state === 'submitted' || state === 'withdrawn' ? (
                <Effect meeting={meeting} isAccepted={isAccepted ?? state === 'submitted'} />
              ) : (
                <Decided meeting={meeting} />
              )}
            </span>
          </span>
        );
        return (
          <li key={meeting.id} className="border-b border-line">
            <Line isAccepted={isAccepted} onTick={onTick} meetingId={meeting.id}>
              {line}
            </Line>
          </li>
        );
      })}
    </ul>
  );
}

function Line({
  meetingId,
  isAccepted,
  onTick,
  children,
}: {
  meetingId: string;
  isAccepted: boolean | undefined;
  onTick: ((meetingId: string, isTicked: boolean) => void) | undefined;
  children: ReactNode;
}) {
  const look = 'flex items-center gap-x-3 px-1 py-2';
  if (isAccepted === undefined || onTick === undefined) return <div className={look}>{children}</div>;
  return (
    <label className={`${look} cursor-pointer hover:bg-sunken`}>
      <input
        type="checkbox"
        className="size-5 shrink-0 accent-brand"
        checked={isAccepted}
        onChange={(event) => {
          onTick(meetingId, event.currentTarget.checked);
        }}
      />
      {children}
    </label>
  );
}

/** "absent → excused", or that it stays. */
function Effect({ meeting: { status, effect }, isAccepted }: { meeting: ToldMeeting; isAccepted: boolean }) {
  const t = useTranslate();
  const shown = status ?? 'untaken';
  const now = <StatusLabel status={shown} word={t(`status.${shown}`)} />;
  if (effect === 'was-there') {
    return (
      <>
        {now} <span className="text-quiet">{t('desk-excuse.was-there')}</span>
      </>
    );
  }
  if (effect === 'excused-already') return <StatusLabel status="excused" word={t('desk-excuse.already')} />;
  if (!isAccepted) {
    return (
      <>
        {now} <span className="text-quiet">{t('desk-excuse.stays')}</span>
      </>
    );
  }
  return (
    <>
      {now}
      <ArrowRight aria-hidden className="size-4 shrink-0 text-quiet" />
      <span className="sr-only">{t('desk-excuse.becomes')}</span>
      <StatusLabel status="excused" word={t('status.excused')} />
    </>
  );
}

function Decided({ meeting: { decision, changedRecord, status } }: { meeting: ToldMeeting }) {
  const t = useTranslate();
  if (decision === null) return null;
  const shown = status ?? 'untaken';
  return (
    <>
      <ExcuseStateLabel state={decision} word={t(`excuse.state.${decision}`)} />
      {decision === 'accepted' && !changedRecord && (
        <span className="text-quiet">{t('desk-excuse.accepted-unchanged')}</span>
      )}
      <StatusLabel status={shown} word={t(`status.${shown}`)} />
    </>
  );
}
