import { cache } from 'react';
import { headers } from 'next/headers';
import { contextOfHeaders } from './request-context.ts';
import type { RequestContext } from './request-context.ts';

/**
 * For server components and actions: who asks, in which language. Once a request, however many parts of a page ask: to
 * open the login costs more than to read the place.
 */
export const pageContext = cache(async (): Promise<RequestContext> => contextOfHeaders(await headers()));
