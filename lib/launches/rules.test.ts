import { describe, expect, test } from 'vitest';
import { directLaunchUrl } from './direct-launch-url.ts';
import { targetAfterLaunch, targetPathOf, waitingScanOf } from './rules.ts';

const ours = 'https://tool.example';

describe('the target of a launch', () => {
  test.each([
    ['https://tool.example/lti/launch', '/lti/launch'],
    ['https://tool.example', '/'],
    ['https://tool.example/c/finish?ticket=a%2Bb', '/c/finish?ticket=a%2Bb'],
    ['HTTPS://TOOL.example/x', '/x'],
  ])('%s is ours', (target, path) => {
    expect(targetPathOf(target, ours)).toBe(path);
  });

  test.each([
    'https://evil.example/lti/launch',
    'http://tool.example/lti/launch',
    'https://tool.example:8443/x',
    'https://tool.example@evil.example/',
    'https://user@tool.example/',
    'https://tool.example.evil.example/',
    'https://tool.example\\@evil.example/',
    'https:\\\\tool.example/',
    'https://tool.example//evil.example/',
    '//tool.example/x',
    '/x',
    'javascript:alert(1)',
    'https://tool.example/\n/x',
    '',
  ])('%j is refused', (target) => {
    expect(() => targetPathOf(target, ours)).toThrow(expect.objectContaining({ code: 'target-foreign' }));
  });

  test.each([
    ['https://tool.example/c/finish?ticket=a%2Bb', 'a+b'],
    ['https://tool.example/c/finish', undefined],
    ['https://tool.example/lti/launch?ticket=a', undefined],
    ['https://evil.example/c/finish?ticket=a', undefined],
    ['/c/finish?ticket=a', undefined],
    [undefined, undefined],
  ])('%s carries the scan %s', (target, ticket) => {
    expect(waitingScanOf(target, ours)).toBe(ticket);
  });

  const meeting = '0193f3a2-7c1e-7b44-8f00-1c2d3e4f5a6b';
  test.each([
    ['/', '/courses/c1', '/courses/c1'],
    ['/lti/launch', '/courses/c1', '/courses/c1'],
    [`/courses/c1/meetings/${meeting}`, `/courses/c1/meetings/${meeting}`, `/courses/c1#${meeting}`],
    ['/courses/c1/meetings/new', '/courses/c1/meetings/new', '/courses/c1'],
    [`/courses/c2/meetings/${meeting}`, '/courses/c1', '/courses/c1'],
    ['/courses/c11', '/courses/c1', '/courses/c1'],
    ['/handover', '/courses/c1', '/courses/c1'],
  ])('a launch of course c1 to %s leads a teacher to %s, a student to %s', (target, teacher, student) => {
    const led = (runsCourse: boolean) => targetAfterLaunch(target, { courseId: 'c1', runsCourse });
    expect(led(true)).toEqual({ kind: 'page', path: teacher });
    expect(led(false)).toEqual({ kind: 'page', path: student });
  });

  test('a scan goes on with its ticket', () => {
    expect(targetAfterLaunch('/c/finish?ticket=t', { courseId: 'c1', runsCourse: false })).toEqual({
      kind: 'scan',
      ticket: 't',
    });
  });
});

describe('the platform address that signs a phone in', () => {
  const known = {
    issuer: 'https://canvas.instructure.com',
    webHost: 'school.example',
    canvasCourseId: '42',
    deploymentId: '5:8865aa05b4b79b64a91a86042e43af5ea8ae79eb',
    target: 'https://tool.example/c/finish?ticket=a_b',
  };

  test('is Canvas’ direct launch', () => {
    expect(directLaunchUrl(known)).toBe(
      'https://school.example/courses/42/external_tools/5?display=borderless&launch_url=https%3A%2F%2Ftool.example%2Fc%2Ffinish%3Fticket%3Da_b',
    );
  });

  test('is as plain http as the platform itself', () => {
    const intranet = { issuer: 'http://intranet.example:3000', webHost: 'intranet.example:3000' };
    expect(directLaunchUrl({ ...known, ...intranet })).toMatch(/^http:\/\/intranet/);
  });

  test.each([
    ['no host', { webHost: null }],
    ['no course number', { canvasCourseId: null }],
    ['a course number that is none', { canvasCourseId: '4/../9' }],
    ['another platform’s deployment id', { deploymentId: 'testdeploy' }],
  ])('is unknown with %s', (_what, missing) => {
    expect(directLaunchUrl({ ...known, ...missing })).toBeNull();
  });
});
