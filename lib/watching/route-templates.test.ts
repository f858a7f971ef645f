import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRouteOf } from './route-templates.ts';

const routeOf = createRouteOf([
  '/',
  '/c',
  '/c/[code]',
  '/c/confirm',
  '/courses/[courseId]',
  '/courses/[courseId]/meetings/new',
  '/courses/[courseId]/meetings/[meetingId]',
  '/courses/[courseId]/meetings/[meetingId]/edit',
  '/lti/register/[[...invite]]',
  '/files/[...path]',
]);

describe('the route of a path', () => {
  it.each([
    ['/', '/'],
    ['/c', '/c'],
    ['/c/', '/c'],
    ['/c/7H2K-MMPQ', '/c/[code]'],
    ['/c/confirm', '/c/confirm'],
    ['/c/confirm/more', undefined],
    ['/courses', undefined],
    ['/courses/7/meetings/new', '/courses/[courseId]/meetings/new'],
    ['/courses/7/meetings/8', '/courses/[courseId]/meetings/[meetingId]'],
    // "new" is a meeting here, because no route of its own goes on from it.
    ['/courses/7/meetings/new/edit', '/courses/[courseId]/meetings/[meetingId]/edit'],
    ['/lti/register', '/lti/register/[[...invite]]'],
    ['/lti/register/abc/def', '/lti/register/[[...invite]]'],
    ['/files', undefined],
    ['/files/a/b', '/files/[...path]'],
    ['/wp-login.php', undefined],
    ['/__proto__/constructor', undefined],
  ])('%s is %s', (path, route) => {
    expect(routeOf(path)).toBe(route);
  });

  it('never holds what stood in the address', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z0-9]{9,12}$/), (code) => {
        for (const path of [`/c/${code}`, `/${code}`, `/courses/${code}/meetings/${code}/edit`]) {
          expect(routeOf(path) ?? '').not.toContain(code);
        }
      }),
    );
  });
});
