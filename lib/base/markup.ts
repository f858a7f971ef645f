/** A piece of HTML whose text is escaped already. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

type Part = Html | string | number | null | undefined | false | readonly Part[];

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function toMarkup(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.markup;
  if (typeof part === 'object') return part.map(toMarkup).join('');
  return String(part).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/** Each template without its indentation, which a phone would load for nothing. */
const slim = new WeakMap<TemplateStringsArray, string[]>();

/** html`<p>${text}</p>`: text is escaped (attributes need quotes), Html passes, false and undefined vanish. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  let raw = slim.get(strings);
  if (raw === undefined) {
    raw = strings.map((text) => text.replace(/\n\s*/g, '\n'));
    slim.set(strings, raw);
  }
  return new Html(String.raw({ raw }, ...parts.map(toMarkup)));
}
