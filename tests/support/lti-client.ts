/** Both doors of a launch, as a browser goes through them by HTTP, with the cookies that it would keep. */

/** Longer than this nobody waits at either door, whatever is wrong. */
const mostWaitMs = 2_000;

const ownPage = { 'sec-fetch-dest': 'document', 'sec-fetch-site': 'cross-site', 'accept-language': 'en' };

export interface Answered {
  status: number;
  location: string | null;
  cookies: string[];
  text: string;
}

/** A list says a name twice. */
export type Fields = Record<string, string> | [string, string][];

export async function post(
  url: string,
  fields: Fields,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
    headers: { accept: 'text/html', ...ownPage, ...headers },
    signal: AbortSignal.timeout(mostWaitMs),
  });
  return read(answer);
}

export async function get(url: string, headers: Record<string, string> = {}): Promise<Answered> {
  return read(
    await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', ...ownPage, ...headers },
      signal: AbortSignal.timeout(mostWaitMs),
    }),
  );
}

async function read(answer: Response): Promise<Answered> {
  return {
    status: answer.status,
    location: answer.headers.get('location'),
    cookies: answer.headers.getSetCookie(),
    text: await answer.text(),
  };
}

/** The cookies of an answer, as the next request sends them. */
export function cookieHeader(cookies: readonly string[]): string {
  return cookies.map((cookie) => cookie.split(';')[0]).join('; ');
}

export const isSignedIn = ({ cookies }: Answered): boolean =>
  cookies.some((cookie) => cookie.includes('sk_login'));

export interface BegunLaunch {
  answer: Answered;
  state: string;
  nonce: string;
  cookie: string;
}

/** The first door: the platform's login request. */
export async function beginLaunch(tool: string, fields: Fields): Promise<BegunLaunch> {
  const answer = await post(`${tool}/lti/login`, fields);
  const to = URL.parse(answer.location ?? '');
  return {
    answer,
    state: to?.searchParams.get('state') ?? '',
    nonce: to?.searchParams.get('nonce') ?? '',
    cookie: cookieHeader(answer.cookies),
  };
}
