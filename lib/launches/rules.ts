import { AppError } from '../base/errors.ts';

/**
 * The path of a link to our own origin, with its query. The host is compared after parsing, exactly; what
 * parsers read differently (user names, backslashes, control characters) is refused before.
 *
 * @throws AppError `target-foreign`
 */
export function targetPathOf(targetLinkUri: string, publicUrl: string): string {
  if (/[\\\s\p{Cc}]/u.test(targetLinkUri)) throw new AppError('target-foreign', { reason: 'characters' });
  const url = URL.parse(targetLinkUri);
  if (url?.origin !== publicUrl || url.username !== '' || url.password !== '') {
    throw new AppError('target-foreign', { reason: 'origin' });
  }
  if (url.pathname.startsWith('//')) throw new AppError('target-foreign', { reason: 'path' });
  return url.pathname + url.search;
}

const finishScanPath = '/c/finish';

/** The ticket of the scan that a sign-in was to finish, where its target is such a one. */
export function waitingScanOf(targetLinkUri: string | undefined, publicUrl: string): string | undefined {
  const url = targetLinkUri === undefined ? null : URL.parse(targetLinkUri);
  if (url?.origin !== publicUrl || url.pathname !== finishScanPath) return undefined;
  return url.searchParams.get('ticket') ?? undefined;
}

export type AfterLaunch = { kind: 'page'; path: string } | { kind: 'scan'; ticket: string };

/**
 * Where a verified launch goes on: a scan that waits for its person, a page of this very course, or else the
 * course's home. The target of one course never opens another. A link to a meeting shows its register to those
 * who run the course, and everybody else the same meeting among their own.
 */
export function targetAfterLaunch(
  targetPath: string,
  { courseId, runsCourse }: { courseId: string; runsCourse: boolean },
): AfterLaunch {
  const url = new URL(targetPath, 'https://tool.invalid');
  if (url.pathname === finishScanPath) return { kind: 'scan', ticket: url.searchParams.get('ticket') ?? '' };
  const home = `/courses/${courseId}`;
  if (url.pathname !== home && !url.pathname.startsWith(`${home}/`)) return { kind: 'page', path: home };
  if (runsCourse) return { kind: 'page', path: url.pathname + url.search };
  const meetingId = /^\/meetings\/([0-9a-f-]{36})$/.exec(url.pathname.slice(home.length))?.[1];
  return { kind: 'page', path: meetingId === undefined ? home : `${home}#${meetingId}` };
}
