import { calendarEn } from './calendar-en.ts';
import { devicesEn } from './devices-en.ts';
import { excuseDeskEn } from './excuse-desk-en.ts';
import { excuseFilesEn } from './excuse-files-en.ts';
import { excusesMineEn } from './excuses-mine-en.ts';
import { helpingEn } from './helping-en.ts';
import { historyEn } from './history-en.ts';
import { launchEn } from './launch-en.ts';
import { mailEn } from './mail-en.ts';
import { meetingsEn } from './meetings-en.ts';
import { membersEn } from './members-en.ts';
import { mineEn } from './mine-en.ts';
import { openingEn } from './opening-en.ts';
import { phoneEn } from './phone-en.ts';
import { privacyEn } from './privacy-en.ts';
import { problemsEn } from './problems-en.ts';
import { registerEn } from './register-en.ts';
import { releaseEn } from './release-en.ts';
import { reviewsEn } from './reviews-en.ts';
import { screensEn } from './screens-en.ts';
import { settingsEn } from './settings-en.ts';
import { whereaboutsEn } from './whereabouts-en.ts';
import { wordsEn } from './words-en.ts';

export const en = {
  ...wordsEn,
  ...problemsEn,
  ...releaseEn,
  ...phoneEn,
  ...devicesEn,
  ...launchEn,
  ...reviewsEn,
  ...screensEn,
  ...meetingsEn,
  ...registerEn,
  ...openingEn,
  ...historyEn,
  ...helpingEn,
  ...excuseDeskEn,
  ...calendarEn,
  ...settingsEn,
  ...whereaboutsEn,
  ...membersEn,
  ...mineEn,
  ...mailEn,
  ...excusesMineEn,
  ...excuseFilesEn,
  ...privacyEn,
} as const;
