import { pageContext } from '#lib/http/page-context.ts';
import { Problem } from './_components/problem.tsx';

export default async function ForbiddenPage() {
  const { t } = await pageContext();
  return <Problem code="no-access" t={t} />;
}
