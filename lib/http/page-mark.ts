import { Html } from './html.ts';

/** The large sign at the top of a light page, drawn with one path; the words below say the same. */
export const pageMark = (path: string) =>
  new Html(
    `<span class="mark"><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.25" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="${path}"/></svg></span>`,
  );

export const tickMark = pageMark('M4 12.5l5.5 5.5L20 7');
export const newTabMark = pageMark(
  'M14 4h6v6M20 4l-9 9M10 5H5a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1h13a1 1 0 0 0 1-1v-5',
);
export const stopMark = pageMark('M12 6v7M12 17.5h.01');
