import { cache } from 'react';
import { requirePlace } from '#lib/access/require-place.ts';
import { loadPage } from '#lib/http/load-page.ts';

/** The viewer's place in the course, asked once for frame, title and page of one request. */
export const loadPlace = cache((courseId: string) => loadPage((ctx) => requirePlace(ctx, courseId)));
