const claim = 'https://purl.imsglobal.org/spec/lti/claim';

/** The claims of a launch that we read or write, by their full names (LTI 1.3 Core § 5.3 and § 5.4). */
export const claimNames = {
  messageType: `${claim}/message_type`,
  version: `${claim}/version`,
  deploymentId: `${claim}/deployment_id`,
  targetLinkUri: `${claim}/target_link_uri`,
  roles: `${claim}/roles`,
  context: `${claim}/context`,
  resourceLink: `${claim}/resource_link`,
  custom: `${claim}/custom`,
  launchPresentation: `${claim}/launch_presentation`,
  toolPlatform: `${claim}/tool_platform`,
  namesAndRoles: 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice',
  deepLinkingSettings: 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings',
  /** Canvas: where in its pages the link stands. */
  placement: 'https://www.instructure.com/placement',
} as const;
