import { describe, expect, test } from 'vitest';
import {
  canvasAddresses,
  decideDeployment,
  decideRegistration,
  frameSourcesOf,
  frameSourcesOfTenants,
} from './rules.ts';

const ofMoodle = {
  issuer: 'https://moodle.example',
  authorizeUrl: 'https://moodle.example/mod/lti/auth.php',
  registrationUrl: 'https://moodle.example/mod/lti/openid-registration.php',
  jwksUrl: 'https://moodle.example/mod/lti/certs.php',
  tokenUrl: 'https://moodle.example/mod/lti/token.php',
  authorizationServer: undefined as string | undefined,
};
const ofCanvas = {
  issuer: 'https://canvas.instructure.com',
  authorizeUrl: 'https://sso.canvaslms.com/api/lti/authorize_redirect',
  // On the school's own host, which nobody can know before.
  registrationUrl: 'https://lms.school.example/api/lti/registrations',
  jwksUrl: 'https://sso.canvaslms.com/api/lti/security/jwks',
  tokenUrl: 'https://sso.canvaslms.com/login/oauth2/token',
  authorizationServer: 'canvas.instructure.com' as string | undefined,
};
const moodleConfiguration = 'https://moodle.example/mod/lti/openid-configuration.php';
const canvasConfiguration = 'https://sso.canvaslms.com/api/lti/security/openid-configuration';

describe('the configuration of a platform that registers itself', () => {
  test.each([
    ['a platform on one host', ofMoodle, moodleConfiguration],
    [
      'that names its own token endpoint as audience',
      { ...ofMoodle, authorizationServer: ofMoodle.tokenUrl },
      moodleConfiguration,
    ],
    [
      'that names its bare host as audience',
      { ...ofMoodle, authorizationServer: 'moodle.example:4443' },
      moodleConfiguration,
    ],
    ['hosted Canvas', ofCanvas, canvasConfiguration],
    [
      'hosted Canvas, by the school’s name',
      ofCanvas,
      'https://school.instructure.com/api/lti/security/openid-configuration',
    ],
  ])('is believed: %s', (_what, platform, configurationUrl) => {
    expect(decideRegistration(platform, { configurationUrl, allowPrivateHosts: [] })).toMatchObject({
      ok: true,
      addresses: { jwksUrl: platform.jwksUrl, tokenUrl: platform.tokenUrl },
    });
  });

  test('takes an audience that is an address, and no bare host', () => {
    const audienceOf = (authorizationServer: string) => {
      const decision = decideRegistration(
        { ...ofMoodle, authorizationServer },
        { configurationUrl: moodleConfiguration, allowPrivateHosts: [] },
      );
      return decision.ok ? decision.addresses.tokenAudience : decision.reason;
    };
    expect(audienceOf(ofMoodle.tokenUrl)).toBe(ofMoodle.tokenUrl);
    expect(audienceOf('moodle.example')).toBeUndefined();
    expect(audienceOf('https://sso.canvaslms.com/login/oauth2/token')).toBe('endpoint elsewhere');
  });

  test.each([
    [
      'another host’s issuer',
      { ...ofMoodle, issuer: 'https://other.example' },
      moodleConfiguration,
      'issuer elsewhere',
    ],
    [
      'another port’s issuer',
      { ...ofMoodle, issuer: 'https://moodle.example:8443' },
      moodleConfiguration,
      'issuer elsewhere',
    ],
    ['hosted Canvas’ issuer, from elsewhere', ofCanvas, 'https://evil.example/c', 'issuer elsewhere'],
    [
      'hosted Canvas’ issuer, from a host that ends alike',
      ofCanvas,
      'https://evilinstructure.com/c',
      'issuer elsewhere',
    ],
    [
      'keys elsewhere',
      { ...ofMoodle, jwksUrl: 'https://evil.example/k' },
      moodleConfiguration,
      'endpoint elsewhere',
    ],
    [
      'tokens elsewhere',
      { ...ofMoodle, tokenUrl: ofCanvas.tokenUrl },
      moodleConfiguration,
      'endpoint elsewhere',
    ],
    [
      'hosted Canvas’ keys elsewhere',
      { ...ofCanvas, jwksUrl: 'https://evil.example/k' },
      canvasConfiguration,
      'endpoint elsewhere',
    ],
    [
      'plain http',
      { ...ofMoodle, tokenUrl: 'http://moodle.example/t' },
      moodleConfiguration,
      'insecure address',
    ],
    [
      'a user name in an address',
      { ...ofMoodle, jwksUrl: 'https://a@moodle.example/k' },
      moodleConfiguration,
      'insecure address',
    ],
  ])('is not believed: %s', (_what, platform, configurationUrl, reason) => {
    expect(decideRegistration(platform, { configurationUrl, allowPrivateHosts: [] })).toEqual({
      ok: false,
      reason,
    });
  });

  test('may be plain http where the operator has listed the host', () => {
    const plain = Object.fromEntries(
      Object.entries(ofMoodle).map(([name, url]) => [
        name,
        url?.replace('https://moodle.example', 'http://lms.intranet'),
      ]),
    ) as typeof ofMoodle;
    const configurationUrl = 'http://lms.intranet/c';
    expect(decideRegistration(plain, { configurationUrl, allowPrivateHosts: ['lms.intranet:80'] }).ok).toBe(
      true,
    );
    expect(decideRegistration(plain, { configurationUrl, allowPrivateHosts: ['lms.intranet:8080'] }).ok).toBe(
      false,
    );
  });
});

describe('an unknown deployment', () => {
  test.each([
    ['never', { approved: 0, pending: 0 }, 'wait'],
    ['first', { approved: 0, pending: 3 }, 'approve'],
    ['first', { approved: 1, pending: 0 }, 'wait'],
    ['always', { approved: 9, pending: 50 }, 'approve'],
    ['never', { approved: 0, pending: 50 }, 'refuse'],
    ['first', { approved: 1, pending: 50 }, 'refuse'],
  ] as const)('by the setting %s, with %j: %s', (approval, counted, decision) => {
    expect(decideDeployment(approval, counted)).toBe(decision);
  });
});

describe('the pages that may frame the tool', () => {
  test('are those of the platform: the school’s too, where the platform is hosted', () => {
    const { authorizeUrl } = canvasAddresses('https://canvas.instructure.com');
    const hosted = { issuer: 'https://canvas.instructure.com', authorizeUrl };
    expect(
      frameSourcesOf([
        { ...hosted, frameHosts: null },
        { ...hosted, frameHosts: ['lms.school.example', 'other.example:8443'] },
        { ...hosted, frameHosts: ["x; script-src 'unsafe-inline'"] },
      ]),
    ).toEqual([
      'https://canvas.instructure.com',
      'https://sso.canvaslms.com',
      'https://*.instructure.com',
      'https://lms.school.example',
      'https://other.example:8443',
    ]);
  });

  test('of a tenant on hosted Canvas are the school’s own alone, as soon as a launch has named them', () => {
    const { authorizeUrl } = canvasAddresses('https://canvas.instructure.com');
    const hosted = { issuer: 'https://canvas.instructure.com', authorizeUrl };
    const moodle = {
      issuer: 'https://moodle.example',
      authorizeUrl: 'https://moodle.example/mod/lti/auth.php',
    };
    expect(
      frameSourcesOfTenants([
        { ...hosted, frameHosts: ['one.instructure.com', 'lms.one.example'] },
        { ...moodle, frameHosts: ['learn.example'] },
      ]),
    ).toEqual([
      'https://one.instructure.com',
      'https://lms.one.example',
      'https://moodle.example',
      'https://learn.example',
    ]);
    for (const frameHosts of [[], ["x; script-src 'unsafe-inline'"]]) {
      expect(frameSourcesOfTenants([{ ...hosted, frameHosts }])).toContain('https://*.instructure.com');
    }
    expect(frameSourcesOfTenants([])).toEqual([]);
  });
});
