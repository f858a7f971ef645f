/* global window, document */
// The camera of the pretended phone: what it "sees" is opened in the phone's screen.
const form = document.querySelector('[data-camera]');
const field = form.elements.namedItem('seen');
const problem = form.querySelector('#seen-problem');

/** Codes read aloud and typed come with spaces and dashes; longer texts are the code of a QR, kept as it is. */
const longestTypedCode = 12;

function addressOf(text) {
  const tool = new URL(form.dataset.tool);
  if (/^https?:/i.test(text) || text.includes('/')) {
    const url = URL.parse(/^https?:/i.test(text) ? text : `${tool.protocol}//${text.replace(/^\/+/, '')}`);
    return url?.origin === tool.origin && url.username === '' ? url.href : undefined;
  }
  const code = text.replace(/[\s\u2010-\u2015-]/g, '');
  if (!/^[\w~.]+$/.test(code)) return undefined;
  return `${tool.origin}/c/${code.length <= longestTypedCode ? code.toUpperCase() : text}`;
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const text = field.value.trim();
  const address = text === '' ? undefined : addressOf(text);
  problem.textContent =
    text === '' ? problem.dataset.empty : address === undefined ? problem.dataset.wrong : '';
  field.toggleAttribute('aria-invalid', address === undefined);
  if (address === undefined) {
    field.focus();
    return;
  }
  window.open(address, 'phone_screen');
});
