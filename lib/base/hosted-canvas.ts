/** The issuers of Canvas as Instructure hosts it: every institution of an environment shares its one. */
export const hostedCanvasIssuers = {
  canvas: 'https://canvas.instructure.com',
  'canvas-beta': 'https://canvas.beta.instructure.com',
  'canvas-test': 'https://canvas.test.instructure.com',
} as const;

/** Whether this is the address of one institution (or of the sign-in) of hosted Canvas, and so nobody's issuer. */
export function isInstanceOfHostedCanvas(issuer: string): boolean {
  const host = URL.parse(issuer)?.hostname ?? '';
  const isHosted = host.endsWith('.instructure.com') || host.endsWith('.canvaslms.com');
  const bare = issuer.replace(/\/+$/, '');
  return isHosted && !Object.values(hostedCanvasIssuers).some((known) => known === bare);
}

/** The issuer that an institution of hosted Canvas has, by its own address: beta and test are environments of their own. */
export function hostedIssuerOf(instance: string): string {
  const host = URL.parse(instance)?.hostname ?? '';
  if (host.includes('.beta.')) return hostedCanvasIssuers['canvas-beta'];
  if (host.includes('.test.')) return hostedCanvasIssuers['canvas-test'];
  return hostedCanvasIssuers.canvas;
}
