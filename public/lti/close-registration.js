// Tells the platform that the registration is over (LTI Dynamic Registration 1.0 § 3.7); it then takes our page
// away. Which page framed us is not known here, and the message holds nothing.
document.querySelector('[data-close]').addEventListener('click', () => {
  const platform = window.opener ?? window.parent;
  platform.postMessage({ subject: 'org.imsglobal.lti.close' }, '*');
  document.querySelector('[data-closed]').hidden = false;
});
