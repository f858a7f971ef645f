'use client';

import { useState } from 'react';

/**
 * Where the component library looks for the nonce of its few style elements. The document's own nonce stays:
 * later answers bring nonces that this document's policy does not know.
 */
export function StyleNonce({ nonce }: { nonce: string | undefined }) {
  const [documentNonce] = useState(nonce);
  // The browser hides the attribute from the server's text, so that it differs when React compares.
  return <meta property="csp-nonce" nonce={documentNonce} suppressHydrationWarning />;
}
