import { headers } from 'next/headers';
import { contextOfHeaders } from './request-context.ts';
import type { RequestContext } from './request-context.ts';

/** For server components and actions: who asks, in which language. */
export async function pageContext(): Promise<RequestContext> {
  return contextOfHeaders(await headers());
}
