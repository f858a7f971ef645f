/** Text that comes from elsewhere, without the one character that the database cannot keep; nobody reads it. */
export function withoutNul(text: string): string {
  return text.replaceAll('\0', '');
}
