import type { Translate } from '#lib/i18n/translate.ts';
import type { RosterSyncView } from '#lib/rosters/load-roster-log.ts';

/** Why a reading of the roster broke off, as a sentence. */
export function tellWhy(sync: RosterSyncView, platform: string, t: Translate): string {
  const status = sync.problemStatus ?? 0;
  if (sync.state === 'interrupted' || sync.problem === 'interrupted') return t('members.why.interrupted');
  switch (sync.problem) {
    case 'platform-answer':
      return t(status === 401 || status === 403 ? 'members.why.refused' : 'members.why.platform-answer', {
        platform,
        status: status === 0 ? '?' : String(status),
      });
    case 'platform-unreachable':
      return t('members.why.platform-unreachable', { platform });
    case 'address-refused':
      return t('members.why.address-refused', { platform });
    default:
      return t('members.why.other');
  }
}

/** What a reading of the roster brought: "31 of 31 members, 2 new, 1 left, 0.8 s". */
export function tellSync(sync: RosterSyncView, platform: string, t: Translate): string {
  const { kept, listed, joined, departed, missing, startedAt, endedAt } = sync;
  if (sync.state !== 'complete') {
    return t('members.log.failed', { why: tellWhy(sync, platform, t), kept });
  }
  const seconds = new Intl.NumberFormat(t.language, { maximumFractionDigits: 1 }).format(
    ((endedAt ?? startedAt).getTime() - startedAt.getTime()) / 1000,
  );
  return t('members.log.complete', { kept, listed, joined, departed, missing, seconds });
}
