import { describe, expect, test } from 'vitest';
import { AppError } from '../base/errors.ts';
import { claimNames } from './claim-names.ts';
import { readMembers } from './names-and-roles.ts';
import type { ListedMember, NamesAndRolesRequest } from './names-and-roles.ts';
import type { ServiceClient } from './service-client.ts';

const caller = { id: 'p', token: 't', origin: 'https://lms.example' };
const url = 'https://lms.example/members?type=1';
const learner = ['Learner'];

/** A platform that answers these pages, or refuses; `asked` remembers where the list began. */
function platformOf(pages: (object[] | AppError)[], refusesLink?: AppError) {
  const asked: string[] = [];
  const services: ServiceClient = {
    call: () => Promise.reject(new Error('pages only')),
    async *readPages(_caller, request) {
      asked.push(request.url);
      await Promise.resolve();
      if (refusesLink !== undefined && request.url.includes('rlid=')) throw refusesLink;
      for (const page of pages) {
        if (page instanceof AppError) throw page;
        yield { status: 200, headers: {}, body: JSON.stringify({ members: page }) };
      }
    },
  };
  return { asked, services };
}

async function read(
  services: ServiceClient,
  change: Partial<NamesAndRolesRequest> = {},
): Promise<ListedMember[]> {
  const request = { url, resourceLinkId: 'link/1', hasPlainNames: true, ...change };
  const members: ListedMember[] = [];
  for await (const page of readMembers(services, caller, request)) members.push(...page);
  return members;
}

const refusal = (status: number, at = 'members') => new AppError('platform-answer', { at, status });
const anna = { user_id: 'a', roles: learner };
const subs = (members: readonly ListedMember[]) => members.map(({ sub }) => sub);

describe('the list of members', () => {
  test('is asked for the link, in an address that keeps its own query', async () => {
    const { services, asked } = platformOf([[anna]]);
    expect(subs(await read(services))).toEqual(['a']);
    expect(asked).toEqual([`${url}&rlid=link%2F1`]);
  });

  test.each([400, 404])(
    'is read without the link where the platform does not know it (%i)',
    async (status) => {
      const { services, asked } = platformOf([[anna], [{ user_id: 'b', roles: learner }]], refusal(status));
      expect(subs(await read(services))).toEqual(['a', 'b']);
      expect(asked).toEqual([`${url}&rlid=link%2F1`, url]);
    },
  );

  test.each<[string, AppError, Partial<NamesAndRolesRequest>]>([
    ['it is forbidden', refusal(403), {}],
    ['the platform is at fault', refusal(500), {}],
    ['there is no token', refusal(400, 'token'), {}],
    ['there is no such list', refusal(404), { resourceLinkId: undefined }],
  ])('is not tried again where %s', async (_why, error, change) => {
    const { services, asked } = platformOf([error]);
    await expect(read(services, change)).rejects.toBe(error);
    expect(asked).toHaveLength(1);
  });

  test('is not begun anew once a page has come', async () => {
    const { services, asked } = platformOf([[anna], refusal(404)]);
    await expect(read(services)).rejects.toMatchObject({ facts: { status: 404 } });
    expect(asked).toHaveLength(1);
  });

  test('names nobody who is not active, however it is spelled', async () => {
    const { services } = platformOf([
      [
        { ...anna, status: 'ACTIVE' },
        { user_id: 'b', roles: learner, status: 'Inactive' },
        { user_id: 'c', roles: learner, status: 'Deleted' },
        { user_id: 'd', roles: learner },
      ],
    ]);
    expect(subs(await read(services))).toEqual(['a', 'd']);
  });

  test.each([
    ['as they are, where they are plain', true, 'Tom &amp; Co'],
    ['unescaped, where they are escaped', false, 'Tom & Co'],
  ])('gives names %s', async (_how, hasPlainNames, name) => {
    const escaped = 'Tom &amp; Co';
    const { services } = platformOf([
      [{ ...anna, name: escaped, given_name: escaped, family_name: escaped }],
    ]);
    expect(await read(services, { hasPlainNames })).toMatchObject([
      { name, givenName: name, familyName: name },
    ]);
  });

  test('gives custom fields of the message that has them', async () => {
    const custom = { canvas_user_id: 7, section_ids: '$Canvas.course.sectionIds' };
    const { services } = platformOf([
      [{ ...anna, message: [{ other: 1 }, { [claimNames.custom]: custom }] }],
    ]);
    expect(await read(services)).toMatchObject([{ custom: { canvas_user_id: '7' } }]);
  });

  test.each([
    ['HTML', '<h1>Sign in</h1>'],
    ['no list', '{"members":{}}'],
    ['members without ids', '{"members":[{"roles":[]}]}'],
  ])('that is %s is refused without quoting it', async (_what, body) => {
    const services: ServiceClient = {
      ...platformOf([]).services,
      async *readPages() {
        yield await Promise.resolve({ status: 200, headers: {}, body });
      },
    };
    const refused = read(services);
    await expect(refused).rejects.toMatchObject({
      code: 'platform-answer',
      facts: { at: 'members', reason: 'unreadable' },
    });
    await expect(refused).rejects.not.toHaveProperty('cause');
  });
});
