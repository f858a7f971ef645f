import { loadMemberDevices } from '#lib/devices/load-member-devices.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { PhoneList } from '../../../_components/phone-list.tsx';
import { tellPhones } from '../../../_components/tell-phones.ts';
import { revokePhone } from '../../../phone-actions.ts';
import type { Clock } from '../../_components/format-when.ts';

/** A student's remembered phones, for those who run the course. */
export async function MemberPhones({
  courseId,
  membershipId,
  clock,
}: {
  courseId: string;
  membershipId: string;
  clock: Clock;
}) {
  const key = { courseId, membershipId };
  const { view } = await loadPage((ctx) => loadMemberDevices(ctx, key));
  const { t } = clock;
  return (
    <section aria-labelledby="phones" className="mt-7 max-w-2xl">
      <h2 id="phones" className="text-lg font-semibold">
        {t('members.phones.title')}
      </h2>
      <p className="text-sm text-quiet">
        {t(view.devices.length === 0 ? 'members.phones.none' : 'members.phones.lead')}
      </p>
      <PhoneList
        phones={tellPhones(view.devices, clock)}
        words="member-phones"
        revoke={view.mayRevoke ? revokePhone.bind(null, key) : undefined}
      />
    </section>
  );
}
