import type { ConfirmedCheckIn } from '../check-in/confirm-scan.ts';
import { formatMinutes, formatTime } from '../i18n/format.ts';
import type { Language } from '../i18n/languages.ts';
import type { MessageKey, Translate } from '../i18n/translate.ts';

/** What came of a check-in or check-out, as a heading. */
export function resultTitle({ kind, direction }: ConfirmedCheckIn): MessageKey {
  return kind === 'already' || kind === 'noted'
    ? `phone.result.${kind}.title.${direction}`
    : `phone.result.${kind}.title`;
}

/** What it counts for until now, and what is still to do. */
export function tellMinutes(result: ConfirmedCheckIn, t: Translate, language: Language): string {
  const { kind, meeting, direction, isOpen } = result;
  if (kind === 'noted' || kind === 'unpaired') return t(`phone.result.${kind}.lead`);
  if (isOpen) return t('phone.result.open');
  const duration = formatMinutes(result.provenMinutes);
  if (direction === 'out') return t('phone.result.minutes.out', { duration });
  return t('phone.result.minutes.in', {
    duration,
    end: formatTime(meeting.endsAt, meeting.timeZone, language),
  });
}
