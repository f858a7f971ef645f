/**
 * Text that comes from elsewhere, as the database can keep it: without NUL, which nobody reads, and with a sign in the
 * place of half a character, such as is left where a program has cut an emoji in two.
 */
export function storableText(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
