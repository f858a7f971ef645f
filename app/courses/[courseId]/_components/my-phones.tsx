import { loadMyDevices } from '#lib/devices/load-my-devices.ts';
import { loadPage } from '#lib/http/load-page.ts';
import { forgetPhone } from '../phone-actions.ts';
import { PhoneList } from './phone-list.tsx';
import { tellPhones } from './tell-phones.ts';

/** The student's own remembered phones. */
export async function MyPhones({ courseId, timeZone }: { courseId: string; timeZone: string }) {
  const { view, t, ctx } = await loadPage(loadMyDevices);
  return (
    <section aria-labelledby="my-phones" className="mt-10 max-w-2xl border-t border-line pt-5">
      <h2 id="my-phones" className="text-lg font-semibold">
        {t('mine.phones.title')}
      </h2>
      <p className="mt-1 text-quiet">{t(view.length === 0 ? 'mine.phones.none' : 'mine.phones.lead')}</p>
      <PhoneList
        phones={tellPhones(view, { t, timeZone, now: ctx.now })}
        words="mine.phones"
        revoke={forgetPhone.bind(null, courseId)}
      />
    </section>
  );
}
