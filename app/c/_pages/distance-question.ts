import type { CoursePolicy } from '#lib/base/course-policy.ts';
import { html } from '#lib/http/html.ts';
import type { Html } from '#lib/http/html.ts';
import type { Voice } from '#lib/http/request-context.ts';

/**
 * Asks for the position once the tick is set, and sends it with the form. Who takes the tick away, says no to the
 * browser, or has a phone that does not answer, sends the form without it. Without script the question stays hidden.
 */
const positionScript = `
const part = document.querySelector('[data-where]');
const form = part.closest('form');
const tick = part.querySelector('[type=checkbox]');
const told = part.querySelector('[role=status]');
const field = form.elements.position;
let looking;
const locate = () => new Promise((resolve) => {
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => resolve([coords.latitude.toFixed(6), coords.longitude.toFixed(6), Math.ceil(coords.accuracy)].join(' ')),
    () => resolve(''),
    { enableHighAccuracy: true, timeout: 8000, maximumAge: 60000 },
  );
});
tick.onchange = () => {
  looking = undefined;
  field.value = '';
  told.textContent = tick.checked ? part.dataset.looking : '';
  if (!tick.checked) return;
  const mine = locate().then((position) => {
    if (looking !== mine) return;
    looking = undefined;
    field.value = position;
    told.textContent = position === '' ? part.dataset.failed : part.dataset.found;
  });
  looking = mine;
};
form.onsubmit = (event) => {
  if (looking === undefined) return;
  event.preventDefault();
  const patience = new Promise((resolve) => setTimeout(resolve, 10000));
  Promise.race([looking, patience]).then(() => form.submit());
};
part.hidden = !('geolocation' in navigator);
`;

/** Where the course has a place: whether the student wants to say how far from it they are. Else nothing. */
export function distanceQuestion(
  { roomPosition }: Pick<CoursePolicy, 'roomPosition'>,
  { t }: Pick<Voice, 't'>,
): { question: Html | undefined; positionScript: string | undefined } {
  if (roomPosition === null) return { question: undefined, positionScript: undefined };
  const question = html`<div
    hidden
    data-where
    data-looking="${t('phone.where.looking')}"
    data-found="${t('phone.where.found')}"
    data-failed="${t('phone.where.failed')}"
  >
    <input type="hidden" name="position" />
    <label class="tick"><input type="checkbox" autocomplete="off" />${t('phone.where.ask')}</label>
    <p role="status"></p>
    <details>
      <summary>${t('phone.where.why')}</summary>
      <p>${t('phone.where.because')}</p>
    </details>
  </div>`;
  return { question, positionScript };
}
