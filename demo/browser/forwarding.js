/* global window */
// The hidden frame "post_message_forwarding": a tool speaks to the origin of the authorisation endpoint,
// which on hosted Canvas is another host than the page. It passes each message on to the page, and each
// answer back to the frame that asked. Here both have one origin; the tool cannot tell.
window.addEventListener('message', (event) => {
  if (event.data === null || typeof event.data !== 'object' || window.parent === window) return;
  if (event.source === window.parent) {
    const { forwardTo, answer } = event.data;
    if (event.origin !== window.location.origin || forwardTo === undefined) return;
    window.parent.frames[forwardTo.index]?.postMessage(answer, forwardTo.origin);
    return;
  }
  for (let index = 0; index < window.parent.frames.length; index += 1) {
    if (window.parent.frames[index] !== event.source) continue;
    const forwarded = { forwarded: event.data, from: { index, origin: event.origin } };
    window.parent.postMessage(forwarded, window.location.origin);
  }
});
