export const problemsEn = {
  'problem.request-id': 'Number of this event, if you ask for help:',
  'problem.retry': 'Try again',

  'errors.not-signed-in.title': 'You are not signed in here',
  'errors.not-signed-in.todo':
    'Open Attendance again from your course. A sign-in lasts 12 hours, and every browser has its own. If this comes back at once, allow cookies for this page.',
  'errors.not-for-assistants.title': 'In this course only teachers may do that',
  'errors.not-for-assistants.todo':
    'Nothing was changed. A teacher of the course can allow it to assistants under Settings.',
  'errors.other-person.title': 'Somebody else has signed in here since',
  'errors.other-person.todo':
    'Nothing was entered in their name. Open Attendance again from your course, as yourself, to go on.',
  'errors.no-access.title': 'This page is not yours to open',
  'errors.no-access.todo':
    'It belongs to another course or to its teachers. Open Attendance from your own course.',
  'errors.not-found.title': 'There is nothing at this address',
  'errors.not-found.todo': 'It may have been deleted. Go back to your course and open Attendance from there.',
  'errors.invalid-input.title': 'Something in this form does not fit',
  'errors.invalid-input.todo': 'Nothing was changed. Go back, look at the fields, and send it again.',
  'errors.conflict.title': 'Somebody else was faster',
  'errors.conflict.todo':
    'Nothing of yours was overwritten. Load the page again to see what stands there now.',
  'errors.wrong-origin.title': 'This did not come from our own page',
  'errors.wrong-origin.todo':
    'For safety nothing was changed. Open Attendance from your course and try again there.',
  'errors.too-many-attempts.title': 'Too many attempts',
  'errors.too-many-attempts.todo': 'Wait ten minutes, then try again, or ask your teacher to check you in.',
  'errors.body-too-large.title': 'That was too much at once',
  'errors.body-too-large.todo': 'Nothing was changed. Try again with less.',
  'errors.handover-invalid.title': 'This window was opened too late',
  'errors.handover-invalid.todo': 'Close it and press the button in your course once more.',
  'errors.meeting-over.title': 'This meeting is over',
  'errors.meeting-over.todo':
    'Codes would no longer count. Lengthen the meeting, or mark in the register who was there.',
  'errors.unavailable.title': 'Just a moment, please',
  'errors.unavailable.todo':
    'The service is busy. Nothing that was confirmed is lost. Try again in a few seconds.',
  'errors.files-unavailable.title': 'Documents cannot be reached at the moment',
  'errors.files-unavailable.todo':
    'Nothing that was handed in is lost. Everything else works. Try again in a few minutes.',
  'errors.internal.title': 'Something went wrong on our side',
  'errors.internal.todo':
    'What was confirmed before is safe. Try again; if it stays, tell your administrator the number below.',

  'errors.login-incomplete.title': 'This sign-in is incomplete',
  'errors.login-incomplete.todo':
    'Open Attendance from your course, not from a saved address. If you did, your administrator should check the login address of this tool.',
  'errors.platform-unknown.title': 'This learning platform is not registered',
  'errors.platform-unknown.todo':
    'Your administrator can add it: the issuer and the client id of the platform must be registered with this tool.',
  'errors.platform-disabled.title': 'This learning platform is switched off',
  'errors.platform-disabled.todo': 'Ask your administrator, who can switch it on again.',
  'errors.launch-incomplete.title': 'The learning platform sent an incomplete answer',
  'errors.launch-incomplete.todo': 'Open Attendance again from your course.',
  'errors.platform-refused.title': 'The learning platform did not sign you in',
  'errors.platform-refused.todo':
    'You may have been signed out there, or waited too long. Open your course again and choose Attendance.',
  'errors.state-unknown.title': 'This page is too old',
  'errors.state-unknown.todo': 'Open Attendance again from your course.',
  'errors.state-other-browser.title': 'Your browser did not keep our cookie',
  'errors.state-other-browser.todo':
    'For safety we stopped here. Open Attendance again from your course; if this comes back, allow cookies for this page or use another browser.',
  'errors.token-malformed.title': 'The sign-in could not be read',
  'errors.token-malformed.todo':
    'Open Attendance again from your course. If this comes back, tell your administrator the number below.',
  'errors.token-signature.title': 'The sign-in has no valid signature',
  'errors.token-signature.todo':
    'For safety we stopped here. Open Attendance from your course; if this comes back, tell your administrator.',
  'errors.token-key-unknown.title': 'The sign-in was signed with an unknown key',
  'errors.token-key-unknown.todo':
    'Try again in a minute. If this comes back, your administrator should check the key address (JWKS) of the platform.',
  'errors.platform-keys-unavailable.title': 'The learning platform does not answer',
  'errors.platform-keys-unavailable.todo':
    'We could not check the sign-in. Try again in a minute; if this comes back, tell your administrator.',
  'errors.token-issuer.title': 'The sign-in comes from another platform than it says',
  'errors.token-issuer.todo':
    'For safety we stopped here. Your administrator should compare the issuer with the one registered here, letter by letter.',
  'errors.token-audience.title': 'The sign-in was meant for another tool',
  'errors.token-audience.todo': 'Your administrator should check the client id of this tool.',
  'errors.token-expired.title': 'The sign-in has expired',
  'errors.token-expired.todo': 'Open Attendance again from your course.',
  'errors.token-not-yet-valid.title': 'The sign-in comes from the future',
  'errors.token-not-yet-valid.todo':
    'The clocks of the platform and of this tool differ. Your administrator should check both.',
  'errors.nonce-mismatch.title': 'This sign-in does not belong to this attempt',
  'errors.nonce-mismatch.todo': 'Open Attendance again from your course.',
  'errors.launch-replayed.title': 'This sign-in was used already',
  'errors.launch-replayed.todo': 'That happens after Back or Reload. Open Attendance again from your course.',
  'errors.claim-missing.title': 'The learning platform left something out',
  'errors.claim-missing.todo':
    'Your administrator should check the settings of this tool in the platform; the log names the missing part.',
  'errors.version-unsupported.title': 'This version of LTI is not supported',
  'errors.version-unsupported.todo': 'Your administrator should install this tool as an LTI 1.3 tool.',
  'errors.message-unsupported.title': 'Attendance has no page for this',
  'errors.message-unsupported.todo':
    'Open Attendance from the navigation of your course, or place a link to it among the course contents.',
  'errors.deployment-pending.title': 'This installation waits for approval',
  'errors.deployment-pending.todo':
    'Whoever runs Attendance has to approve it first. Give your administrator the number below to pass on; then open Attendance again.',
  'errors.target-foreign.title': 'This link leads elsewhere',
  'errors.target-foreign.todo':
    'For safety we stopped here. Your administrator should check the target address of this tool.',
  'errors.launch-anonymous.title': 'Attendance needs to know who you are',
  'errors.launch-anonymous.todo': 'Sign in to your learning platform, then open the course again.',
  'errors.launch-without-course.title': 'Open Attendance from a course',
  'errors.launch-without-course.todo':
    'This link does not belong to a course. Choose Attendance in the navigation of one of your courses.',
  'errors.launch-without-role.title': 'You have no role in this course',
  'errors.launch-without-role.todo':
    'Attendance is for the people of a course. If you belong to it, ask its teacher to enrol you.',
  'errors.launch-masquerading.title': 'You are acting as somebody else',
  'errors.launch-masquerading.todo': 'Nobody can be checked in that way. Stop acting as this person first.',
  'errors.link-request-expired.title': 'This choice took too long',
  'errors.link-request-expired.todo':
    'No link was placed. Go back to your course and add the link once more.',
  'errors.registration-incomplete.title': 'Open this address from your learning platform',
  'errors.registration-incomplete.todo':
    'It is for an administrator to enter as a registration address: the platform adds what is needed.',
  'errors.invite-invalid.title': 'This registration link is not valid any more',
  'errors.invite-invalid.todo':
    'Each link serves one platform, for some days. Ask whoever runs Attendance for a new one.',
  'errors.registration-untrusted.title': 'These settings cannot be trusted',
  'errors.registration-untrusted.todo':
    'The platform names addresses on other hosts than its own, or insecure ones. Nothing was registered and your link is still good. Whoever runs Attendance can register the platform by hand.',
  'errors.registration-refused.title': 'The learning platform refused the registration',
  'errors.registration-refused.todo':
    'Nothing was registered and your link is still good. Begin again in your platform; its own permission may have expired.',
  'errors.platform-known.title': 'This platform is registered already',
  'errors.platform-known.todo':
    'Nothing was changed. If it was to replace the earlier registration, ask whoever runs Attendance.',
  'errors.address-refused.title': 'An address of the platform is not allowed',
  'errors.address-refused.todo': 'Your administrator should check the addresses registered for the platform.',
  'errors.platform-unreachable.title': 'The learning platform does not answer',
  'errors.platform-unreachable.todo': 'Try again in a minute; if this comes back, tell your administrator.',
  'errors.platform-answer.title': 'The learning platform gave an unexpected answer',
  'errors.platform-answer.todo': 'Try again in a minute; if this comes back, tell your administrator.',
} as const;
