import { describe, expect, test } from 'vitest';
import { directLaunchUrl } from './direct-launch-url.ts';
import { targetAfterLaunch, targetPathOf } from './rules.ts';

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
    ['/', '/courses/c1'],
    ['/lti/launch', '/courses/c1'],
    ['/courses/c1/meetings/m1', '/courses/c1/meetings/m1'],
    ['/courses/c2/meetings/m1', '/courses/c1'],
    ['/courses/c11', '/courses/c1'],
    ['/handover', '/courses/c1'],
  ])('a launch of course c1 to %s leads to %s', (target, path) => {
    expect(targetAfterLaunch(target, 'c1')).toEqual({ kind: 'page', path });
  });

  test('a scan goes on with its ticket', () => {
    expect(targetAfterLaunch('/c/finish?ticket=t', 'c1')).toEqual({ kind: 'scan', ticket: 't' });
  });
});

describe('the platform address that signs a phone in', () => {
  const known = {
    webHost: 'school.example',
    canvasCourseId: '42',
    deploymentId: '5:8865aa05b4b79b64a91a86042e43af5ea8ae79eb',
    target: 'https://tool.example/c/finish?ticket=a_b',
    allowPrivateHosts: ['intranet.example:3000'],
  };

  test('is Canvas’ direct launch', () => {
    expect(directLaunchUrl(known)).toBe(
      'https://school.example/courses/42/external_tools/5?display=borderless&launch_url=https%3A%2F%2Ftool.example%2Fc%2Ffinish%3Fticket%3Da_b',
    );
  });

  test('may be plain http where the operator allowed it', () => {
    expect(directLaunchUrl({ ...known, webHost: 'intranet.example:3000' })).toMatch(/^http:\/\/intranet/);
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
