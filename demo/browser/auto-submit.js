/* global document */
// Sends the forms that a person would only press "Continue" on. Deferred, so the frame they aim at is there.
for (const form of document.querySelectorAll('form[data-auto-submit]')) form.submit();
