import { Eye } from 'lucide-react';
import type { Translate } from '#lib/i18n/translate.ts';

/** For those who neither run the course nor attend it. */
export function OnlookerPage({ role, t }: { role: 'observer' | 'designer'; t: Translate }) {
  return (
    <main className="mx-auto max-w-xl py-10 text-center">
      <Eye aria-hidden className="mx-auto mb-3 size-9 text-quiet" />
      <h1 className="text-xl font-semibold">{t('onlooker.title')}</h1>
      <p className="mt-3">{t(`onlooker.${role}`)}</p>
      <p className="mt-3 text-quiet">{t('onlooker.todo')}</p>
    </main>
  );
}
