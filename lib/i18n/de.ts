import { calendarDe } from './calendar-de.ts';
import { devicesDe } from './devices-de.ts';
import { excuseDeskDe } from './excuse-desk-de.ts';
import { excuseFilesDe } from './excuse-files-de.ts';
import { excusesMineDe } from './excuses-mine-de.ts';
import { helpingDe } from './helping-de.ts';
import { historyDe } from './history-de.ts';
import { launchDe } from './launch-de.ts';
import { mailDe } from './mail-de.ts';
import { meetingsDe } from './meetings-de.ts';
import { membersDe } from './members-de.ts';
import { mineDe } from './mine-de.ts';
import { openingDe } from './opening-de.ts';
import { phoneDe } from './phone-de.ts';
import { privacyDe } from './privacy-de.ts';
import { problemsDe } from './problems-de.ts';
import { registerDe } from './register-de.ts';
import { releaseDe } from './release-de.ts';
import { reviewsDe } from './reviews-de.ts';
import { screensDe } from './screens-de.ts';
import { settingsDe } from './settings-de.ts';
import type { Messages } from './translate.ts';
import { whereaboutsDe } from './whereabouts-de.ts';
import { wordsDe } from './words-de.ts';

export const de: Messages = {
  ...wordsDe,
  ...problemsDe,
  ...releaseDe,
  ...phoneDe,
  ...devicesDe,
  ...launchDe,
  ...reviewsDe,
  ...screensDe,
  ...meetingsDe,
  ...registerDe,
  ...openingDe,
  ...historyDe,
  ...helpingDe,
  ...excuseDeskDe,
  ...calendarDe,
  ...settingsDe,
  ...whereaboutsDe,
  ...membersDe,
  ...mineDe,
  ...mailDe,
  ...excusesMineDe,
  ...excuseFilesDe,
  ...privacyDe,
};
