'use client';

import { CalendarClock, QrCode, SlidersHorizontal, X } from 'lucide-react';
import { useState } from 'react';
import { Button, Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { buttonStyle } from '../../../../../_components/button.tsx';
import { NumberField, RadioField, SelectField } from '../../../../../_components/fields.tsx';
import { useTranslate } from '../../../../../_components/language.tsx';
import { lostAnswer } from '../../../../../_components/new-version.tsx';
import { OpenInNewWindow } from '../../../../../_components/open-in-new-window.tsx';
import type { RegisterView } from '#lib/attendance/load-register.ts';
import type { ErrorCode } from '#lib/base/errors.ts';
import { minuteMs } from '#lib/base/minute.ts';
import type { Direction } from '#lib/check-in-windows/input.ts';
import { tellError } from '#lib/i18n/tell-error.ts';
import { plan } from '../actions.ts';
import { tellWhen } from './window-phase.ts';
import type { Phase } from './window-phase.ts';

type View = Pick<RegisterView, 'meeting' | 'windows' | 'policy' | 'opening'>;

const rotations = [5, 10, 20, 30, 60];
/** A check-in that opens by itself begins so long before the meeting, where nothing else is said. */
const usualBeforeMinutes = 15;
const longestMinutes = 240;

/** Check-in or check-out, now or by itself, and how often its code changes: behind one quiet button. */
export function MoreWays(props: {
  courseId: string;
  view: View;
  phases: Readonly<Record<Direction, Phase>>;
  nowMs: number;
}) {
  const t = useTranslate();
  return (
    <DialogTrigger>
      <Button className={buttonStyle({ kind: 'quiet', size: 'small' })}>
        <SlidersHorizontal aria-hidden className="size-4" />
        {t('register.more-ways')}
      </Button>
      <ModalOverlay
        isDismissable
        className="fixed inset-0 z-[100000] flex items-start justify-center overflow-y-auto bg-[rgb(0_0_0/0.3)] p-3 sm:pt-16"
      >
        <Modal className="w-full max-w-lg rounded-md border border-line bg-paper shadow-pop">
          <Dialog className="outline-none">
            {({ close }) => (
              <>
                <div className="flex items-start justify-between gap-3 border-b border-line py-3 pr-3 pl-5">
                  <Heading slot="title" className="text-lg font-semibold">
                    {t('register.more-ways')}
                  </Heading>
                  <Button
                    slot="close"
                    aria-label={t('register.more-ways.close')}
                    className={buttonStyle({ kind: 'quiet', size: 'small' })}
                  >
                    <X aria-hidden className="size-5" />
                  </Button>
                </div>
                <WaysForm {...props} onDone={close} />
              </>
            )}
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}

function WaysForm({
  courseId,
  view: { meeting, windows, policy, opening },
  phases,
  nowMs,
  onDone,
}: Parameters<typeof MoreWays>[0] & { onDone: () => void }) {
  const t = useTranslate();
  const [direction, setDirection] = useState<Direction>(phases.in === 'over' ? 'out' : 'in');
  const planned = windows.find((window) => window.direction === direction);
  const [chosenStep, setStep] = useState<string>();
  const [when, setWhen] = useState<'now' | 'itself'>('now');
  const [minutes, setMinutes] = useState<Partial<Record<'beforeMinutes' | 'afterMinutes', number>>>({});
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ErrorCode | 'offline' | 'open' | 'too-late'>();

  const phase = phases[direction];
  const anchorMs = Date.parse(direction === 'in' ? meeting.startsAt : meeting.endsAt);
  const isPlanned = planned !== undefined && phase === 'planned';
  const step =
    chosenStep ??
    (isPlanned ? (planned.stepSeconds === null ? 'static' : String(planned.stepSeconds)) : undefined) ??
    String(opening.codeSeconds);
  const plannedMinutes = (from: number, to: number) => Math.max(0, Math.round((to - from) / minuteMs));
  const beforeMinutes =
    minutes.beforeMinutes ??
    (isPlanned
      ? plannedMinutes(Date.parse(planned.opensAt), anchorMs)
      : direction === 'in'
        ? usualBeforeMinutes
        : policy.graceMinutes);
  const afterMinutes =
    minutes.afterMinutes ??
    (isPlanned ? plannedMinutes(anchorMs, Date.parse(planned.closesAt)) : opening.validityMinutes);
  const steps = [...new Set([...rotations, opening.codeSeconds, Number(step === 'static' ? 10 : step)])].sort(
    (a, b) => a - b,
  );
  const tell = (ms: number) => tellWhen(new Date(ms), meeting.timeZone, t.language, nowMs);
  const way = direction === 'in' ? 'in' : 'out';

  async function planIt() {
    setBusy(true);
    setFailure(undefined);
    try {
      const answer = await plan({
        ...{ courseId, meetingId: meeting.id, direction, beforeMinutes, afterMinutes },
        stepSeconds: step === 'static' ? null : Number(step),
      });
      if (!answer.ok) setFailure(answer.code);
      else if (answer.value === 'planned') onDone();
      else setFailure(answer.value);
    } catch {
      setFailure('offline');
    }
    setBusy(false);
  }

  const number = (name: 'beforeMinutes' | 'afterMinutes', value: number) => (
    <NumberField
      name={name}
      label={t(`register.more-ways.${way}.${name}`)}
      value={value}
      minValue={0}
      maxValue={longestMinutes}
      onChange={(changed) => {
        setMinutes({ ...minutes, [name]: changed });
      }}
    />
  );

  return (
    <div className="flex flex-col gap-4 p-5">
      <RadioField
        name="direction"
        label={t('register.more-ways.what')}
        value={direction}
        onChange={(chosen) => {
          setDirection(chosen);
          setMinutes({});
          setFailure(undefined);
        }}
        choices={(['in', 'out'] as const)
          .filter((one) => phases[one] !== 'over')
          .map((value) => ({ value, label: t(`register.more-ways.what.${value}`) }))}
      />
      {phase === 'open' ? (
        <p role="status">{t(`register.more-ways.${way}.open`)}</p>
      ) : (
        <>
          <SelectField
            name="step"
            label={t('register.more-ways.step')}
            hint={step === 'static' ? t('register.more-ways.step.static.hint') : undefined}
            value={step}
            onChange={setStep}
            choices={[
              ...steps.map((seconds) => ({
                value: String(seconds),
                label: t('register.more-ways.step.seconds', { seconds }),
              })),
              { value: 'static', label: t('register.more-ways.step.static') },
            ]}
          />
          <RadioField
            name="when"
            label={t('register.more-ways.when')}
            value={when}
            onChange={setWhen}
            choices={(['now', 'itself'] as const).map((value) => ({
              value,
              label: t(`register.more-ways.when.${value}`),
            }))}
          />
          {when === 'itself' && (
            <div className="flex flex-col gap-2">
              <div className="grid gap-4 sm:grid-cols-2">
                {number('beforeMinutes', beforeMinutes)}
                {number('afterMinutes', afterMinutes)}
              </div>
              <p className="text-sm text-quiet tabular-nums">
                {t('register.more-ways.times', {
                  from: tell(anchorMs - beforeMinutes * minuteMs),
                  to: tell(anchorMs + afterMinutes * minuteMs),
                })}
              </p>
            </div>
          )}
          {failure !== undefined && (
            <p role="alert" className="text-danger">
              {failure === 'offline'
                ? t(lostAnswer('register.failed.offline'))
                : failure === 'open'
                  ? t(`register.more-ways.${way}.open`)
                  : failure === 'too-late'
                    ? t('register.more-ways.too-late')
                    : tellError(failure, t)}
            </p>
          )}
          <div className="flex flex-wrap justify-end gap-2">
            {when === 'itself' ? (
              <button
                type="button"
                disabled={isBusy}
                className={buttonStyle({ kind: 'primary' })}
                onClick={() => void planIt()}
              >
                <CalendarClock aria-hidden className="size-5" />
                {t('register.more-ways.plan')}
              </button>
            ) : (
              <OpenInNewWindow
                action={`/courses/${courseId}/check-in`}
                fields={{ meetingId: meeting.id, direction, stepSeconds: step }}
                blockedText={t('window.blocked')}
                onSent={onDone}
              >
                <button type="submit" className={buttonStyle({ kind: 'primary' })}>
                  <QrCode aria-hidden className="size-5" />
                  {t(`register.more-ways.${way}.open-now`)}
                </button>
              </OpenInNewWindow>
            )}
          </div>
        </>
      )}
    </div>
  );
}
