const ags = 'https://purl.imsglobal.org/spec/lti-ags/scope';

export const nrpsScope = 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly';
export const lineItemScope = `${ags}/lineitem`;
export const lineItemReadScope = `${ags}/lineitem.readonly`;
export const resultScope = `${ags}/result.readonly`;
export const scoreScope = `${ags}/score`;
export const agsScopes = [lineItemScope, lineItemReadScope, resultScope, scoreScope] as const;

/** Every scope that a developer key can have here. */
export const allScopes: readonly string[] = [nrpsScope, ...agsScopes];
