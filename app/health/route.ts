/** Says that the process answers. It asks nothing: a database that is away is no reason to restart the program. */
export function GET(): Response {
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } });
}

export const dynamic = 'force-dynamic';
