import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import type { OutsideAnswer } from '../base/outside-fetch.ts';
import { claimNames } from './claim-names.ts';
import { readCustom } from './claims.ts';
import { identifier } from './identifier.ts';
import { looseText } from './loose-text.ts';
import type { ServiceCaller, ServiceClient } from './service-client.ts';
import { unescapeHtml } from './unescape-html.ts';

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
  /** The link for which custom fields are wanted with each member. */
  resourceLinkId: string | undefined;
  /** Moodle escapes names for HTML here, and not in its launches; Canvas sends them as they are. */
  hasPlainNames: boolean;
}

/**
 * Reads a course's members page by page (LTI NRPS 2.0 § 2). Only active members are given; Canvas lists no others.
 * A resource link that the platform no longer knows costs the custom fields, not the list.
 *
 * @throws AppError `platform-answer` (with the status), `platform-unreachable`, `address-refused`: then the
 *   pages so far are a part, not the whole
 */
export async function* readMembers(
  services: ServiceClient,
  caller: ServiceCaller,
  request: NamesAndRolesRequest,
): AsyncGenerator<ListedMember[]> {
  const { resourceLinkId } = request;
  const read = (page: OutsideAnswer) => parsePage(page.body, request);
  if (resourceLinkId !== undefined) {
    let hasBegun = false;
    try {
      for await (const page of pagesOf(services, caller, request.url, resourceLinkId)) {
        hasBegun = true;
        yield read(page);
      }
      return;
    } catch (error) {
      if (hasBegun || !refusesLink(error)) throw error;
    }
  }
  for await (const page of pagesOf(services, caller, request.url)) yield read(page);
}

function pagesOf(
  services: ServiceClient,
  caller: ServiceCaller,
  url: string,
  resourceLinkId?: string,
): AsyncGenerator<OutsideAnswer> {
  const first = new URL(url);
  if (resourceLinkId !== undefined) first.searchParams.set('rlid', resourceLinkId);
  return services.readPages(caller, {
    url: first.href,
    scopes: [namesAndRolesScope],
    at: 'members',
    accept: containerType,
    maxBytes: 8_388_608,
  });
}

/** Canvas answers 400 for a link that is not its own or is gone, Moodle 404. */
function refusesLink(error: unknown): boolean {
  return (
    error instanceof AppError &&
    error.facts.at === 'members' &&
    (error.facts.status === 400 || error.facts.status === 404)
  );
}

function parsePage(body: string, { hasPlainNames }: NamesAndRolesRequest): ListedMember[] {
  let page: z.output<typeof container>;
  try {
    page = container.parse(JSON.parse(body));
  } catch {
    // Without its cause: that quotes the list.
    throw new AppError('platform-answer', { at: 'members', reason: 'unreadable' });
  }
  const plain = (name: string | undefined) =>
    name === undefined || hasPlainNames ? name : unescapeHtml(name);
  return page.members
    .filter((member) => (member.status ?? 'active').toLowerCase() === 'active')
    .map((member) => {
      const message = member.message?.find((entry) => claimNames.custom in entry);
      const custom = z.record(z.string(), z.unknown()).safeParse(message?.[claimNames.custom]);
      return {
        sub: member.user_id,
        roles: member.roles,
        name: plain(member.name),
        givenName: plain(member.given_name),
        familyName: plain(member.family_name),
        email: member.email,
        sourcedId: member.lis_person_sourcedid,
        custom: custom.success ? readCustom(custom.data) : undefined,
      };
    });
}
