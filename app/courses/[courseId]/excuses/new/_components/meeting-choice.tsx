'use client';

import { CheckboxButton, CheckboxField, CheckboxGroup, FieldError, Label } from 'react-aria-components';
import { meetingName } from '#lib/i18n/format.ts';
import type { ChoosableMeeting } from '#lib/excuses/load-excuse-form.ts';
import { isChoosable } from '#lib/excuses/rules.ts';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { TickBox } from '../../../../../_components/fields.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { StatusLabel } from '../../../../../_components/status.tsx';
import { ExcuseStateLabel } from '../../../_components/excuse-state.tsx';
import { When } from '../../../_components/when.tsx';

/** So many of a group are in sight; the others are a click away. */
const atOnce = 6;

/** The student's own meetings to tick: missed ones first. Those that an excuse stands for are shown, and cannot be ticked. */
export function MeetingChoice({
  meetings,
  now,
  thisYear,
  value,
  onChange,
  problem,
}: {
  meetings: readonly ChoosableMeeting[];
  now: Date;
  thisYear: string;
  value: string[];
  onChange: (meetingIds: string[]) => void;
  problem: string | undefined;
}) {
  const t = useTranslate();
  const missed = meetings.filter(({ isMissed }) => isMissed).toReversed();
  const others = meetings.filter(({ isMissed }) => !isMissed);
  const coming = others.filter(({ endsAt }) => endsAt > now);
  const earlier = others.filter(({ endsAt }) => endsAt <= now).toReversed();
  const group = { ticked: value, thisYear };
  return (
    <CheckboxGroup
      value={value}
      onChange={onChange}
      isInvalid={problem !== undefined}
      validationBehavior="aria"
    >
      <Label className="sr-only">{t('my-excuse.step.which')}</Label>
      <Meetings title={t('my-excuse.meetings.missed')} meetings={missed} inSight={atOnce} {...group} />
      <Meetings title={t('my-excuse.meetings.coming')} meetings={coming} inSight={atOnce} {...group} />
      <Meetings title={t('my-excuse.meetings.earlier')} meetings={earlier} inSight={0} {...group} />
      <div className="mt-2 flex min-h-10 flex-wrap items-center gap-x-4">
        <p role="status" className="font-medium">
          {t('my-excuse.meetings.chosen', { count: value.length })}
        </p>
        {value.length > 1 && (
          <button
            type="button"
            onClick={() => {
              onChange([]);
            }}
            className={buttonStyle({ kind: 'quiet', size: 'small' })}
          >
            {t('my-excuse.meetings.none')}
          </button>
        )}
      </div>
      <FieldError className="block text-sm font-medium text-danger">{problem}</FieldError>
    </CheckboxGroup>
  );
}

function Meetings({
  title,
  meetings,
  inSight,
  ticked,
  thisYear,
}: {
  title: string;
  meetings: readonly ChoosableMeeting[];
  inSight: number;
  ticked: readonly string[];
  thisYear: string;
}) {
  const t = useTranslate();
  if (meetings.length === 0) return null;
  const rest = meetings.slice(inSight);
  const lines = (some: readonly ChoosableMeeting[]) => (
    <ul className="border-t border-line">
      {some.map((meeting) => (
        <MeetingLine key={meeting.id} meeting={meeting} thisYear={thisYear} />
      ))}
    </ul>
  );
  return (
    <div className="mt-4 first-of-type:mt-0">
      {inSight > 0 && (
        <>
          <h3 className="mb-1 font-medium">{title}</h3>
          {lines(meetings.slice(0, inSight))}
        </>
      )}
      {rest.length > 0 && (
        // What is ticked is never out of sight.
        <details open={rest.some(({ id }) => ticked.includes(id)) ? true : undefined}>
          <summary className="w-fit cursor-pointer py-2 font-medium text-brand">
            {inSight > 0
              ? t('my-excuse.meetings.more', { count: rest.length })
              : `${title} (${String(rest.length)})`}
          </summary>
          {lines(rest)}
        </details>
      )}
    </div>
  );
}

function MeetingLine({ meeting, thisYear }: { meeting: ChoosableMeeting; thisYear: string }) {
  const t = useTranslate();
  const { excuse, status } = meeting;
  return (
    <li className="border-b border-line">
      <CheckboxField value={meeting.id} isDisabled={!isChoosable(meeting)}>
        <CheckboxButton className="flex min-h-12 cursor-pointer items-center gap-3 px-1 py-2 outline-none data-[disabled]:cursor-default data-[hovered]:bg-sunken">
          {(state) => (
            <>
              <TickBox {...state} />
              <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-4 gap-y-1">
                <span className="sm:w-56">
                  <When meeting={meeting} thisYear={thisYear} language={t.language} />
                </span>
                <span className="min-w-0 flex-1 basis-32">{meetingName(meeting, t)}</span>
                {excuse === null ? (
                  status !== null && <StatusLabel status={status} word={t(`status.${status}`)} />
                ) : (
                  <>
                    <span className="sr-only">
                      {t('my-excuse.meetings.covered', { state: t(`excuse.state.${excuse.state}`) })}
                    </span>
                    <span aria-hidden>
                      <ExcuseStateLabel state={excuse.state} word={t(`excuse.state.${excuse.state}`)} />
                    </span>
                  </>
                )}
              </span>
            </>
          )}
        </CheckboxButton>
      </CheckboxField>
    </li>
  );
}
