import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import type { OutsideFetch } from '../base/outside-fetch.ts';
import { claimNames } from './claim-names.ts';
import { readCustom } from './claims.ts';

export const namesAndRolesScope = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const containerType = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

/** More pages than any course has: a platform that links in circles must end somewhere. */
const maxPages = 2_000;

const text = z.string().nullish();
const container = z.object({
  members: z
    .array(
      z.object({
        user_id: z.union([z.string().min(1), z.number()]).transform(String),
        roles: z.array(z.string()),
        status: text,
        name: text,
        given_name: text,
        family_name: text,
        email: text,
        lis_person_sourcedid: text,
        message: z.array(z.looseObject({})).nullish().catch(undefined),
      }),
    )
    .max(10_000),
});

/** A member as the platform lists them (LTI NRPS 2.0 § 2.2). */
export interface ListedMember {
  sub: string;
  roles: string[];
  name?: string;
  givenName?: string;
  familyName?: string;
  email?: string;
  sourcedId?: string;
  /** Custom fields, when the list was asked for a resource link. Undefined: not told. */
  custom?: Record<string, string>;
}

export interface NamesAndRolesRequest {
  url: string;
  resourceLinkId: string | undefined;
  accessToken: string;
}

/**
 * Reads a course's members page by page. `Link: rel="next"` is followed as it stands, and only on the same
 * origin, so that the token cannot leak. Only active members are given; Canvas lists no others.
 *
 * @throws AppError `platform-answer` (with the status), `platform-unreachable`, `address-refused`: then the
 *   pages so far are a part, not the whole
 */
export async function* readMembers(
  request: NamesAndRolesRequest,
  fetchOutside: OutsideFetch,
): AsyncGenerator<ListedMember[]> {
  const first = new URL(request.url);
  if (request.resourceLinkId !== undefined) first.searchParams.set('rlid', request.resourceLinkId);
  let next: string | undefined = first.href;
  for (let page = 0; next !== undefined; page += 1) {
    if (page === maxPages) throw new AppError('platform-answer', { at: 'members', reason: 'too many pages' });
    const answer = await fetchOutside(next, {
      headers: { accept: containerType, authorization: `Bearer ${request.accessToken}` },
      timeoutMs: 15_000,
      maxBytes: 8_388_608,
    });
    if (answer.status !== 200)
      throw new AppError('platform-answer', { status: answer.status, at: 'members' });
    yield parsePage(answer.body);
    next = nextLink(answer.headers.link, first.origin);
  }
}

function parsePage(body: string): ListedMember[] {
  let page: z.output<typeof container>;
  try {
    page = container.parse(JSON.parse(body));
  } catch (error) {
    throw new AppError('platform-answer', { at: 'members', reason: 'unreadable' }, { cause: error });
  }
  return page.members
    .filter((member) => (member.status ?? 'active').toLowerCase() === 'active')
    .map((member) => {
      const message = member.message?.find((entry) => claimNames.custom in entry);
      const custom = z.record(z.string(), z.unknown()).safeParse(message?.[claimNames.custom]);
      return {
        sub: member.user_id,
        roles: member.roles,
        name: member.name ?? undefined,
        givenName: member.given_name ?? undefined,
        familyName: member.family_name ?? undefined,
        email: member.email ?? undefined,
        sourcedId: member.lis_person_sourcedid ?? undefined,
        custom: custom.success ? readCustom(custom.data) : undefined,
      };
    });
}

/** The `next` address of a Link header (RFC 8288), kept letter by letter. */
function nextLink(header: string | string[] | undefined, origin: string): string | undefined {
  const links = Array.isArray(header) ? header.join(',') : (header ?? '');
  const next = /<([^<>]+)>\s*;[^,<]*\brel="?next"?/i.exec(links)?.[1];
  if (next === undefined) return undefined;
  if (URL.parse(next)?.origin !== origin) {
    throw new AppError('platform-answer', { at: 'members', reason: 'next page elsewhere' });
  }
  return next;
}
