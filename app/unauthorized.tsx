import { pageContext } from '#lib/http/page-context.ts';
import { Problem } from './_components/problem.tsx';

export default async function UnauthorizedPage() {
  const { t } = await pageContext();
  return <Problem code="not-signed-in" t={t} />;
}
