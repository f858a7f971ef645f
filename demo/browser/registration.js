/* global window, document */
// A tool that has registered itself says so with the closing message. Only the frame is believed: whatever
// else can reach this window may not end the registration.
const frame = document.querySelector('[data-registration]');

function subjectOf(data) {
  if (data !== null && typeof data === 'object') return data.subject;
  try {
    return JSON.parse(data)?.subject;
  } catch {
    return undefined;
  }
}

window.addEventListener('message', (event) => {
  if (event.source !== frame.contentWindow) return;
  if (subjectOf(event.data) === 'org.imsglobal.lti.close') window.location.assign(frame.dataset.next);
});
