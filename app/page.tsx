import { pageContext } from '#lib/http/page-context.ts';

/** Opened outside of a learning platform: what this is, and the way in. */
export default async function OutsidePage() {
  const { t } = await pageContext();
  return (
    <main className="mx-auto max-w-xl p-6 pt-[12vh]">
      <img src="/icon.svg" alt="" width={56} height={56} />
      <h1 className="mt-4 text-2xl font-semibold">{t('outside.title')}</h1>
      <p className="mt-3">{t('outside.what')}</p>
      <p className="mt-3">{t('outside.todo')}</p>
      <p className="mt-6">
        <a className="font-medium text-brand underline" href="/c">
          {t('outside.code')}
        </a>
      </p>
    </main>
  );
}
