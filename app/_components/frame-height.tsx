'use client';

import { useEffect } from 'react';

/**
 * Tells the learning platform how high the page is, so that its frame needs no scroll bar of its own
 * (LTI postMessage `lti.frameResize`, as Canvas and others understand it).
 */
export function FrameHeight() {
  useEffect(() => {
    if (window.parent === window) return;
    let told = 0;
    const tell = () => {
      // The body, not the document: a document is never lower than its frame, so it could only grow.
      const height = Math.ceil(document.body.getBoundingClientRect().height);
      if (height === told || height === 0) return;
      told = height;
      // A height is no secret, and which origin frames us is for `frame-ancestors` to decide.
      window.parent.postMessage({ subject: 'lti.frameResize', height }, '*');
    };
    const observer = new ResizeObserver(tell);
    observer.observe(document.body);
    tell();
    return () => {
      observer.disconnect();
    };
  }, []);
  return null;
}
