import { z } from 'zod';
import { AppError } from '../base/errors.ts';

/** The third-party initiated login request (LTI Security Framework § 5.1.1.1). */
const loginRequest = z.object({
  iss: z.string().min(1).max(2_000),
  login_hint: z.string().min(1).max(4_000),
  target_link_uri: z.string().min(1).max(8_000),
  client_id: z.string().min(1).max(255).optional(),
  lti_message_hint: z.string().max(16_000).optional(),
  // The specification's name, and Canvas'.
  lti_deployment_id: z.string().max(255).optional(),
  deployment_id: z.string().max(255).optional(),
  lti_storage_target: z.string().max(255).optional(),
});

export type LoginRequest = z.output<typeof loginRequest>;

/** @throws AppError `login-incomplete` with the first field that is missing or given twice. */
export function readLoginRequest(fields: Iterable<[string, string]>): LoginRequest {
  return loginRequest.parse(singleFields(fields, loginRequest, 'login-incomplete'));
}

/** Fields given twice are an attempt to be read in two ways, so they are refused. */
export function singleFields(
  fields: Iterable<[string, string]>,
  shape: z.ZodObject,
  refusal: 'login-incomplete' | 'launch-incomplete',
): Record<string, string> {
  const single: Record<string, string> = {};
  for (const [name, value] of fields) {
    if (!(name in shape.shape) || value === '') continue;
    // No text of ours holds it, and the database could not look for it.
    if (value.includes('\0')) throw new AppError(refusal, { field: name, reason: 'characters' });
    if (name in single) throw new AppError(refusal, { field: name, reason: 'twice' });
    single[name] = value;
  }
  const parsed = shape.safeParse(single);
  if (!parsed.success) {
    throw new AppError(refusal, { field: String(parsed.error.issues[0]?.path[0] ?? '') });
  }
  return single;
}

export interface AuthenticationRequest {
  authorizeUrl: string;
  clientId: string;
  redirectUri: string;
  state: string;
  nonce: string;
}

/** The address to send the browser to (LTI Security Framework § 5.1.1.2). */
export function authenticationRequestUrl(request: LoginRequest, ours: AuthenticationRequest): string {
  const url = new URL(ours.authorizeUrl);
  const fields: Record<string, string | undefined> = {
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: ours.clientId,
    redirect_uri: ours.redirectUri,
    state: ours.state,
    nonce: ours.nonce,
    login_hint: request.login_hint,
    lti_message_hint: request.lti_message_hint,
    lti_deployment_id: request.lti_deployment_id,
  };
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url.href;
}
