import type { ConfirmedCheckIn } from '../check-in/confirm-scan.ts';
import { formatMinutes, formatTime } from '../i18n/format.ts';
import type { Language } from '../i18n/languages.ts';
import type { MessageKey, Translate } from '../i18n/translate.ts';

/** A teacher has looked at it, and it counts for nothing. */
function isSetAside({ kind, status }: ConfirmedCheckIn): boolean {
  return kind === 'noted' && status === null;
}

/** Whether all is well with it; else its person is asked to talk to their teacher. */
export function isGood(result: ConfirmedCheckIn): boolean {
  return result.kind !== 'unpaired' && !isSetAside(result);
}

/** What came of a check-in or check-out, as a heading. */
export function resultTitle(result: ConfirmedCheckIn): MessageKey {
  const { kind, direction } = result;
  if (isSetAside(result)) return `phone.result.set-aside.title.${direction}`;
  return kind === 'already' || kind === 'noted'
    ? `phone.result.${kind}.title.${direction}`
    : `phone.result.${kind}.title`;
}

/** What it counts for until now, and what is still to do. */
export function tellMinutes(result: ConfirmedCheckIn, t: Translate, language: Language): string {
  const { kind, meeting, direction, isOpen } = result;
  if (isSetAside(result)) return t('phone.result.set-aside.lead');
  if (kind === 'noted' || kind === 'unpaired') return t(`phone.result.${kind}.lead`);
  if (isOpen) return t('phone.result.open');
  const duration = formatMinutes(result.provenMinutes);
  if (direction === 'out') return t('phone.result.minutes.out', { duration });
  return t('phone.result.minutes.in', {
    duration,
    end: formatTime(meeting.endsAt, meeting.timeZone, language),
  });
}
