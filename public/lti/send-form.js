// Sends the page's one form, which a person would only press "Continue" on.
document.querySelector('form').submit();
