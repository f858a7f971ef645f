import type { CheckInResult } from '#lib/check-in/confirm-scan.ts';
import { isGood, resultTitle, tellMinutes } from '#lib/http/tell-check-in.ts';
import { formatAge, formatTime, meetingName } from '#lib/i18n/format.ts';
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
    case 'checked-out':
    case 'already':
    case 'noted':
    case 'unpaired': {
      const { meeting, status, direction } = result;
      const time = formatTime(result.at, meeting.timeZone, language);
      const entered = `${t(`phone.result.time.${direction}`)} ${time}${status === null ? '' : ` · ${t(`status.${status}`)}`}`;
      return {
        good: isGood(result),
        code: '',
        title: t(resultTitle(result)),
        lines: [meetingName(meeting, t), entered, tellMinutes(result, t, language)],
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
