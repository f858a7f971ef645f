import type { CheckInResult } from '#lib/check-in/confirm-scan.ts';
import { formatAge, formatMinutes, formatTime, meetingName } from '#lib/i18n/format.ts';
import type { Language } from '#lib/i18n/languages.ts';
import type { Translate } from '#lib/i18n/translate.ts';

/** What came of a typed code, in words. */
export interface ToldCheckIn {
  good: boolean;
  /** What was typed, so that it stays in the field when it has to be mended. */
  code: string;
  title: string;
  lines: string[];
}

/** Every outcome has its own sentences; where typing differs from scanning, they say so. */
export function tellCheckIn(
  result: CheckInResult,
  code: string,
  t: Translate,
  language: Language,
): ToldCheckIn {
  const refused = (title: string, todo: string): ToldCheckIn => ({ good: false, code, title, lines: [todo] });
  switch (result.kind) {
    case 'checked-in':
    case 'already':
    case 'noted': {
      const { meeting, status, provenMinutes } = result;
      const time = (at: Date) => formatTime(at, meeting.timeZone, language);
      const entered = t('mine.result.line', {
        time: time(result.at),
        status: t(`status.${status}`),
        duration: formatMinutes(provenMinutes),
        end: time(meeting.endsAt),
      });
      return {
        good: true,
        code: '',
        title: t(`phone.result.${result.kind}.title`),
        lines: [meetingName(meeting, t), result.kind === 'noted' ? t('phone.result.noted.lead') : entered],
      };
    }
    case 'code-too-old':
      return refused(
        t('phone.refused.code-too-old.title', { age: formatAge(result.ageSeconds, t) }),
        t('mine.refused.code-too-old.todo'),
      );
    case 'code-unknown':
      return refused(t('phone.refused.code-unknown.title'), t('mine.refused.code-unknown.todo'));
    case 'someone-else':
      // Only a page that named a person can hear this; typing names nobody.
      return refused(t('errors.internal.title'), t('errors.internal.todo'));
    default:
      return refused(t(`phone.refused.${result.kind}.title`), t(`phone.refused.${result.kind}.todo`));
  }
}
