'use client';

import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';
import type { SyntheticEvent } from 'react';
import type { ErrorCode } from '#lib/base/errors.ts';
import type { PreviewDay } from '#lib/meetings/preview-series.ts';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { lostAnswer } from '../../../../../_components/new-version.tsx';
import type { MeetingDraft } from '../../../_components/meeting-draft.ts';
import { MeetingFields } from '../../../_components/meeting-fields.tsx';
import { TimeFields } from '../../../_components/time-fields.tsx';
import { asShown, useFilling } from '../../../_components/use-filling.ts';
import { saveSeries, showSeries } from '../actions.ts';
import { DayList } from './day-list.tsx';
import { RuleFields } from './rule-fields.tsx';
import { seriesDraftOf, seriesInputOf } from './series-draft.ts';
import type { SeriesDraft } from './series-draft.ts';

type Refusal = { kind: 'invalid' } | { kind: 'refused'; code: ErrorCode } | { kind: 'unreachable' };

/** The form of a series: first its rule, then the dates that it makes, then it is saved. */
export function SeriesForm({
  courseId,
  timeZone,
  sections,
  initial,
}: {
  courseId: string;
  timeZone: string;
  sections: readonly { id: string; name: string }[];
  initial: MeetingDraft;
}) {
  const t = useTranslate();
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  const alertBox = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLElement>(null);
  const [days, setDays] = useState<PreviewDay[]>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [isWorking, startWork] = useTransition();
  const { filling, draft, setDraft, setProblems } = useFilling(seriesDraftOf(initial), () => {
    // What was looked at is no longer what would be saved.
    setDays(undefined);
  });

  useEffect(() => {
    if (refusal === undefined) return;
    const wrong =
      refusal.kind === 'invalid' ? form.current?.querySelector<HTMLElement>('[aria-invalid="true"]') : null;
    // What is wrong with the dates is told at their list.
    (wrong ?? (refusal.kind === 'invalid' ? list.current : null) ?? alertBox.current)?.focus();
  }, [refusal]);

  const isShown = days !== undefined;
  useEffect(() => {
    if (isShown) list.current?.focus();
  }, [isShown]);

  function work(send: () => Promise<void>) {
    if (isWorking) return;
    startWork(async () => {
      try {
        await send();
      } catch {
        setRefusal({ kind: 'unreachable' });
      }
    });
  }

  function show(shown: SeriesDraft) {
    work(async () => {
      const answer = await showSeries(courseId, seriesInputOf(shown));
      setProblems(answer.kind === 'invalid' ? answer.problems : {});
      setRefusal(answer.kind === 'preview' ? undefined : answer);
      setDays(answer.kind === 'preview' ? answer.days : undefined);
    });
  }

  function save() {
    work(async () => {
      const answer = await saveSeries(courseId, seriesInputOf(asShown(draft, form.current)));
      if (answer.kind === 'saved') {
        router.push(`/courses/${courseId}`);
        return;
      }
      setProblems(answer.kind === 'invalid' ? answer.problems : {});
      setRefusal(answer);
    });
  }

  function strike(date: string, isStruck: boolean) {
    const struck = isStruck ? [...draft.struck, date] : draft.struck.filter((one) => one !== date);
    setDraft({ ...draft, struck });
    show({ ...asShown(draft, form.current), struck });
  }

  function submit(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    show(asShown(draft, form.current));
  }

  return (
    <form ref={form} onSubmit={submit} noValidate className="grid max-w-2xl grid-cols-[minmax(0,1fr)] gap-6">
      {refusal !== undefined && (
        <div
          ref={alertBox}
          role="alert"
          tabIndex={-1}
          className="rounded-md border border-danger bg-danger-soft p-4"
        >
          {refusal.kind === 'invalid' && <p>{t('form.problems')}</p>}
          {refusal.kind === 'unreachable' && <p>{t(lostAnswer('form.unreachable'))}</p>}
          {refusal.kind === 'refused' && (
            <>
              <p className="font-semibold">{t(`errors.${refusal.code}.title`)}</p>
              <p>{t('form.failed')}</p>
              <p>{t(`errors.${refusal.code}.todo`)}</p>
            </>
          )}
        </div>
      )}
      <RuleFields {...filling} />
      <div className="grid gap-5 sm:grid-cols-3">
        <TimeFields {...filling} />
        <p className="-mt-3 text-sm text-quiet sm:col-span-full">{t('form.zone', { zone: timeZone })}</p>
      </div>
      <MeetingFields {...filling} sections={sections} />
      {isShown && (
        <DayList
          ref={list}
          days={days}
          struck={draft.struck}
          problem={filling.problem('skip')}
          onStrike={strike}
        />
      )}
      <div className="flex flex-wrap gap-3">
        {isShown ? (
          <button
            type="button"
            aria-disabled={isWorking}
            onClick={save}
            className={buttonStyle({ kind: 'primary' })}
          >
            {isWorking
              ? t('series.showing')
              : t('series.create', { count: days.filter(({ state }) => state === 'planned').length })}
          </button>
        ) : (
          <button type="submit" aria-disabled={isWorking} className={buttonStyle({ kind: 'primary' })}>
            {t(isWorking ? 'series.showing' : 'series.show')}
          </button>
        )}
        <Link href={`/courses/${courseId}`} className={buttonStyle({ kind: 'second' })}>
          {t('form.cancel')}
        </Link>
      </div>
    </form>
  );
}
