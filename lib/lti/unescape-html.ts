const characters: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#039': "'",
};

/**
 * Undoes what escaping for HTML does to a text, once. A text that cannot have been escaped, because a character
 * stands in it that escaping would have replaced, stays as it is.
 */
export function unescapeHtml(text: string): string {
  if (/[<>"]|&(?!(?:amp|lt|gt|quot|apos|#0?39);)/.test(text)) return text;
  return text.replace(/&([a-z]+|#0?39);/g, (entity, name: string) => characters[name] ?? entity);
}
