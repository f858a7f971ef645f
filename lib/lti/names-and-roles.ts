import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { claimNames } from './claim-names.ts';
import { readCustom } from './claims.ts';
import { identifier } from './identifier.ts';
import { looseText } from './loose-text.ts';
import type { ServiceCaller, ServiceClient } from './service-client.ts';

export const namesAndRolesScope = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
const containerType = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

const container = z.object({
  members: z
    .array(
      z.object({
        user_id: identifier,
        roles: z.array(z.string()),
        status: looseText,
        name: looseText,
        given_name: looseText,
        family_name: looseText,
        email: looseText,
        lis_person_sourcedid: looseText,
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
}

/**
 * Reads a course's members page by page (LTI NRPS 2.0 § 2). Only active members are given; Canvas lists no others.
 *
 * @throws AppError `platform-answer` (with the status), `platform-unreachable`, `address-refused`: then the
 *   pages so far are a part, not the whole
 */
export async function* readMembers(
  services: ServiceClient,
  caller: ServiceCaller,
  request: NamesAndRolesRequest,
): AsyncGenerator<ListedMember[]> {
  const first = new URL(request.url);
  if (request.resourceLinkId !== undefined) first.searchParams.set('rlid', request.resourceLinkId);
  const pages = services.readPages(caller, {
    url: first.href,
    scopes: [namesAndRolesScope],
    at: 'members',
    accept: containerType,
    maxBytes: 8_388_608,
  });
  for await (const page of pages) yield parsePage(page.body);
}

function parsePage(body: string): ListedMember[] {
  let page: z.output<typeof container>;
  try {
    page = container.parse(JSON.parse(body));
  } catch {
    // Without its cause: that quotes the list.
    throw new AppError('platform-answer', { at: 'members', reason: 'unreadable' });
  }
  return page.members
    .filter((member) => (member.status ?? 'active').toLowerCase() === 'active')
    .map((member) => {
      const message = member.message?.find((entry) => claimNames.custom in entry);
      const custom = z.record(z.string(), z.unknown()).safeParse(message?.[claimNames.custom]);
      return {
        sub: member.user_id,
        roles: member.roles,
        name: member.name,
        givenName: member.given_name,
        familyName: member.family_name,
        email: member.email,
        sourcedId: member.lis_person_sourcedid,
        custom: custom.success ? readCustom(custom.data) : undefined,
      };
    });
}
