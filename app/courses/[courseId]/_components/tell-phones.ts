import type { DeviceView } from '#lib/devices/load-my-devices.ts';
import { tellDay, tellMoment } from '../members/_components/format-when.ts';
import type { Clock } from '../members/_components/format-when.ts';
import type { ListedPhone } from './phone-list.tsx';

/** Phones as a list names them. */
export function tellPhones(devices: readonly DeviceView[], clock: Clock): ListedPhone[] {
  const { t } = clock;
  return devices.map(({ id, name, since, lastUsedAt }) => ({
    id,
    name: name ?? t('phones.nameless'),
    facts: [
      t('phones.since', { day: tellDay(since, clock) }),
      lastUsedAt === null ? t('phones.unused') : t('phones.used', { when: tellMoment(lastUsedAt, clock) }),
    ].join(' · '),
  }));
}
