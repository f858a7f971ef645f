/* global document */
// The tool is done: from its frame, or from a tab of its own, on to the page that the link names.
document.querySelector('[data-leave-frame] a').click();
