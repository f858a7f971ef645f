// The button of the page that stands in a frame without cookies: it opens the tool in a tab of its own, signed
// in by a hand-over. The pass that fetches the ticket lives in this page alone.
const form = document.querySelector('form[data-pass]');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  // The tab opens within the click; after waiting for the ticket a browser would block it.
  const name = `sk-${Date.now()}`;
  const problem = document.querySelector('[data-blocked]');
  const opened = window.open('', name);
  problem.hidden = opened !== null;
  if (opened === null) return;
  try {
    const answer = await fetch('/api/handover', {
      method: 'POST',
      headers: { accept: 'application/json', authorization: `Bearer ${form.dataset.pass}` },
    });
    if (answer.ok) form.elements.ticket.value = (await answer.json()).ticket;
  } catch {
    // No network: the page that the tab gets says so.
  }
  form.target = name;
  form.submit();
});
