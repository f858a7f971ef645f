import { pageContext } from '#lib/http/page-context.ts';
import { Problem } from './_components/problem.tsx';

export default async function NotFoundPage() {
  const { t } = await pageContext();
  return <Problem code="not-found" t={t} />;
}
