/**
 * Every way in which a request can be refused, with the HTTP status that a door answers.
 * The sentence a person reads is `errors.<code>` in lib/i18n; the code alone goes to the log.
 */
export const httpStatusByCode = {
  'not-signed-in': 401,
  'no-access': 403,
  'not-for-assistants': 403,
  'other-person': 403,
  'not-found': 404,
  'invalid-input': 422,
  conflict: 409,
  'wrong-origin': 403,
  'too-many-attempts': 429,
  'body-too-large': 413,
  'handover-invalid': 403,
  'meeting-over': 409,
  unavailable: 503,
  'files-unavailable': 503,
  internal: 500,
  // The OIDC login request (LTI Security Framework § 5.1.1.1).
  'login-incomplete': 400,
  'platform-unknown': 403,
  'platform-disabled': 403,
  // The launch (LTI Security Framework § 5.1.1.5 and § 5.1.3; LTI 1.3 Core § 5.3).
  'launch-incomplete': 400,
  'platform-refused': 403,
  'state-unknown': 400,
  'state-other-browser': 403,
  'token-malformed': 400,
  'token-signature': 403,
  'token-key-unknown': 403,
  'platform-keys-unavailable': 502,
  'token-issuer': 403,
  'token-audience': 403,
  'token-expired': 403,
  'token-not-yet-valid': 403,
  'nonce-mismatch': 403,
  'launch-replayed': 409,
  'claim-missing': 400,
  'version-unsupported': 400,
  'message-unsupported': 400,
  'deployment-pending': 403,
  'target-foreign': 403,
  'launch-anonymous': 403,
  'launch-without-course': 400,
  'launch-without-role': 403,
  'launch-masquerading': 403,
  'link-request-expired': 410,
  // A platform that registers itself (LTI Dynamic Registration 1.0).
  'registration-incomplete': 400,
  'invite-invalid': 403,
  'registration-untrusted': 403,
  'registration-refused': 502,
  'platform-known': 409,
  // Outgoing requests.
  'address-refused': 502,
  'platform-unreachable': 502,
  'platform-answer': 502,
} as const;

export type ErrorCode = keyof typeof httpStatusByCode;

/**
 * Next bundles what starts with the process apart from what answers requests, so that this class exists twice in
 * one process. An error is known by this mark, whichever of the two made it.
 */
const appErrorMark = Symbol.for('sk-attendance.AppError');

/**
 * A broken promise: something that the caller may not do, or that does not hold.
 * Expected outcomes (a code that is too old, a check-in that is closed) are returned as unions instead.
 */
export class AppError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && appErrorMark in value;
  }

  readonly [appErrorMark] = true;
  readonly code: ErrorCode;
  /** Facts for the log. Never personal data, never secrets: it is written as it is. */
  readonly facts: Readonly<Record<string, string | number | boolean>>;

  constructor(
    code: ErrorCode,
    facts: Readonly<Record<string, string | number | boolean>> = {},
    options?: ErrorOptions,
  ) {
    super(code, options);
    this.name = 'AppError';
    this.code = code;
    this.facts = facts;
  }

  get status(): number {
    return httpStatusByCode[this.code];
  }
}
